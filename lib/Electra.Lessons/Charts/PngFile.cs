using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Electra.Lessons;

/// <summary>Writes PNG pictures of up to 256 colours (W3C's Portable Network Graphics), and reads the texts in them.</summary>
internal static class PngFile
{
    private static readonly byte[] Signature = [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>A picture as a file.</summary>
    /// <param name="width">Pixels.</param>
    /// <param name="height">Pixels.</param>
    /// <param name="pixelsPerMetre">How large the pixels are meant to be; programs then know the picture's size on a page.</param>
    /// <param name="text">A keyword and a text in Latin letters that the file carries.</param>
    /// <param name="palette">Red, green, blue of each colour, at most 256.</param>
    /// <param name="pixels">The number of a colour for each pixel, from left to right, then downwards.</param>
    public static byte[] Write(int width, int height, int pixelsPerMetre, (string Keyword, string Text) text, ReadOnlySpan<byte> palette,
        ReadOnlySpan<byte> pixels)
    {
        using var file = new MemoryStream();
        file.Write(Signature);
        Chunk(file, "IHDR", [.. Number(width), .. Number(height), 8, 3, 0, 0, 0]); // 8 bits a pixel, colours by number
        Chunk(file, "pHYs", [.. Number(pixelsPerMetre), .. Number(pixelsPerMetre), 1]);
        Chunk(file, "tEXt", [.. Encoding.Latin1.GetBytes(text.Keyword), 0, .. Encoding.Latin1.GetBytes(text.Text)]);
        Chunk(file, "PLTE", palette);
        using var lines = new MemoryStream();
        using (var zlib = new ZLibStream(lines, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            for (int row = 0; row < height; row++)
            {
                zlib.WriteByte(0); // numbers of colours compress best as they are
                zlib.Write(pixels.Slice(row * width, width));
            }
        }

        Chunk(file, "IDAT", lines.ToArray());
        Chunk(file, "IEND", []);
        return file.ToArray();
    }

    /// <summary>A text that a file carries, or null where it carries none under that keyword, or is no PNG.</summary>
    /// <param name="file">The file's bytes.</param>
    /// <param name="keyword">The text's keyword.</param>
    public static string? TextOf(ReadOnlySpan<byte> file, string keyword)
    {
        if (!file.StartsWith(Signature))
        {
            return null;
        }

        for (var rest = file[Signature.Length..]; rest.Length >= 12;)
        {
            uint length = BinaryPrimitives.ReadUInt32BigEndian(rest);
            if (length > rest.Length - 12)
            {
                return null; // cut off
            }

            var content = Encoding.Latin1.GetString(rest.Slice(8, (int)length));
            if (rest.Slice(4, 4).SequenceEqual("tEXt"u8) && content.StartsWith(keyword + '\0', StringComparison.Ordinal))
            {
                return content[(keyword.Length + 1)..];
            }

            rest = rest[(12 + (int)length)..];
        }

        return null;
    }

    private static byte[] Number(int number)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, number);
        return bytes;
    }

    private static void Chunk(MemoryStream file, string name, ReadOnlySpan<byte> content)
    {
        byte[] named = [.. Encoding.ASCII.GetBytes(name), .. content];
        file.Write(Number(content.Length));
        file.Write(named);
        file.Write(Number((int)Crc(named)));
    }

    // The PNG specification, annex D.
    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte one in bytes)
        {
            crc ^= one;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) == 1 ? (crc >> 1) ^ 0xEDB88320 : crc >> 1;
            }
        }

        return ~crc;
    }
}
