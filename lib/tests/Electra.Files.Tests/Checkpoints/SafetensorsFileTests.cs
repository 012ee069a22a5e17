using System.Buffers.Binary;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using TorchSharp;

namespace Electra.Tests;

public class SafetensorsFileTests
{
    private static readonly torch.ScalarType[] Types =
    [
        torch.float32, torch.float16, torch.bfloat16, torch.float64, torch.int64, torch.int32, torch.int16, torch.int8,
        torch.uint8, torch.@bool,
    ];

    [Theory]
    [InlineData("electra-projected", "model.safetensors")]
    [InlineData("electra-square", "model.safetensors")]
    [InlineData("electra-square", "forward.safetensors")]
    public void A_file_of_the_original_implementation_is_written_again_byte_for_byte(string folder, string name)
    {
        string golden = Reference.Golden(folder, name);
        using var temporary = new TemporaryFolder();
        using var tensors = new Tensors(SafetensorsFile.Read(golden));
        SafetensorsFile.Write(temporary.File("again"), tensors.All, SafetensorsFile.ReadHeader(golden).Metadata);
        Assert.Equal(File.ReadAllBytes(golden), File.ReadAllBytes(temporary.File("again")));
    }

    [Fact]
    public void The_header_lists_what_reading_returns()
    {
        string golden = Reference.Golden("electra-projected", "model.safetensors");
        SafetensorsHeader header = SafetensorsFile.ReadHeader(golden);
        using var tensors = new Tensors(SafetensorsFile.Read(golden));
        Assert.Equal("pt", header.Metadata["format"]);
        Assert.Equal(
            tensors.All.Select(pair => (pair.Key, pair.Value.dtype, string.Join(',', pair.Value.shape))),
            header.Entries.Select(entry => (entry.Name, entry.Type, string.Join(',', entry.Shape))));
        Assert.Equal(78_049 + 128, header.Entries.Sum(entry => entry.Shape.Aggregate(1L, (a, b) => a * b))); // parameters and position ids
    }

    [Fact]
    public void Values_are_those_of_the_bytes()
    {
        using var folder = new TemporaryFolder();
        string header =
            """{"b":{"dtype":"I64","shape":[2],"data_offsets":[0,16]},"a":{"dtype":"F32","shape":[1,2],"data_offsets":[16,24]},""" +
            """ "s":{"dtype":"BF16","shape":[],"data_offsets":[24,26]}}""";
        byte[] data = [.. BitConverter.GetBytes(-7L), .. BitConverter.GetBytes(1L << 40), .. BitConverter.GetBytes(1.5f),
            .. BitConverter.GetBytes(-2f), 0x40, 0x40];
        File.WriteAllBytes(folder.File("x"), Make(header, data));
        using var tensors = new Tensors(SafetensorsFile.Read(folder.File("x")));
        Assert.Equal([-7L, 1L << 40], tensors.All["b"].data<long>());
        Assert.Equal([1.5f, -2f], tensors.All["a"].data<float>());
        Assert.Equal([1L, 2L], tensors.All["a"].shape);
        Assert.Equal(3f, tensors.All["s"].to(torch.float32).item<float>());
        Assert.Empty(tensors.All["s"].shape);
        Assert.Empty(SafetensorsFile.ReadHeader(folder.File("x")).Metadata);
    }

