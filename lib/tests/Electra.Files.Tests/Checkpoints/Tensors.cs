using TorchSharp;

namespace Electra.Tests;

/// <summary>Named tensors that are disposed together, and what the tests of both file formats share.</summary>
internal sealed class Tensors(IReadOnlyDictionary<string, torch.Tensor> all) : IDisposable
{
    public IReadOnlyDictionary<string, torch.Tensor> All { get; } = all;

    public void Dispose() => All.Values.ToList().ForEach(tensor => tensor.Dispose());

    public static byte[] Bytes(torch.Tensor tensor)
    {
        using torch.Tensor dense = tensor.contiguous();
        return dense.bytes.ToArray();
    }

    public static void AssertEqual(IReadOnlyDictionary<string, torch.Tensor> expected, IReadOnlyDictionary<string, torch.Tensor> found)
    {
        Assert.Equal(expected.Keys.Order(StringComparer.Ordinal), found.Keys.Order(StringComparer.Ordinal));
        foreach ((string name, torch.Tensor tensor) in expected)
        {
            Assert.Equal(tensor.dtype, found[name].dtype);
            Assert.Equal(tensor.shape, found[name].shape);
            Assert.Equal(Bytes(tensor), Bytes(found[name]));
        }
    }

    /// <summary>Some changed bytes, mostly between two offsets, and sometimes a cut or a longer end.</summary>
    public static byte[] Damage(byte[] bytes, Random random, int first, int last)
    {
        byte[] damaged = [.. bytes];
        for (int i = random.Next(1, 4); i > 0; i--)
        {
            int at = random.Next(8) == 0 ? random.Next(bytes.Length) : random.Next(first, last);
            damaged[at] = random.Next(3) switch
            {
                0 => (byte)random.Next(256),
                1 => (byte)(damaged[at] ^ (1 << random.Next(8))),
                _ => damaged[random.Next(first, last)]
            };
        }

        return random.Next(8) switch
        {
            0 => damaged[..random.Next(damaged.Length)],
            1 => [.. damaged, .. new byte[random.Next(1, 100)]],
            _ => damaged
        };
    }

    /// <summary>Reads bytes as a file; anything else than tensors or an input error fails the test.</summary>
    public static void ReadOrRefuse(Func<string, IReadOnlyDictionary<string, torch.Tensor>> read, byte[] bytes)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("weights"), bytes);
        try
        {
            new Tensors(read(folder.File("weights"))).Dispose();
        }
        catch (InputException e)
        {
            Assert.Contains(folder.File("weights"), e.Message, StringComparison.Ordinal);
            Assert.True(e.Message.Length < 1000, e.Message);
        }
    }
}
