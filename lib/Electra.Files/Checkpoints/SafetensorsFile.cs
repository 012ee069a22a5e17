using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using TorchSharp;

namespace Electra;

/// <summary>
/// Reads and writes safetensors: 8 bytes with the length of the header, the header in JSON (name → type, shape, place), the bytes of the
/// tensors without gaps. Nothing in such a file is executed.
/// Source: https://github.com/huggingface/safetensors#format
/// </summary>
public static class SafetensorsFile
{
    private const long MaximalHeader = 100_000_000; // bytes; the limit of the original implementation
    private const string MetadataKey = "__metadata__";

    /// <summary>Reads all tensors.</summary>
    /// <param name="path">The file.</param>
    /// <returns>Name → tensor on the CPU, in the order of the data; the caller disposes them.</returns>
    /// <exception cref="InputException">The file is not there, damaged, or holds a type that PyTorch checkpoints of this kind do not
    /// have.</exception>
    public static IReadOnlyDictionary<string, torch.Tensor> Read(string path)
    {
        Libtorch.RequiredBy(nameof(SafetensorsFile));
        using FileStream file = TensorStream.Open(path);
        SafetensorsHeader header = ReadHeader(path, file);
        var tensors = new Dictionary<string, torch.Tensor>();
        try
        {
            file.Position = header.DataOffset;
            foreach (SafetensorsEntry entry in header.Entries)
            {
                try
                {
                    ElementType type = ElementType.All.Single(type => type.Scalar == entry.Type);
                    tensors.Add(entry.Name, TensorStream.Read(file, type, [.. entry.Shape]));
                }
                catch (Exception e) when (e is IOException or InvalidDataException)
                {
                    throw Damaged(path, $"tensor {TensorStream.Quote(entry.Name)} cannot be read, {e.Message.TrimEnd('.')}", e);
                }
            }

            return tensors;
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

    /// <summary>Reads metadata, names, types and shapes without loading any data.</summary>
    /// <param name="path">The file.</param>
    /// <inheritdoc cref="Read" path="/exception"/>
    public static SafetensorsHeader ReadHeader(string path)
    {
        using FileStream file = TensorStream.Open(path);
        return ReadHeader(path, file);
    }

    /// <summary>
    /// Writes tensors of any device and any strides; the same tensors give the same bytes as the original implementation, large types
    /// first, then by name.
    /// </summary>
    /// <param name="path">Where the file goes; an existing one is replaced only when the new one is complete.</param>
    /// <param name="tensors">Name → tensor, names without repetition.</param>
    /// <param name="metadata">Texts for <c>__metadata__</c>; by default <c>format</c> = <c>pt</c>, which Python's <c>transformers</c> asks
    /// for.</param>
    /// <exception cref="InputException">The folder cannot be written to, or the disk is full.</exception>
    /// <exception cref="ArgumentException">A type cannot be stored, or a name is taken.</exception>
    public static void Write(string path, IEnumerable<KeyValuePair<string, torch.Tensor>> tensors,
        IReadOnlyDictionary<string, string>? metadata = null)
    {
        var sorted = tensors
            .Select(pair => (Name: pair.Key, Tensor: pair.Value, Type: TypeOf(pair.Key, pair.Value)))
            .OrderByDescending(item => item.Type.Rank).ThenBy(item => item.Name, StringComparer.Ordinal)
            .ToList();
        if (sorted.Select(item => item.Name).Append(MetadataKey).GroupBy(name => name)
            .FirstOrDefault(group => group.Count() > 1) is { } taken)
        {
            throw new ArgumentException($"The name '{taken.Key}' is taken.", nameof(tensors));
        }

        var header = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(header, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteStartObject(MetadataKey);
            metadata ??= new Dictionary<string, string> { ["format"] = "pt" };
            foreach ((string key, string value) in metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            {
                json.WriteString(key, value);
            }

            json.WriteEndObject();
            long offset = 0;
            foreach ((string name, torch.Tensor tensor, (ElementType type, _)) in sorted)
            {
                json.WriteStartObject(name);
                json.WriteString("dtype", type.Name);
                WriteNumbers(json, "shape", tensor.shape);
                WriteNumbers(json, "data_offsets", [offset, offset += tensor.NumberOfElements * type.Bytes]);
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        header.Write(Encoding.ASCII.GetBytes(new string(' ', (8 - (header.WrittenCount % 8)) % 8))); // data aligned to 8 bytes
        AtomicFile.Write(path, stream =>
        {
            Span<byte> length = stackalloc byte[8];
            BinaryPrimitives.WriteInt64LittleEndian(length, header.WrittenCount);
            stream.Write(length);
            stream.Write(header.WrittenSpan);
            foreach ((_, torch.Tensor tensor, _) in sorted)
            {
                TensorStream.Write(stream, tensor);
            }
        });
    }

    private static (ElementType Type, int Rank) TypeOf(string name, torch.Tensor tensor)
    {
        int rank = ElementType.All.ToList().FindIndex(type => type.Scalar == tensor.dtype);
        return rank >= 0
            ? (ElementType.All[rank], rank)
            : throw new ArgumentException($"Tensor '{name}' has type {tensor.dtype}, which is not written to safetensors.", nameof(tensor));
    }

    private static void WriteNumbers(Utf8JsonWriter json, string name, long[] numbers)
    {
        json.WriteStartArray(name);
        foreach (long number in numbers)
        {
            json.WriteNumberValue(number);
        }

        json.WriteEndArray();
    }

    private static SafetensorsHeader ReadHeader(string path, FileStream file)
    {
        byte[] text;
        try
        {
            byte[] start = new byte[8];
            if (file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) < start.Length)
            {
                throw Damaged(path, $"{file.Length} bytes are too few for a safetensors file");
            }

            ulong length = BinaryPrimitives.ReadUInt64LittleEndian(start);
            if (length > (ulong)Math.Min(MaximalHeader, file.Length - start.Length))
            {
                throw Damaged(path,
                    $"its header claims {length} bytes in a file of {file.Length} bytes (at most {MaximalHeader} are allowed)");
            }

            text = new byte[length];
            file.ReadExactly(text);
        }
        catch (IOException e)
        {
            throw Damaged(path, $"its header cannot be read, {e.Message.TrimEnd('.')}", e);
        }

        if (!Utf8.IsValid(text) || !text.AsSpan().StartsWith("{"u8))
        {
            throw Damaged(path, "its header is not a JSON object in UTF-8");
        }

        try
        {
            using JsonDocument json = JsonDocument.Parse(text, new JsonDocumentOptions { AllowDuplicateProperties = false });
            var metadata = new Dictionary<string, string>();
            var entries = new List<SafetensorsEntry>();
            foreach (JsonProperty property in json.RootElement.EnumerateObject())
            {
                if (property.Name == MetadataKey)
                {
                    metadata = ReadMetadata(path, property.Value);
                }
                else
                {
                    entries.Add(ReadEntry(path, property.Name, property.Value));
                }
            }

            entries = [.. entries.OrderBy(entry => entry.Begin).ThenBy(entry => entry.End)];
            CheckPlaces(path, entries, file.Length - 8 - text.Length);
            return new SafetensorsHeader(metadata, entries, 8 + text.Length);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException) // the latter for half a surrogate pair in a text
        {
            throw Damaged(path, $"its header is not valid JSON ({TensorStream.Quote(e.Message)})", e);
        }
    }

    private static Dictionary<string, string> ReadMetadata(string path, JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object
            || json.EnumerateObject().Any(property => property.Value.ValueKind != JsonValueKind.String))
        {
            throw Damaged(path, $"{MetadataKey} in its header is not an object of texts");
        }

        return json.EnumerateObject().ToDictionary(property => property.Name, property => property.Value.GetString()!);
    }

    private static SafetensorsEntry ReadEntry(string path, string name, JsonElement json)
    {
        string quoted = TensorStream.Quote(name);
        if (json.ValueKind != JsonValueKind.Object
            || !json.TryGetProperty("dtype", out JsonElement dtype) || dtype.ValueKind != JsonValueKind.String
            || !json.TryGetProperty("shape", out JsonElement sizes) || Numbers(sizes) is not { } shape
            || !json.TryGetProperty("data_offsets", out JsonElement offsets) || Numbers(offsets) is not [long begin, long end])
        {
            throw Damaged(path,
                $"tensor {quoted} has no text 'dtype', whole numbers 'shape' and two whole numbers 'data_offsets' in the header");
        }

        ElementType type = ElementType.All.FirstOrDefault(type => dtype.ValueEquals(type.Name)) ?? throw new InputException(
            $"{path}: tensor {quoted} has the type {TensorStream.Quote(dtype.GetString()!)}; "
            + $"only {string.Join(", ", ElementType.All.Select(type => type.Name))} can be read, convert it to F32.");
        if (type.BytesOf(shape) is not long bytes)
        {
            throw Damaged(path, $"tensor {quoted} has an impossible shape, {Format(shape)}");
        }

        if (begin < 0 || end < begin || end - begin != bytes)
        {
            throw Damaged(path,
                $"tensor {quoted} lies at bytes {begin} to {end}, but {type.Name} of shape {Format(shape)} needs {bytes} bytes");
        }

        return new SafetensorsEntry(name, type.Scalar, shape, begin, end);
    }

    /// <summary>The data must be covered without gap and overlap.</summary>
    private static void CheckPlaces(string path, List<SafetensorsEntry> entries, long dataBytes)
    {
        long end = 0;
        foreach (SafetensorsEntry entry in entries)
        {
            if (entry.Begin != end)
            {
                string problem = entry.Begin < end ? "overlaps the tensor before it" : "leaves a gap before it";
                throw Damaged(path,
                    $"tensor {TensorStream.Quote(entry.Name)} at bytes {entry.Begin} to {entry.End} {problem}, which ends at {end}");
            }

            if (entry.End > dataBytes)
            {
                throw Damaged(path,
                    $"tensor {TensorStream.Quote(entry.Name)} ends at byte {entry.End}, but the file has only {dataBytes} bytes of data");
            }

            end = entry.End;
        }

        if (end != dataBytes)
        {
            throw Damaged(path, $"its tensors end at byte {end}, but the file has {dataBytes} bytes of data");
        }
    }

    private static long[]? Numbers(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Array)
        {
            return null;
        }

        var numbers = new List<long>();
        foreach (JsonElement item in json.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Number || !item.TryGetInt64(out long number))
            {
                return null;
            }

            numbers.Add(number);
        }

        return [.. numbers];
    }

    private static string Format(long[] shape) => shape.Length > 64 ? $"of {shape.Length} dimensions" : $"[{string.Join(", ", shape)}]";

    private static InputException Damaged(string path, string problem, Exception? inner = null) =>
        new($"{path} is not a sound safetensors file: {problem}; download or save it again.", inner);
}
