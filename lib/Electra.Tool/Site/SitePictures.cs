using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Xml;
using System.Xml.Linq;

namespace Electra.Tool.Site;

/// <summary>A picture of the site.</summary>
/// <param name="Address">Where it is, from the site's folder.</param>
/// <param name="Width">Pixels of the page; 0 where the file does not say.</param>
/// <param name="Height">Pixels of the page.</param>
internal sealed record SitePicture(string Address, int Width, int Height)
{
    /// <summary>How wide the text of a telephone is.</summary>
    public const int Telephone = 362;

    /// <summary>The width of pictures that are drawn for a telephone and shrink to it, see course.css.</summary>
    public const int DrawnForTelephone = 500;
}

/// <summary>The pictures that pages show, each once: names have the hash of what is in them.</summary>
internal sealed class SitePictures
{
    private static readonly string[] Endings = [".svg", ".png", ".jpg", ".jpeg", ".gif", ".webp"];
    private static readonly byte[] Png = [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    private readonly SortedDictionary<string, byte[]> _files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SitePicture> _ofPath = [];
    private readonly Dictionary<string, SitePicture> _ofAddress = [];

    /// <summary>All files, by address.</summary>
    public IReadOnlyDictionary<string, byte[]> Files => _files;

    /// <summary>Whether a path is one of a picture.</summary>
    public static bool IsPicture(string path) => Endings.Contains(Path.GetExtension(path).ToLowerInvariant());

    /// <summary>The picture at an address, or null.</summary>
    public SitePicture? At(string address) => _ofAddress.GetValueOrDefault(address);

    /// <summary>Takes a file in.</summary>
    /// <exception cref="InputException">It cannot be read.</exception>
    public SitePicture Add(string path)
    {
        if (!_ofPath.TryGetValue(path, out SitePicture? picture))
        {
            byte[] content;
            try
            {
                content = File.ReadAllBytes(path);
            }
            catch (Exception e) when (InputFile.IsFileError(e))
            {
                throw new InputException($"{path} cannot be read ({e.Message.TrimEnd('.')}).", e);
            }

            string ending = Path.GetExtension(path).ToLowerInvariant();
            var (width, height) = ending == ".svg" ? SvgSize(content) : PngSize(content);
            _ofPath[path] = picture = Add(content, $"{Path.GetFileNameWithoutExtension(path)}-", ending, width, height);
        }

        return picture;
    }

    /// <summary>Takes an output's PNG in.</summary>
    /// <param name="png">The file's bytes.</param>
    /// <param name="width">How wide it is shown; 0: as many pixels as it has.</param>
    /// <param name="height">How high it is shown; 0: as many pixels as it has.</param>
    public SitePicture Add(byte[] png, int width, int height)
    {
        var size = PngSize(png);
        return Add(png, "chart-", ".png", width > 0 ? width : size.Width, height > 0 ? height : size.Height);
    }

    private SitePicture Add(byte[] content, string name, string ending, int width, int height)
    {
        string address = $"pictures/{name}{Convert.ToHexStringLower(SHA256.HashData(content))[..12]}{ending}";
        _files[address] = content;
        return _ofAddress[address] = new(address, width, height);
    }

    private static (int Width, int Height) PngSize(ReadOnlySpan<byte> content) => content.Length > 24 && content.StartsWith(Png)
        ? (BinaryPrimitives.ReadInt32BigEndian(content[16..]), BinaryPrimitives.ReadInt32BigEndian(content[20..]))
        : (0, 0);

    private static (int Width, int Height) SvgSize(byte[] content)
    {
        try
        {
            XElement root = XDocument.Load(new MemoryStream(content)).Root!;
            return (Number("width"), Number("height"));

            int Number(string name) =>
                int.TryParse((string?)root.Attribute(name), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : 0;
        }
        catch (XmlException)
        {
            return (0, 0);
        }
    }
}
