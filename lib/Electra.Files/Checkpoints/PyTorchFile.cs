using System.Buffers.Binary;
using System.IO.Compression;
using System.Numerics;
using TorchSharp;

namespace Electra;

/// <summary>
/// Reads <c>pytorch_model.bin</c>, a state dict written by <c>torch.save</c>: a zip archive with a pickle and one entry a storage, or,
/// before PyTorch 1.6, pickles followed by the storages. A pickle is a program; here it can build tensors and nothing else.
/// Source: https://docs.pytorch.org/docs/stable/notes/serialization.html and torch/serialization.py
/// </summary>
public static class PyTorchFile
{
    private const int MaximalGrowth = 8; // times the file: views may share a storage, but not without end
    private const long LegacyProtocol = 1001;

    private static readonly BigInteger LegacyMagic = new([0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19]);

    /// <summary>What the pickle of a state dict may name.</summary>
    private static readonly Dictionary<string, object> Names = new(
        ElementType.All.Select(type => KeyValuePair.Create($"torch.{type.Storage}", (object)type)))
    {
        ["collections.OrderedDict"] = Call(arguments => arguments is [] ? new PickleDict() : null),
        ["torch._utils._rebuild_tensor_v2"] = Call(arguments =>
            arguments is [Storage storage, long offset, object?[] size, object?[] stride, bool, PickleDict]
            && size.All(item => item is long) && stride.All(item => item is long)
                ? new View(storage, offset, [.. size.Cast<long>()], [.. stride.Cast<long>()])
                : null),
        ["torch._utils._rebuild_parameter"] = Call(arguments => arguments is [View view, bool, PickleDict] ? view : null),
    };

    /// <summary>Reads all tensors.</summary>
    /// <param name="path">The file.</param>
    /// <returns>Name → tensor on the CPU, contiguous and of its own, in the order of the state dict; the caller disposes them.</returns>
    /// <exception cref="InputException">The file is not there, damaged, no state dict of tensors, or asks for anything beside
    /// tensors.</exception>
    public static IReadOnlyDictionary<string, torch.Tensor> Read(string path)
    {
        Libtorch.RequiredBy(nameof(PyTorchFile));
        using FileStream file = TensorStream.Open(path);
        try
        {
            byte[] start = new byte[4];
            _ = file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
            file.Position = 0;
            return start.AsSpan().StartsWith("PK"u8) ? ReadZip(path, file)
                : start[0] == 0x80 ? ReadLegacy(path, file)
                : throw Damaged(path, "it begins neither like a zip archive nor like a pickle");
        }
        catch (Exception e) when (e is IOException or InvalidDataException or NotSupportedException)
        {
            throw Damaged(path, e.Message.TrimEnd('.'), e);
        }
    }

    private static Dictionary<string, torch.Tensor> ReadZip(string path, FileStream file)
    {
        using var zip = new ZipArchive(file, ZipArchiveMode.Read, leaveOpen: true);
        var entries = new Dictionary<string, ZipArchiveEntry>();
        foreach (ZipArchiveEntry entry in zip.Entries)
        {
            if (!entries.TryAdd(entry.FullName, entry))
            {
                throw Damaged(path, $"it has two entries {TensorStream.Quote(entry.FullName)}");
            }
        }

        if (entries.Keys.Where(name => name.EndsWith("/data.pkl", StringComparison.Ordinal)).ToList() is not [string pickle])
        {
            throw Damaged(path, "it has not exactly one entry data.pkl in its folder");
        }

        string folder = pickle[..^"data.pkl".Length];
        bool bigEndian = false;
        if (entries.TryGetValue($"{folder}byteorder", out ZipArchiveEntry? order)) // absent before PyTorch 2.1: little
        {
            using var reader = new StreamReader(order.Open());
            char[] text = new char[8];
            string name = new(text, 0, reader.ReadBlock(text));
            bigEndian = name == "big" || (name == "little" ? false : throw Damaged(path, $"its byte order is {TensorStream.Quote(name)}"));
        }

        Dictionary<string, View> views;
        using (var stream = new BufferedStream(entries[pickle].Open()))
        {
            views = StateDict(path, new RestrictedUnpickler(path, stream, Names, id =>
                id is object?[] and ["storage", ElementType type, string key, string, long count]
                    ? new Storage(key, type, count)
                    : null).Load());
        }

        Dictionary<string, Storage> storages = Storages(path, views);
        return Materialise(path, views, storages.Values, file.Length, storage =>
        {
            string name = $"{folder}data/{storage.Key}";
            if (!entries.TryGetValue(name, out ZipArchiveEntry? entry) || entry.Length != storage.Bytes
                || entry.CompressedLength != entry.Length)
            {
                throw Damaged(path, $"it has no uncompressed entry {TensorStream.Quote(name)} of {storage.Bytes} bytes");
            }

            using Stream stream = entry.Open(); // checks that the entry lies inside the file, before memory is allocated
            return TensorStream.Read(stream, storage.Type, [storage.Count], bigEndian);
        });
    }

