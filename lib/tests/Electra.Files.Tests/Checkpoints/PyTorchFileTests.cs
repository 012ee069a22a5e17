using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using FsCheck.Xunit;
using TorchSharp;

namespace Electra.Tests;

public class PyTorchFileTests
{
    private const string Dict = "ccollections\nOrderedDict\n)R";

    [Theory]
    [InlineData("electra-projected", "pytorch_model.bin")]
    [InlineData("electra-projected", "pytorch_model.legacy.bin")]
    [InlineData("electra-square", "pytorch_model.bin")]
    [InlineData("electra-square", "pytorch_model.legacy.bin")]
    public void Both_formats_hold_the_same_bits_as_safetensors(string folder, string name)
    {
        using var expected = new Tensors(SafetensorsFile.Read(Reference.Golden(folder, "model.safetensors")));
        using var found = new Tensors(PyTorchFile.Read(Reference.Golden(folder, name)));
        Tensors.AssertEqual(expected.All, found.All);
    }

    [Fact]
    public void Views_of_a_storage_become_tensors_of_their_own()
    {
        float[] numbers = [.. Enumerable.Range(0, 6).Select(i => (float)i)];
        string dict = "}("
            + Item("transposed", View("s", 6, 0, [3, 2], [1, 3])) + Item("row", View("s", 6, 3, [3], [1])) +
            Item("whole", View("s", 6, 0, [2, 3], [3, 1]))
            + Item("again", View("s", 6, 0, [2, 3], [3, 1])) + Item("expanded", View("s", 6, 5, [2, 2], [0, 0])) +
            Item("scalar", View("s", 6, 2, [], []))
            + Item("empty", View("s", 6, 6, [0, 4], [4, 1]))
            + Item("parameter", $"ctorch._utils\n_rebuild_parameter\n({View("s", 6, 4, [2], [1])}\x88{Dict}tR") + "u";
        using var folder = new TemporaryFolder();
        using var tensors = new Tensors(PyTorchFile.Read(Zip(folder, dict, ("s", Floats(numbers)))));
        AssertValues([3, 2], [0, 3, 1, 4, 2, 5], tensors.All["transposed"]);
        AssertValues([3], [3, 4, 5], tensors.All["row"]);
        AssertValues([2, 3], numbers, tensors.All["whole"]);
        AssertValues([2, 2], [5, 5, 5, 5], tensors.All["expanded"]);
        AssertValues([], [2], tensors.All["scalar"]);
        AssertValues([0, 4], [], tensors.All["empty"]);
        AssertValues([2], [4, 5], tensors.All["parameter"]);
        tensors.All["whole"].fill_(9);
        AssertValues([2, 3], numbers, tensors.All["again"]);
    }

