using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Electra.Lessons;

/// <summary>
/// Pictures of charts, remembered by what they were drawn from: in the cache folder, in the outputs of the project's notebooks, and among its images.
/// </summary>
internal static partial class ChartPictures
{
    /// <summary>Changes when pictures are drawn in another way, so that none is remembered that looks otherwise.</summary>
    private const string Version = "2";

    private static readonly Lazy<Dictionary<string, string>> Stored = new(ReadStored);

    /// <summary>What a picture is remembered by, 16 hexadecimal digits.</summary>
    public static string KeyOf(Chart chart) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Version + chart.Json)))[..16];

    /// <summary>The pictures of charts, those that are not remembered drawn in one go; null where no browser is found.</summary>
    public static string?[] Of(IReadOnlyList<Chart> charts)
    {
        string?[] pictures = [.. charts.Select(chart => Remembered(KeyOf(chart)))];
        int[] missing = [.. Enumerable.Range(0, charts.Count).Where(i => pictures[i] is null)];
        if (missing.Length > 0 && Browser.Find() is { } browser)
        {
            string[] drawn = ChartBrowser.Draw(browser, [.. missing.Select(i => charts[i])]);
            foreach (var (i, svg) in missing.Zip(drawn))
            {
                pictures[i] = svg;
                Remember(KeyOf(charts[i]), svg);
            }
        }

        return pictures;
    }

    /// <summary>A picture of the sentence that there is none.</summary>
    public static string Missing(Chart chart, string why) => string.Create(CultureInfo.InvariantCulture, $"""
        <svg xmlns="http://www.w3.org/2000/svg" width="720" height="90" viewBox="0 0 720 90" font-family="{HtmlParts.Fonts}"><rect width="720" height="90" fill="#FFFFFF" stroke="#888888"/><text x="16" y="36" font-size="15" font-weight="bold" fill="#222222">{HtmlParts.Encode(chart.Title)}</text><text x="16" y="64" font-size="13" fill="#222222">{HtmlParts.Encode(why)}</text></svg>
        """);

    private static string? Remembered(string key)
    {
        if (Stored.Value.TryGetValue(key, out string? stored))
        {
            return stored;
        }

        return FileOf(key) is { } file && File.Exists(file) ? File.ReadAllText(file) : null;
    }

    private static void Remember(string key, string svg)
    {
        try
        {
            if (FileOf(key) is { } file)
            {
                AtomicFile.WriteText(file, svg);
            }
        }
        catch (InputException)
        {
            // A folder that cannot be written to only costs time: the next run draws again.
        }
    }

    private static string? FileOf(string key)
    {
        try
        {
            return Path.Combine(CacheFolder.Root, "charts", key + ".svg");
        }
        catch (InputException)
        {
            return null; // a user without a home
        }
    }

    // The notebooks of the clone, where each picture stands beside the definition that it was drawn from, and its images.
    private static Dictionary<string, string> ReadStored()
    {
        var stored = new Dictionary<string, string>();
        if (ProjectFolder.Find() is not { } root)
        {
            return stored;
        }

        foreach (string file in Files(Path.Combine(root, "images"), "*.svg"))
        {
            string svg = File.ReadAllText(file).TrimEnd(); // a file ends with a new line, a picture does not
            if (Key().Match(svg[..Math.Min(svg.Length, 1000)]) is { Success: true } key)
            {
                stored.TryAdd(key.Groups[1].Value, svg);
            }
        }

        foreach (string file in Files(Path.Combine(root, "notebooks"), "*.ipynb"))
        {
            foreach (string svg in NotebookPictures.Read(file))
            {
                if (Key().Match(svg[..Math.Min(svg.Length, 1000)]) is { Success: true } key)
                {
                    stored.TryAdd(key.Groups[1].Value, svg);
                }
            }
        }

        return stored;
    }

    private static string[] Files(string folder, string pattern) => Directory.Exists(folder) ? [.. Directory.GetFiles(folder, pattern, SearchOption.AllDirectories).Order(StringComparer.Ordinal)] : [];

    [GeneratedRegex("data-definition=\"([0-9a-f]{16})\"")]
    private static partial Regex Key();
}
