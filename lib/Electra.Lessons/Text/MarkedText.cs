using System.Globalization;
using System.Text;

namespace Electra.Lessons;

/// <summary>A text with parts marked in place: tokens with their ids, entities with their types, an answer.</summary>
/// <remarks>
/// Some sites drop styles, and the element <c>mark</c> too: there the marked parts are bold, and ids and types small or low.
/// </remarks>
[TypeFormatterSource(typeof(ShownFormatters), PreferredMimeTypes = [ShownFormatters.Html, ShownFormatters.Plain])]
public sealed class MarkedText : IShown
{
    // KLUE's types of entities: a type has one colour in all texts. LC is green and PS yellow in the figures, too.
    private static readonly string[] Types = ["DT", "QT", "LC", "OG", "PS", "TI"];

    private readonly string _content;
    private readonly string _plain;

    private MarkedText(string content, string plain)
    {
        (_content, _plain) = (content, plain);
    }

    /// <summary>Tokens side by side, each with its id below.</summary>
    /// <param name="tokens">The tokens.</param>
    /// <param name="ids">Their ids, as many; null shows none.</param>
    /// <exception cref="ArgumentException">There is another number of ids than of tokens.</exception>
    public static MarkedText Tokens(IReadOnlyList<string> tokens, IReadOnlyList<int>? ids = null)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        if (ids is not null && ids.Count != tokens.Count)
        {
            throw new ArgumentException($"There are {tokens.Count} tokens but {ids.Count} ids; give one id for each token.", nameof(ids));
        }

        var html = new StringBuilder();
        for (int i = 0; i < tokens.Count; i++)
        {
            string id = ids is null
                ? ""
                : $" <small style=\"display:block;font-size:75%\">{ids[i].ToString(CultureInfo.InvariantCulture)}</small>";
            html.Append(CultureInfo.InvariantCulture,
                $"<span style=\"display:inline-block;text-align:center;line-height:1.3;margin:2px;padding:2px " +
                $"6px;border-radius:4px;background:{GroundOf(tokens[i])};color:#111\"><b " +
                $"style=\"font-weight:normal\">{HtmlParts.Encode(tokens[i])}</b>{id}</span> ");
        }

        string[] numbers = [.. ids?.Select(id => id.ToString(CultureInfo.InvariantCulture)) ?? []];
        int[] widths = [.. tokens.Select((token, i) => Math.Max(HtmlParts.Width(token), ids is null ? 0 : numbers[i].Length))];
        string first = string.Join("  ", tokens.Select((token, i) => HtmlParts.Pad(token, widths[i]))).TrimEnd();
        return new MarkedText(html.ToString().TrimEnd(),
            ids is null
                ? first
                : first + "\n" + string.Join("  ", numbers.Select((number, i) => HtmlParts.Pad(number, widths[i]))).TrimEnd());
    }

    /// <summary>The tokens of an encoding, each with its id below.</summary>
    /// <param name="encoding">An encoding with tokens.</param>
    public static MarkedText Tokens(TokenEncoding encoding)
    {
        ArgumentNullException.ThrowIfNull(encoding);
        return Tokens(encoding.Tokens.Length == encoding.Length ? encoding.Tokens : [.. encoding.InputIds.Select(_ => "?")],
            encoding.InputIds);
    }

    /// <summary>A text with spans marked and named, such as entities.</summary>
    /// <param name="text">The text.</param>
    /// <param name="spans">Start and end (exclusive) in UTF-16 units, and what to call it; they do not overlap.</param>
    /// <exception cref="ArgumentException">A span lies outside of the text, or two overlap.</exception>
    public static MarkedText Spans(string text, params (int Start, int End, string Label)[] spans)
    {
        ArgumentNullException.ThrowIfNull(text);
        var html = new StringBuilder();
        var plain = new StringBuilder();
        string[] labels = [.. spans.Select(span => span.Label).Distinct()]; // other names: by the order in which they come
        int at = 0;
        foreach (var (start, end, label) in spans.OrderBy(span => span.Start))
        {
            if (start < at || end <= start || end > text.Length)
            {
                throw new ArgumentException($"The span {start} to {end} ({label}) is empty, overlaps another, or lies outside of the " +
                    $"text of {text.Length} characters.", nameof(spans));
            }

            int look = Array.IndexOf(Types, label) is >= 0 and var type ? type : Array.IndexOf(labels, label);
            string ground = HtmlParts.Grounds[look % HtmlParts.Grounds.Count];
            string name = label.Length > 0 ? $" <sub style=\"font-size:70%;font-weight:bold\">{HtmlParts.Encode(label)}</sub>" : "";
            // What has a name is one box, not torn from it at the end of a line; an answer may be longer than a line.
            string box = label.Length > 0
                ? "display:inline-block;line-height:1.5"
                : "-webkit-box-decoration-break:clone;box-decoration-break:clone";
            html.Append(HtmlParts.Encode(text[at..start])).Append(CultureInfo.InvariantCulture,
                $"<mark style=\"background:{ground};color:#111;border-radius:4px;padding:1px 5px;margin:0 1px;{box}\"><b " +
                $"style=\"font-weight:normal\">{HtmlParts.Encode(text[start..end])}</b>{name}</mark>");
            plain.Append(text[at..start]).Append('[').Append(text[start..end]).Append(label.Length > 0 ? $" | {label}" : "").Append(']');
            at = end;
        }

        return new MarkedText(html.Append(HtmlParts.Encode(text[at..])).ToString(), plain.Append(text[at..]).ToString());
    }

    /// <summary>A text with one answer marked in it.</summary>
    /// <param name="context">The text.</param>
    /// <param name="start">Where the answer begins, in UTF-16 units.</param>
    /// <param name="end">Where it ends, exclusive.</param>
    /// <exception cref="ArgumentException">The answer lies outside of the text.</exception>
    public static MarkedText Answer(string context, int start, int end) => Spans(context, (start, end, ""));

    /// <summary>The same with a name before it, such as <c>truth</c>.</summary>
    /// <param name="name">What it is called.</param>
    public MarkedText Named(string name) => new(
        $"<b style=\"display:inline-block;min-width:5em\">{HtmlParts.Encode(name)}:</b> {_content}", $"{name}: {_plain}");

    /// <summary>The text with marks in square brackets.</summary>
    public override string ToString() => _plain;

    string? IShown.As(string mimeType) => mimeType switch
    {
        ShownFormatters.Html => $"<div style=\"line-height:2.1;font-family:{HtmlParts.Fonts}\">{_content}</div>",
        ShownFormatters.Plain => _plain,
        _ => null,
    };

    // [MASK] yellow as in the figures, other special tokens grey, pieces that continue a word lighter than those that begin one.
    private static string GroundOf(string token) => HtmlParts.Grounds[token switch
    {
        "[MASK]" => 4,
        ['[', .., ']'] => 6,
        ['#', '#', ..] => 5,
        _ => 0,
    }];
}