    [Fact]
    public void The_other_byte_order_is_turned_round()
    {
        using var folder = new TemporaryFolder();
        byte[] bytes = [.. Floats(1.5f, -2f).Chunk(4).SelectMany(four => four.Reverse())];
        string path = Zip(folder, "}" + Item("a", View("s", 2, 0, [2], [1])) + "s", ("s", bytes), ("../byteorder", "big"u8.ToArray()));
        using var tensors = new Tensors(PyTorchFile.Read(path));
        AssertValues([2], [1.5f, -2f], tensors.All["a"]);
        path = Zip(folder, "}", ("../byteorder", "middle"u8.ToArray()));
        Assert.Contains("'middle'", Assert.Throws<InputException>(() => PyTorchFile.Read(path)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cos\nsystem\n(X\u0002\0\0\0lstR", "'os.system'")]
    [InlineData("cbuiltins\neval\n)R", "'builtins.eval'")]
    [InlineData("c__builtin__\ngetattr\n)R", "'__builtin__.getattr'")]
    [InlineData("ctorch\nload\n)R", "'torch.load'")]
    [InlineData("ctorch._utils\n_rebuild_sparse_tensor\n)R", "'torch._utils._rebuild_sparse_tensor'")]
    [InlineData("ctorch\nComplexFloatStorage\n", "'torch.ComplexFloatStorage'")]
    [InlineData("ctorch.storage\n_load_from_bytes\n", "'torch.storage._load_from_bytes'")]
    [InlineData("ccollections\nOrderedDict.__init__\n", "'collections.OrderedDict.__init__'")]
    [InlineData("(ios\nsystem\n", "0x69")] // INST
    [InlineData("ccollections\nOrderedDict\n)\u0081", "0x81")] // NEWOBJ
    [InlineData("\u0082\u0001", "0x82")] // EXT1
    [InlineData("X\u0002\0\0\0osX\u0006\0\0\0system\u0093", "0x93")] // STACK_GLOBAL
    [InlineData("Pid\n", "0x50")] // PERSID
    [InlineData("(ccollections\nOrderedDict\no", "0x6f")] // OBJ
    [InlineData("\u0080\u0004", "0x80")] // protocol 4
    public void Everything_but_tensors_is_refused_by_name(string pickle, string name)
    {
        using var folder = new TemporaryFolder();
        Assert.Contains(name, Assert.Throws<InputException>(() => PyTorchFile.Read(Zip(folder, pickle))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("]q\0h\0a", "contain itself")] // a list in itself
    [InlineData("}q\0X\u0001\0\0\0ah\0s", "contain itself")] // a dict in itself
    [InlineData("]q\0]q\u0001h\0ah\0h\u0001a", "contain itself")] // two lists in each other
    [InlineData("}q\0X\u0001\0\0\0a]q\u0001h\0as", "contain itself")] // a dict in a list in that dict
    [InlineData("ccollections\nOrderedDict\n)Rq\0h\0b", "sets attributes")] // its own attributes
    [InlineData("h\u0005", "never stored")]
    [InlineData("t", "lacks the mark")]
    [InlineData("a", "more values than there are")]
    [InlineData("(a", "more values than there are")]
    [InlineData("NN", "leaves values behind")]
    [InlineData("(N", "leaves values behind")]
    [InlineData("}K\u0001Ns", "key '1'")]
    [InlineData("}(X\u0001\0\0\0aNX\u0001\0\0\0aNu", "key 'a'")]
    [InlineData("}(X\u0001\0\0\0au", "sets entries")]
    [InlineData("X\u00ff\u00ff\u00ff\u00ffabc", "larger than")]
    [InlineData("X\u0001\0\0\0\u00ff", "not UTF-8")]
    [InlineData("ccollections\nOrderedDict\nNR", "arguments")]
    [InlineData("ccollections\nOrderedDict\n](NNeR", "arguments")]
    [InlineData("ctorch\nFloatStorage\n)R", "arguments")]
    [InlineData("ctorch._utils\n_rebuild_tensor_v2\n(NK\0))\u0089NtR", "arguments")]
    [InlineData("(X\u0006\0\0\0moduleNtQ", "refers to data")]
    [InlineData("N", "something else than a dict")]
    [InlineData("]", "something else than a dict")]
    [InlineData("}X\u0005\0\0\0epochK\u0003s", "'epoch' is not a tensor")]
    [InlineData("}X\n\0\0\0state_dict}s", "'state_dict' is not a tensor")]
    public void A_pickle_that_is_no_state_dict_is_refused(string pickle, string message)
    {
        using var folder = new TemporaryFolder();
        Assert.Contains(message, Assert.Throws<InputException>(() => PyTorchFile.Read(Zip(folder, pickle))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Nesting_and_size_are_bounded()
    {
        using var folder = new TemporaryFolder();
        Assert.Contains("too deeply", Refusal(new string('(', 100_000)), StringComparison.Ordinal);
        Assert.Contains("too deeply", Refusal(new string(']', 100_000)), StringComparison.Ordinal);
        Assert.Contains("larger than",
            Refusal(string.Concat(Enumerable.Repeat("]q\0", 10)) + "(" + new string('}', 50_000) + "t" +
                string.Concat(Enumerable.Repeat("\x85", 5_000_000))), StringComparison.Ordinal);

        string Refusal(string pickle) => Assert.Throws<InputException>(() => PyTorchFile.Read(Zip(folder, pickle))).Message;
    }

    public static TheoryData<string, string> ImpossibleViews => new()
    {
        { View("s", 6, 0, [7], [1]), "beyond its storage" },
        { View("s", 6, 1, [2, 3], [3, 1]), "beyond its storage" },
        { View("s", 6, 7, [0], [1]), "beyond its storage" },
        { View("s", 6, -1, [1], [1]), "beyond its storage" },
        { View("s", 6, 3, [2], [-1]), "beyond its storage" },
        { View("s", 6, 0, [-1], [1]), "impossible shape" },
        { View("s", 6, 0, [2, 3], [1]), "impossible shape" },
        { View("s", 6, 0, [int.MaxValue, int.MaxValue, int.MaxValue], [0, 0, 0]), "impossible shape" },
        { View("s", 6, 0, [int.MaxValue, int.MaxValue], [int.MaxValue, int.MaxValue]), "beyond its storage" },
        { View("s", 6, 0, [int.MaxValue, 1000], [0, 0]), "more than a file" },
        { View("s", int.MaxValue, 0, [int.MaxValue], [1]), "more than a file" },
        { View("s", -6, 0, [0], [1]), "beyond its storage" },
        { View("s", 5, 0, [5], [1]), "no uncompressed entry 'archive/data/s' of 20 bytes" },
        { View("t", 6, 0, [6], [1]), "no uncompressed entry 'archive/data/t'" },
        { View("../../etc/passwd", 6, 0, [6], [1]), "no uncompressed entry 'archive/data/../../etc/passwd'" },
        { View("s", 6, 0, [6], [1]) + "X\u0001\0\0\0b" + View("s", 3, 0, [3], [1], "DoubleStorage"), "described in two ways" },
    };

    [Theory]
    [MemberData(nameof(ImpossibleViews))]
    public void A_tensor_that_its_storage_cannot_hold_is_refused(string view, string message)
    {
        using var folder = new TemporaryFolder();
        string path = Zip(folder, "}(" + Item("a", view) + "u", ("s", Floats(0, 1, 2, 3, 4, 5)));
        Assert.Contains(message, Assert.Throws<InputException>(() => PyTorchFile.Read(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_zip_that_would_unpack_to_more_than_it_is_is_refused()
    {
        using var folder = new TemporaryFolder();
        string path = Zip(folder, CompressionLevel.SmallestSize, "}" + Item("a", View("s", 1_000_000, 0, [1_000_000], [1])) + "s",
            ("s", new byte[4_000_000]));
        Assert.Contains("more than a file", Assert.Throws<InputException>(() => PyTorchFile.Read(path)).Message, StringComparison.Ordinal);
        path = Zip(folder, CompressionLevel.SmallestSize, "}" + Item("a", View("s", 100, 0, [100], [1])) + "s", ("s", new byte[400]),
            ("noise", RandomNumberGenerator.GetBytes(1000)));
        Assert.Contains("no uncompressed entry", Assert.Throws<InputException>(() => PyTorchFile.Read(path)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void An_archive_without_exactly_one_pickle_is_refused()
    {
        using var folder = new TemporaryFolder();
        Assert.Contains("data.pkl", Assert.Throws<InputException>(() => PyTorchFile.Read(Zip(folder, "}", ("../x/data.pkl", [])))).Message,
            StringComparison.Ordinal);
        Assert.Contains("two entries",
            Assert.Throws<InputException>(() => PyTorchFile.Read(Zip(folder, "}", ("s", []), ("s", [])))).Message,
            StringComparison.Ordinal);
        File.WriteAllText(folder.File("text"), "hello");
        Assert.Contains("neither", Assert.Throws<InputException>(() => PyTorchFile.Read(folder.File("text"))).Message,
            StringComparison.Ordinal);
        File.WriteAllBytes(folder.File("nothing"), []);
        Assert.Throws<InputException>(() => PyTorchFile.Read(folder.File("nothing")));
        Assert.Contains("does not exist", Assert.Throws<InputException>(() => PyTorchFile.Read(folder.File("absent"))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_pickle_after_the_marks_of_the_old_format_is_restricted_too()
    {
        using var folder = new TemporaryFolder();
        byte[] golden = File.ReadAllBytes(Reference.Golden("electra-square", "pytorch_model.legacy.bin"));
        const int Marks = 137; // magic number, protocol and system come first
        File.WriteAllBytes(folder.File("x"), [.. golden[..Marks], .. Latin("\x80\x02" + "cos\nsystem\n)R.")]);
        Assert.Contains("'os.system'", Assert.Throws<InputException>(() => PyTorchFile.Read(folder.File("x"))).Message,
            StringComparison.Ordinal);
        File.WriteAllBytes(folder.File("x"), golden[..^1]);
        Assert.Contains("cut off", Assert.Throws<InputException>(() => PyTorchFile.Read(folder.File("x"))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Changed_zip_files_give_tensors_or_an_input_error()
    {
        byte[] bytes = File.ReadAllBytes(Reference.Golden("electra-square", "pytorch_model.bin"));
        for (int seed = 0; seed < 60; seed++)
        {
            // the zip's directory
            Tensors.ReadOrRefuse(PyTorchFile.Read, Tensors.Damage(bytes, new Random(seed), bytes.Length - 3000, bytes.Length));
            Tensors.ReadOrRefuse(PyTorchFile.Read, Tensors.Damage(bytes, new Random(seed), 0, 8000)); // the pickle
        }
    }

    [Fact]
    public void Changed_old_files_give_tensors_or_an_input_error()
    {
        byte[] bytes = File.ReadAllBytes(Reference.Golden("electra-square", "pytorch_model.legacy.bin"));
        for (int seed = 0; seed < 120; seed++)
        {
            Tensors.ReadOrRefuse(PyTorchFile.Read, Tensors.Damage(bytes, new Random(seed), 0, 8200));
        }
    }

    [Property(MaxTest = 200)]
    public void Random_pickles_give_tensors_or_an_input_error(int seed)
    {
        // Opcodes the machine knows and small arguments, which go deeper than random bytes.
        var random = new Random(seed);
        string opcodes = "(NJKMGXU)t]ae}suqrhjcRQb.\x80\x85\x86\x87\x88\x89\x8a\0\0\0\u0001\u0002\n";
        byte[] pickle = Latin(string.Concat(Enumerable.Range(0, random.Next(60)).Select(_ => opcodes[random.Next(opcodes.Length)])));
        Tensors.ReadOrRefuse(PyTorchFile.Read, [0x80, 2, .. pickle]);
        using var folder = new TemporaryFolder();
        Tensors.ReadOrRefuse(PyTorchFile.Read, File.ReadAllBytes(Zip(folder, Encoding.Latin1.GetString(pickle))));
    }

    private static void AssertValues(long[] shape, float[] values, torch.Tensor tensor)
    {
        Assert.Equal(shape, tensor.shape);
        Assert.True(tensor.is_contiguous());
        Assert.Equal(Floats(values), tensor.bytes.ToArray());
    }

    private static string Zip(TemporaryFolder folder, string pickle, params (string Key, byte[] Bytes)[] storages) =>
        Zip(folder, CompressionLevel.NoCompression, pickle, storages);

    private static string Zip(TemporaryFolder folder, CompressionLevel level, string pickle, params (string Key, byte[] Bytes)[] storages)
    {
        string path = folder.File("pytorch_model.bin");
        using var zip = new ZipArchive(File.Create(path), ZipArchiveMode.Create);
        foreach ((string key, byte[] bytes) in storages.Prepend(("../data.pkl", Latin("\x80\x02" + pickle + "."))))
        {
            using Stream entry = zip
                .CreateEntry(key.StartsWith("../", StringComparison.Ordinal) ? $"archive/{key[3..]}" : $"archive/data/{key}", level).Open();
            entry.Write(bytes);
        }

        return path;
    }

    private static string Item(string name, string value) => Text(name) + value;

    private static string View(string key, int count, int offset, int[] size, int[] stride, string type = "FloatStorage") =>
        $"ctorch._utils\n_rebuild_tensor_v2\n(({Text("storage")}ctorch\n{type}\n{Text(key)}{Text("cuda:0")}{Int(count)}tQ" +
        $"{Int(offset)}{Tuple(size)}{Tuple(stride)}\x89{Dict}tR";

    private static string Tuple(int[] numbers) => $"({string.Concat(numbers.Select(Int))}t";

    private static string Int(int number) => "J" + Encoding.Latin1.GetString(BitConverter.GetBytes(number));

    private static string Text(string text) => "X" + Encoding.Latin1.GetString(BitConverter.GetBytes(text.Length)) + text;

    private static byte[] Latin(string text) => Encoding.Latin1.GetBytes(text);

    private static byte[] Floats(params float[] numbers) => [.. numbers.SelectMany(BitConverter.GetBytes)];
}