    private static Dictionary<string, torch.Tensor> ReadLegacy(string path, FileStream file)
    {
        object? Load(Func<object?, object?> resolve) => new RestrictedUnpickler(path, file, Names, resolve).Load();

        if (!LegacyMagic.Equals(Load(_ => null)) || Load(_ => null) is not LegacyProtocol)
        {
            throw Damaged(path, "it does not begin with PyTorch's mark and protocol 1001");
        }

        if (Load(_ => null) is not PickleDict system || !system.Items.TryGetValue("little_endian", out object? little)
            || little is not true)
        {
            throw Damaged(path, "it was written on a machine with another byte order");
        }

        Dictionary<string, View> views = StateDict(path, Load(id =>
            id is object?[] and ["storage", ElementType type, string key, string, long count, null]
                ? new Storage(key, type, count)
                : null));
        Dictionary<string, Storage> storages = Storages(path, views);
        if (Load(_ => null) is not PickleList keys || keys.Items.Count != storages.Count || !storages.Keys.All(keys.Items.Contains))
        {
            throw Damaged(path, "the list of its storages does not fit its tensors");
        }

        return Materialise(path, views, keys.Items.Select(key => storages[(string)key!]), file.Length, storage =>
        {
            byte[] length = new byte[8];
            file.ReadExactly(length);
            long count = BinaryPrimitives.ReadInt64LittleEndian(length);
            return count == storage.Count && storage.Bytes <= file.Length - file.Position
                ? TensorStream.Read(file, storage.Type, [count])
                : throw Damaged(path,
                    $"storage {TensorStream.Quote(storage.Key)} has {count} instead of {storage.Count} elements or is cut off");
        });
    }

    private static Dictionary<string, View> StateDict(string path, object? value)
    {
        if (value is not PickleDict dict)
        {
            throw Damaged(path, "it holds something else than a dict of tensors");
        }

        var views = new Dictionary<string, View>();
        foreach ((string name, object? item) in dict.Items)
        {
            views.Add(name, item as View ?? throw Damaged(path, $"its entry {TensorStream.Quote(name)} is not a tensor"));
        }

        return views;
    }

    private static Dictionary<string, Storage> Storages(string path, Dictionary<string, View> views)
    {
        var storages = new Dictionary<string, Storage>();
        foreach (Storage storage in views.Values.Select(view => view.Storage))
        {
            if (!storages.TryAdd(storage.Key, storage) && storages[storage.Key] != storage)
            {
                throw Damaged(path, $"storage {TensorStream.Quote(storage.Key)} is described in two ways");
            }
        }

        return storages;
    }

    /// <summary>Reads storage after storage and makes its tensors; all sizes are checked before any memory is allocated.</summary>
    private static Dictionary<string, torch.Tensor> Materialise(
        string path, Dictionary<string, View> views, IEnumerable<Storage> storages, long fileBytes, Func<Storage, torch.Tensor> read)
    {
        Int128 viewBytes = 0;
        foreach ((string name, View view) in views)
        {
            viewBytes += view.BytesInside() ?? throw Damaged(
                path, $"tensor {TensorStream.Quote(name)} has an impossible shape or reaches beyond its storage of " +
                    $"{view.Storage.Count} elements");
        }

        Int128 storageBytes = storages.Aggregate((Int128)0, (sum, storage) => sum + ((Int128)storage.Count * storage.Type.Bytes));
        if (storageBytes > fileBytes || viewBytes > (Int128)fileBytes * MaximalGrowth)
        {
            throw Damaged(path,
                $"its tensors claim {viewBytes} bytes in storages of {storageBytes}, more than a file of {fileBytes} bytes holds");
        }

        var tensors = new Dictionary<string, torch.Tensor>();
        ILookup<string, KeyValuePair<string, View>> users = views.ToLookup(pair => pair.Value.Storage.Key);
        try
        {
            foreach (Storage storage in storages)
            {
                using torch.Tensor data = read(storage);
                bool shared = users[storage.Key].Skip(1).Any();
                foreach ((string name, View view) in users[storage.Key])
                {
                    using torch.Tensor window = data.as_strided(view.Size, view.Stride, view.Offset);
                    bool whole = !shared && window.is_contiguous() && window.NumberOfElements == storage.Count;
                    tensors.Add(name, whole ? window.alias() : window.is_contiguous() ? window.clone() : window.contiguous());
                }
            }

            return views.Keys.ToDictionary(name => name, name => tensors[name]);
        }
        catch
        {
            foreach (torch.Tensor tensor in tensors.Values)
            {
                tensor.Dispose();
            }

            throw;
        }
    }

    private static Func<object?[], object?> Call(Func<object?[], object?> call) => call;

    private static InputException Damaged(string path, string problem, Exception? inner = null) =>
        new($"{path} is not a sound PyTorch file: {problem}; download it again or save it as safetensors.", inner);

    /// <summary>A block of numbers that tensors look into.</summary>
    private sealed record Storage(string Key, ElementType Type, long Count)
    {
        public long Bytes => Count * Type.Bytes;
    }

    /// <summary>A tensor: a strided window into a storage. Offset and strides count elements.</summary>
    private sealed record View(Storage Storage, long Offset, long[] Size, long[] Stride)
    {
        /// <summary>Bytes of the tensor when it has memory of its own; null where the shape is impossible or leaves the storage.</summary>
        public long? BytesInside()
        {
            if (Storage.Type.BytesOf(Size) is not long bytes || Stride.Length != Size.Length || Offset < 0
                || Stride.Any(stride => stride < 0))
            {
                return null;
            }

            Int128 last = Offset; // index of the last element, or one before for an empty tensor
            for (int i = 0; bytes > 0 && i < Size.Length; i++)
            {
                last += (Int128)(Size[i] - 1) * Stride[i];
            }

            return (bytes > 0 ? last < Storage.Count : last <= Storage.Count) ? bytes : null;
        }
    }
}
