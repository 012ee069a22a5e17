using System.Runtime.InteropServices;
using TorchSharp;

namespace Electra;

/// <summary>Tensors' bytes from and to streams, without a copy between: little-endian, row after row.</summary>
internal static class TensorStream
{
    private const long Block = 1 << 26; // elements; a span holds less than 2^31 bytes

    /// <summary>Opens a weights file.</summary>
    /// <exception cref="InputException">It is not there, cannot be read, is no regular file, or is the text that Git keeps in place of a
    /// large file.</exception>
    internal static FileStream Open(string path)
    {
        if (!File.Exists(path))
        {
            throw new InputException($"{path} does not exist; check the path, or download the checkpoint.");
        }

        try
        {
            var file = InputFile.OpenRead(path);
            ReadOnlySpan<byte> mark = "version https://git-lfs."u8;
            byte[] start = new byte[mark.Length];
            bool pointer = file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) == start.Length && mark.SequenceEqual(start);
            if (pointer)
            {
                file.Dispose();
                throw new InputException($"{path} is the pointer that Git LFS keeps in place of the weights; run 'git lfs pull' in its " +
                    "folder or download the file itself.");
            }

            file.Position = 0;
            return file;
        }
        catch (Exception e) when (InputFile.IsFileError(e))
        {
            throw new InputException($"{path} cannot be read ({e.Message.TrimEnd('.')}); check its permissions.", e);
        }
    }

    /// <summary>A text of a file as a message may show it: in quotes, its beginning only, without control characters.</summary>
    internal static string Quote(string text) =>
        $"'{string.Concat(text.Take(100).Select(c => char.IsControl(c) ? '\uFFFD' : c))}{(text.Length > 100 ? "…" : "")}'";

    /// <summary>Reads a tensor.</summary>
    /// <param name="stream">Must hold as many bytes as the shape needs: check before, memory is allocated first.</param>
    /// <param name="type">Element type.</param>
    /// <param name="shape">Shape of the tensor.</param>
    /// <param name="bigEndian">Whether the bytes of each element are in the other order.</param>
    /// <exception cref="EndOfStreamException">The stream is too short.</exception>
    /// <exception cref="InvalidDataException">A truth value is neither 0 nor 1, or there is not enough memory.</exception>
    internal static torch.Tensor Read(Stream stream, ElementType type, long[] shape, bool bigEndian = false)
    {
        torch.Tensor tensor;
        try
        {
            tensor = torch.empty(shape, type.Scalar);
        }
        catch (ExternalException e)
        {
            throw new InvalidDataException($"no memory for a tensor of {type.BytesOf(shape)} bytes", e);
        }

        try
        {
            using torch.Tensor flat = tensor.view(-1);
            for (long start = 0; start < flat.shape[0]; start += Block)
            {
                using torch.Tensor part = flat.narrow(0, start, Math.Min(Block, flat.shape[0] - start));
                Span<byte> bytes = part.bytes;
                stream.ReadExactly(bytes);
                if (type.Scalar == torch.ScalarType.Bool && bytes.ContainsAnyExceptInRange((byte)0, (byte)1))
                {
                    throw new InvalidDataException("a truth value is neither 0 nor 1");
                }

                for (int i = 0; bigEndian && i < bytes.Length; i += type.Bytes)
                {
                    bytes.Slice(i, type.Bytes).Reverse();
                }
            }

            return tensor;
        }
        catch
        {
            tensor.Dispose();
            throw;
        }
    }

    /// <summary>Writes a tensor of any device and any strides.</summary>
    internal static void Write(Stream stream, torch.Tensor tensor)
    {
        using var scope = torch.NewDisposeScope();
        torch.Tensor flat = tensor.detach().cpu().contiguous().view(-1);
        for (long start = 0; start < flat.shape[0]; start += Block)
        {
            stream.Write(flat.narrow(0, start, Math.Min(Block, flat.shape[0] - start)).bytes);
        }
    }
}
