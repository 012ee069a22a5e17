using System.Globalization;
using System.Net;
using System.Text;

namespace Electra.Lessons;

/// <summary>
/// What tables, cards and marked texts share: inline styles only, since pages on code-hosting sites drop everything else.
/// </summary>
internal static class HtmlParts
{
    /// <summary>Fonts with Korean letters on Linux, Windows and macOS.</summary>
    public const string Fonts = "'Noto Sans CJK KR','Noto Sans KR','Malgun Gothic','Apple SD Gothic Neo',sans-serif";

    /// <summary>Lines that are seen on white and on black.</summary>
    public const string Line = "1px solid rgba(128,128,128,0.45)";

    /// <summary>The colours of Okabe and Ito, which colour-blind readers tell apart, in the order of use.</summary>
    public static readonly IReadOnlyList<string> Colors = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#666666"];

    /// <summary>The same, lightened, as grounds of dark letters.</summary>
    public static readonly IReadOnlyList<string> Grounds = ["#9CD3F2", "#F7C59F", "#A5DFC9", "#EBC6DA", "#F8DD9B", "#CBE6F7", "#D5D5D5"];

    /// <summary>The colour of a value from -1 to 1: blue below 0, vermillion above, and the page's own for 0, white or black.</summary>
    public static string Signed(double value) => string.Create(CultureInfo.InvariantCulture,
        $"rgba({(value < 0 ? "0,114,178" : "213,94,0")},{Math.Abs(value):0.00})");

    public static string Encode(string text) => WebUtility.HtmlEncode(text);

    /// <summary>JSON as it may stand in a page's script: without &lt;, which could end the script or hide its end.</summary>
    public static string InScript(string json) => json.Replace("<", "\\u003c", StringComparison.Ordinal);

    /// <summary>A text as Markdown shows it: one line, and nothing in it is a mark, a tag or a link.</summary>
    public static string Markdown(string text) =>
        string.Concat(text.ReplaceLineEndings(" ").Select(c => "\\`*[]<>|&".Contains(c, StringComparison.Ordinal) ? $"\\{c}" : $"{c}"));

    /// <summary>Five significant digits at most, the same on every machine.</summary>
    public static string Number(double value) =>
        double.IsFinite(value) ? value.ToString("G5", CultureInfo.InvariantCulture) : value.ToString(CultureInfo.InvariantCulture);

    /// <summary>Columns that a fixed-width font needs for a text: Korean and other wide letters take two.</summary>
    public static int Width(string text) =>
        text.EnumerateRunes()
            .Sum(
                rune => Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.Format
                    ? 0
                    : IsWide(rune.Value) ? 2 : 1);

    public static string Pad(string text, int width, bool right = false)
    {
        string blanks = new(' ', Math.Max(0, width - Width(text)));
        return right ? blanks + text : text + blanks;
    }

    private static bool IsWide(int code) => code is (>= 0x1100 and <= 0x115F) or (>= 0x2E80 and <= 0xA4CF) or (>= 0xAC00 and <= 0xD7A3)
        or (>= 0xF900 and <= 0xFAFF) or (>= 0xFE30 and <= 0xFE6F) or (>= 0xFF00 and <= 0xFF60) or (>= 0x1F300 and <= 0x1FAFF);
}
