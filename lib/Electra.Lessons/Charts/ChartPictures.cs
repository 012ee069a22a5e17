using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Electra.Lessons;

/// <summary>
/// Pictures of charts, remembered by what they were drawn from: PNGs in the outputs of the project's notebooks, SVGs among its images, both
/// in the cache folder.
/// </summary>
internal static partial class ChartPictures
{
    /// <summary>Under which a PNG carries what it is remembered by.</summary>
    public const string Keyword = "Definition";

    /// <summary>Changes when pictures are drawn in another way, so that none is remembered that looks otherwise.</summary>
    private const string Version = "3";

    private static readonly Lazy<Dictionary<string, string>> StoredSvg = new(
        // a file ends with a new line, a picture does not
        () => ByKey(Files("images", "*.svg").Select(file => File.ReadAllText(file).TrimEnd()), KeyIn));
    private static readonly Lazy<Dictionary<string, byte[]>> StoredPng = new(
        () => ByKey(Files("notebooks", "*.ipynb").SelectMany(NotebookPictures.Read), png => PngFile.TextOf(png, Keyword)));

    /// <summary>What a picture is remembered by, 16 hexadecimal digits.</summary>
    public static string KeyOf(Chart chart) => KeyOf(chart.Json);

    /// <summary>What a picture of a definition is remembered by.</summary>
    public static string KeyOf(string definition) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Version + definition)))[..16];

    /// <summary>Whether there is a PNG of a definition, or a browser that draws one.</summary>
    public static bool Has(string definition) => RememberedPng(KeyOf(definition)) is not null || ChartBrowser.Draws;

    /// <summary>The picture of a chart as PNG, remembered or drawn now.</summary>
    /// <exception cref="InputException">It is not remembered and no browser draws it.</exception>
    public static byte[] Png(Chart chart)
    {
        string key = KeyOf(chart);
        if (RememberedPng(key) is { } remembered)
        {
            return remembered;
        }

        string browser = Browser.Find()
            ?? throw new InputException("No browser draws charts here any more; install Chromium, Chrome or Edge.");
        byte[] drawn = ChartBrowser.Png(browser, [chart])[0];
        Remember(key + ".png", drawn);
        return drawn;
    }

    /// <summary>The pictures of charts as SVG, those that are not remembered drawn in one go; null where no browser is found.</summary>
    /// <exception cref="InputException">The browser does not draw.</exception>
    public static string?[] Of(IReadOnlyList<Chart> charts)
    {
        string?[] pictures = [.. charts.Select(chart => RememberedSvg(KeyOf(chart)))];
        int[] missing = [.. Enumerable.Range(0, charts.Count).Where(i => pictures[i] is null)];
        if (missing.Length > 0 && Browser.Find() is { } browser)
        {
            string[] drawn = ChartBrowser.Svg(browser, [.. missing.Select(i => charts[i])]);
            foreach (var (i, svg) in missing.Zip(drawn))
            {
                pictures[i] = svg;
                Remember(KeyOf(charts[i]) + ".svg", Encoding.UTF8.GetBytes(svg));
            }
        }

        return pictures;
    }

    private static byte[]? RememberedPng(string key) => StoredPng.Value.GetValueOrDefault(key) ?? Cached(key + ".png");

    private static string? RememberedSvg(string key) => StoredSvg.Value.GetValueOrDefault(key)
        ?? (Cached(key + ".svg") is { } svg ? Encoding.UTF8.GetString(svg) : null);

    private static byte[]? Cached(string name) => FileOf(name) is { } file && File.Exists(file) ? File.ReadAllBytes(file) : null;

    private static void Remember(string name, byte[] picture)
    {
        try
        {
            if (FileOf(name) is { } file)
            {
                AtomicFile.Write(file, stream => stream.Write(picture));
            }
        }
        catch (InputException)
        {
            // A folder that cannot be written to only costs time: the next run draws again.
        }
    }

    private static string? FileOf(string name)
    {
        try
        {
            return Path.Combine(CacheFolder.Root, "charts", name);
        }
        catch (InputException)
        {
            return null; // a user without a home
        }
    }

    private static Dictionary<string, T> ByKey<T>(IEnumerable<T> pictures, Func<T, string?> keyOf)
    {
        var stored = new Dictionary<string, T>();
        foreach (T picture in pictures)
        {
            if (keyOf(picture) is { } key)
            {
                stored.TryAdd(key, picture);
            }
        }

        return stored;
    }

    private static string[] Files(string folder, string pattern) =>
        ProjectFolder.Find() is { } root && Path.Combine(root, folder) is var path && Directory.Exists(path)
        ? [.. Directory.GetFiles(path, pattern, SearchOption.AllDirectories).Order(StringComparer.Ordinal)]
        : [];

    private static string? KeyIn(string svg) =>
        Key().Match(svg[..Math.Min(svg.Length, 1000)]) is { Success: true } key ? key.Groups[1].Value : null;

    [GeneratedRegex("data-definition=\"([0-9a-f]{16})\"")]
    private static partial Regex Key();
}