    [Theory]
    [InlineData("""[]""", 0, "not a JSON object")]
    [InlineData(""" {}""", 0, "not a JSON object")]
    [InlineData("""{"a":""", 0, "not valid JSON")]
    [InlineData("""{"\ud800":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 4, "not valid JSON")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 4,
        "not valid JSON")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"shape":[1],"data_offsets":[0,4]}}""", 4, "not valid JSON")]
    [InlineData("""{"__metadata__":{"format":1}}""", 0, "__metadata__")]
    [InlineData("""{"__metadata__":[]}""", 0, "__metadata__")]
    [InlineData("""{"a":7}""", 0, "'a' has no text 'dtype'")]
    [InlineData("""{"a":{"dtype":1,"shape":[1],"data_offsets":[0,4]}}""", 4, "'a' has no text 'dtype'")]
    [InlineData("""{"a":{"dtype":"F32","shape":1,"data_offsets":[0,4]}}""", 4, "'a' has no text 'dtype'")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1.0],"data_offsets":[0,4]}}""", 4, "'a' has no text 'dtype'")]
    [InlineData("""{"a":{"dtype":"F32","shape":[99999999999999999999],"data_offsets":[0,4]}}""", 4, "'a' has no text 'dtype'")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4,4]}}""", 4, "'a' has no text 'dtype'")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1]}}""", 4, "'a' has no text 'dtype'")]
    [InlineData("""{"a":{"dtype":"F8_E4M3","shape":[4],"data_offsets":[0,4]}}""", 4, "'a' has the type 'F8_E4M3'")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}""", 4, "'a' has an impossible shape, [-1]")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4294967296,4294967297],"data_offsets":[0,4]}}""", 4, "'a' has an impossible shape")]
    [InlineData("""{"a":{"dtype":"F32","shape":[0,9223372036854775807,3],"data_offsets":[0,0]}}""", 0, "'a' has an impossible shape")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", 4, "shape [2] needs 8 bytes")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}""", 4, "'a' lies at bytes 4 to 0")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[-4,0]}}""", 4, "'a' lies at bytes -4 to 0")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 4, "only 4 bytes of data")]
    [InlineData("""{"a":{"dtype":"F32","shape":[250000000000],"data_offsets":[0,1000000000000]}}""", 4, "only 4 bytes of data")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 4,
        "'b' at bytes 0 to 4 overlaps")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}}""", 12,
        "'b' at bytes 8 to 12 leaves a gap")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 5, "end at byte 4, but the file has 5")]
    [InlineData("""{"a":{"dtype":"BOOL","shape":[1],"data_offsets":[0,1]}}""", 1, "'a' cannot be read, a truth value is neither 0 nor 1")]
    public void A_damaged_header_is_refused_with_the_place(string header, int dataBytes, string message)
    {
        using var folder = new TemporaryFolder();
        byte[] data = new byte[dataBytes];
        data.AsSpan().Fill(7);
        File.WriteAllBytes(folder.File("weights"), Make(header, data));
        var error = Assert.Throws<InputException>(() => SafetensorsFile.Read(folder.File("weights")));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Contains(folder.File("weights"), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_length_that_the_file_does_not_have_is_refused()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("weights");
        foreach (byte[] bytes in (byte[][])[[], [1, 2, 3], Length(1), Length(long.MaxValue), Length(-1),
            [.. Length(200_000_000), .. new byte[100]]])
        {
            File.WriteAllBytes(path, bytes);
            Assert.Contains(path, Assert.Throws<InputException>(() => SafetensorsFile.Read(path)).Message, StringComparison.Ordinal);
        }

        using (FileStream sparse = File.OpenWrite(path))
        {
            sparse.Write(Length(150_000_000));
            sparse.SetLength(200_000_000);
        }

        Assert.Contains("at most 100000000", Assert.Throws<InputException>(() => SafetensorsFile.Read(path)).Message,
            StringComparison.Ordinal);
        File.WriteAllBytes(path, Make("{\"\xff\":", []).Select(b => b == 0xc3 ? (byte)0xff : b).ToArray());
        Assert.Contains("UTF-8", Assert.Throws<InputException>(() => SafetensorsFile.Read(path)).Message, StringComparison.Ordinal);
        File.WriteAllText(path, "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 4\n");
        Assert.Contains("git lfs pull", Assert.Throws<InputException>(() => SafetensorsFile.Read(path)).Message, StringComparison.Ordinal);
        Assert.Contains("does not exist", Assert.Throws<InputException>(() => SafetensorsFile.Read(folder.File("absent"))).Message,
            StringComparison.Ordinal);
        Assert.Throws<InputException>(() => SafetensorsFile.Read(folder.Path));
    }

    [Property(MaxTest = 60)]
    public void Random_tensors_come_back_bit_for_bit_and_are_written_the_same_twice(int seed)
    {
        var random = new Random(seed);
        using var folder = new TemporaryFolder();
        var named = new Dictionary<string, torch.Tensor>();
        for (int i = random.Next(6); i > 0; i--)
        {
            named[$"{(char)random.Next('a', 'f')}.\"{i}\u00e9"] = RandomTensor(random);
        }

        using var tensors = new Tensors(named);
        SafetensorsFile.Write(folder.File("a"), named);
        SafetensorsFile.Write(folder.File("b"), named.Reverse());
        Assert.Equal(File.ReadAllBytes(folder.File("a")), File.ReadAllBytes(folder.File("b")));
        Assert.Equal(0, SafetensorsFile.ReadHeader(folder.File("a")).DataOffset % 8);
        using var read = new Tensors(SafetensorsFile.Read(folder.File("a")));
        Tensors.AssertEqual(named, read.All);
    }

    [Fact]
    public void Changed_files_give_tensors_or_an_input_error()
    {
        byte[] bytes = File.ReadAllBytes(Reference.Golden("electra-square", "model.safetensors"));
        for (int seed = 0; seed < 150; seed++)
        {
            Tensors.ReadOrRefuse(SafetensorsFile.Read,
                Tensors.Damage(bytes, new Random(seed), 8, 8 + (int)BinaryPrimitives.ReadInt64LittleEndian(bytes)));
        }
    }

    [Property(MaxTest = 100)]
    public void Random_bytes_give_an_input_error(byte[] bytes, bool lengthFirst) =>
        Tensors.ReadOrRefuse(SafetensorsFile.Read, lengthFirst ? [.. Length(bytes.Length), .. bytes] : bytes);

    [Fact]
    public void Where_nothing_can_be_written_there_is_one_input_error_and_no_file()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("file"), "in the way");
        using torch.Tensor tensor = torch.ones(3);
        string path = Path.Combine(folder.File("file"), "model.safetensors");
        Assert.Contains(path, Assert.Throws<InputException>(() => SafetensorsFile.Write(path, [new("a", tensor)])).Message,
            StringComparison.Ordinal);
        Assert.Equal([folder.File("file")], Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void What_cannot_be_stored_leaves_the_old_file()
    {
        using var folder = new TemporaryFolder();
        using torch.Tensor complex = torch.zeros(2, torch.complex64);
        using torch.Tensor tensor = torch.ones(2);
        File.WriteAllText(folder.File("a"), "old");
        Assert.Contains("'c'", Assert.Throws<ArgumentException>(() => SafetensorsFile.Write(folder.File("a"), [new("c", complex)])).Message,
            StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => SafetensorsFile.Write(folder.File("a"), [new("x", tensor), new("x", tensor)]));
        Assert.Throws<ArgumentException>(() => SafetensorsFile.Write(folder.File("a"), [new("__metadata__", tensor)]));
        Assert.Equal("old", File.ReadAllText(folder.File("a")));
    }

    [Fact]
    public void A_full_disk_is_one_input_error()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "/dev/full is Linux's.");
        using torch.Tensor tensor = torch.ones(1 << 16);
        using var full = new FileStream("/dev/full", FileMode.Open, FileAccess.Write, FileShare.None, bufferSize: 0);
        Assert.ThrowsAny<IOException>(() => TensorStream.Write(full, tensor)); // what AtomicFile turns into one input error
    }

    [Fact]
    public void A_tensor_of_several_blocks_comes_back()
    {
        using torch.Tensor tensor = torch.arange((1 << 26) + 7, torch.int32).remainder(251).to(torch.uint8);
        using var stream = new MemoryStream();
        TensorStream.Write(stream, tensor);
        Assert.Equal(tensor.shape[0], stream.Length);
        stream.Position = 0;
        using torch.Tensor again = TensorStream.Read(stream, ElementType.All.Single(type => type.Name == "U8"), tensor.shape);
        Assert.True(tensor.Equals(again));
    }

    private static torch.Tensor RandomTensor(Random random)
    {
        long[] shape = [.. Enumerable.Range(0, random.Next(4)).Select(_ => (long)random.Next(5))];
        long[] numbers = [.. Enumerable.Range(0, (int)shape.Aggregate(1L, (a, b) => a * b)).Select(_ => random.NextInt64())];
        torch.ScalarType type = Types[random.Next(Types.Length)];
        torch.Tensor whole = torch.tensor(numbers).view(shape);
        torch.Tensor typed = type == torch.int64 ? whole : (whole % 1000).to(type);
        return random.Next(2) == 0 || shape.Length < 2 ? typed : typed.transpose(0, 1); // also strides that are not contiguous
    }

    private static byte[] Length(long length) => BitConverter.GetBytes(length);

    private static byte[] Make(string header, byte[] data)
    {
        byte[] text = Encoding.UTF8.GetBytes(header);
        return [.. Length(text.Length), .. text, .. data];
    }
}
