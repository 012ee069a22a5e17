using System.Buffers.Binary;
using System.Buffers.Text;
using System.Text.Json.Nodes;

namespace NotebookKernel;

/// <summary>
/// What an output's metadata say of its picture, by the conventions of Jupyter (<c>image/png</c>: width, height and alt) and VS Code
/// (<c>vscode_altText</c>): how large it stands on a page, where the PNG says its resolution, and the first line of the text beside it as
/// the text in its place.
/// </summary>
internal static class PictureMetadata
{
    private const double PageInch = 96;
    private const double Metre = 1 / 0.0254; // inches

    public static JsonObject Of(JsonObject data)
    {
        var metadata = new JsonObject();
        if (data[MimeTypes.Png] is not JsonValue png)
        {
            return metadata;
        }

        var picture = new JsonObject();
        if (((string?)data[MimeTypes.Plain])?.Split('\n')[0] is { Length: > 0 } text)
        {
            picture["alt"] = text;
            metadata["vscode_altText"] = text;
        }

        if (SizeOf(png.GetValue<string>()) is var (width, height))
        {
            picture["height"] = height;
            picture["width"] = width;
        }

        if (picture.Count > 0)
        {
            metadata[MimeTypes.Png] = picture;
        }

        return metadata;
    }

    /// <summary>The size in pixels of a page; null where the PNG does not say how large its own pixels are, or is none.</summary>
    private static (int Width, int Height)? SizeOf(string base64)
    {
        if (!Base64.IsValid(base64))
        {
            return null;
        }

        var png = Convert.FromBase64String(base64).AsSpan();
        if (png.Length < 45 || !png.StartsWith((ReadOnlySpan<byte>)[0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]))
        {
            return null;
        }

        // IHDR comes first, and pHYs before the pixels: length, name, content, checksum.
        var (width, height) = (BinaryPrimitives.ReadUInt32BigEndian(png[16..]), BinaryPrimitives.ReadUInt32BigEndian(png[20..]));
        for (var rest = png[8..]; rest.Length >= 12 && !rest[4..8].SequenceEqual("IDAT"u8);)
        {
            uint length = BinaryPrimitives.ReadUInt32BigEndian(rest);
            if (rest[4..8].SequenceEqual("pHYs"u8) && length == 9 && rest.Length >= 21 && rest[16] == 1)
            {
                double Page(uint pixels, uint aMetre) => pixels * Metre * PageInch / Math.Max(1, aMetre);
                return ((int)Math.Round(Page(width, BinaryPrimitives.ReadUInt32BigEndian(rest[8..]))),
                    (int)Math.Round(Page(height, BinaryPrimitives.ReadUInt32BigEndian(rest[12..]))));
            }

            rest = length > rest.Length - 12 ? [] : rest[(12 + (int)length)..];
        }

        return null;
    }
}
