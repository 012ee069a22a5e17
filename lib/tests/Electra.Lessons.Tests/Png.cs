using System.Buffers.Binary;
using System.IO.Compression;

namespace Electra.Lessons.Tests;

/// <summary>Reads a PNG of colours by number, after W3C's specification.</summary>
internal sealed class Png
{
    private readonly byte[] _palette;
    private readonly byte[] _pixels;

    private Png(int width, int height, uint pixelsPerMetre, byte[] palette, byte[] pixels)
    {
        (Size, PixelsPerMetre, _palette, _pixels) = ((width, height), pixelsPerMetre, palette, pixels);
        Shares = pixels.CountBy(place => place)
            .ToDictionary(one => ((int)palette[3 * one.Key], (int)palette[(3 * one.Key) + 1], (int)palette[(3 * one.Key) + 2]),
                one => one.Value / (double)pixels.Length);
    }

    public (int Width, int Height) Size { get; }

    public uint PixelsPerMetre { get; }

    public (int Red, int Green, int Blue) this[int x, int y] =>
        _pixels[(y * Size.Width) + x] * 3 is var at ? (_palette[at], _palette[at + 1], _palette[at + 2]) : default;

    /// <summary>Which part of the pixels has each colour.</summary>
    public IReadOnlyDictionary<(int Red, int Green, int Blue), double> Shares { get; }

    public static Png Read(byte[] file)
    {
        Assert.Equal([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], file[..8]);
        var chunks = new Dictionary<string, byte[]>();
        for (int at = 8; at < file.Length;)
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(at));
            chunks.Add(System.Text.Encoding.ASCII.GetString(file, at + 4, 4), file[(at + 8)..(at + 8 + length)]);
            at += length + 12;
        }

        Assert.Equal("IEND", chunks.Keys.Last());
        byte[] header = chunks["IHDR"];
        Assert.Equal([8, 3, 0, 0, 0], header[8..]); // 8 bits, by number, deflated, filtered line by line, in one pass
        var (width, height) = (BinaryPrimitives.ReadInt32BigEndian(header), BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(4)));
        using var zlib = new ZLibStream(new MemoryStream(chunks["IDAT"]), CompressionMode.Decompress);
        using var lines = new MemoryStream();
        zlib.CopyTo(lines);
        Assert.Equal((width + 1) * height, lines.Length);
        byte[][] rows = [.. lines.ToArray().Chunk(width + 1)];
        Assert.All(rows, row => Assert.Equal(0, row[0])); // not filtered
        return new Png(width, height, BinaryPrimitives.ReadUInt32BigEndian(chunks["pHYs"]), chunks["PLTE"],
            [.. rows.SelectMany(row => row.Skip(1))]);
    }
}
