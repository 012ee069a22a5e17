using System.Collections;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using TorchSharp;

namespace Electra.Lessons;

/// <summary>
/// All attention heads of all layers, to look around in: choose layer and head, point at a token, see where it looks. Where scripts do not
/// run, tables say which token each looks at most.
/// </summary>
/// <remarks>The HTML has its script and its numbers in it, asks for nothing, and has no ids: several stand in one notebook.</remarks>
[TypeFormatterSource(typeof(ShownFormatters), PreferredMimeTypes = [ShownFormatters.Html, ShownFormatters.Plain])]
public sealed class AttentionView : IShown
{
    /// <summary>The most tokens that a view shows; more would be neither read nor stored well.</summary>
    public const int MaxTokens = 64;

    // Of all layers and heads together; about three characters each, and a notebook keeps them.
    private const int MaxWeights = 250_000;

    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly string[] _tokens;
    private readonly int[][] _weights; // thousandths: a row a layer and head, in it L × L
    private readonly int _layers;
    private readonly int _heads;
    private readonly int _layer;
    private readonly int _head;

    private AttentionView(IReadOnlyList<string> tokens, IReadOnlyList<torch.Tensor> attentions, int row, int layer, int head)
    {
        (_tokens, _layers, _heads, _layer, _head) = ([.. tokens], attentions.Count, (int)attentions[0].shape[1], layer, head);
        using var scope = torch.NewDisposeScope();
        _weights = [.. attentions.SelectMany(one =>
        {
            double[] flat = one[row].detach().cpu().to(torch.float64).reshape(-1).data<double>().ToArray(); // A · L · L
            return flat.Any(value => value is not (>= 0 and <= 1.0001))
                ? throw new ArgumentException("The weights are not all between 0 and 1; give the attention probabilities, after softmax " +
                    "and in evaluation mode.", nameof(attentions))
                : flat.Select(value => (int)Math.Round(1000 * value)).Chunk(_tokens.Length * _tokens.Length);
        })];
    }

    /// <summary>Shows the attention probabilities of one text.</summary>
    /// <param name="tokens">The L tokens, 64 at most.</param>
    /// <param name="attentions">A tensor a layer, each B × A × L × L: <see cref="EncoderOutput.Attentions"/>; they are read now.</param>
    /// <param name="row">Which text of the batch.</param>
    /// <param name="layer">The layer that is shown first.</param>
    /// <param name="head">The attention head that is shown first.</param>
    /// <exception cref="ArgumentException">A tensor is not B × A × L × L, or there are too many tokens, layers or heads.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row, layer or head.</exception>
    public static AttentionView Of(
        IReadOnlyList<string> tokens, IReadOnlyList<torch.Tensor> attentions, int row = 0, int layer = 0, int head = 0)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        ArgumentNullException.ThrowIfNull(attentions);
        if (attentions.Count == 0 || tokens.Count == 0)
        {
            throw new ArgumentException("There are no attentions or no tokens; encode a text with attentions: true.", nameof(attentions));
        }

        if (tokens.Count > MaxTokens)
        {
            throw new ArgumentException($"A view shows {MaxTokens} tokens at most, not {tokens.Count}; take a shorter text, or " +
                "Chart.Attention for one layer and head.", nameof(tokens));
        }

        long[] shape = attentions[0].shape;
        foreach (var one in attentions)
        {
            if (!one.shape.SequenceEqual(shape) || one.shape is not [_, > 0, var from, var to] || from != tokens.Count || to != from)
            {
                throw new ArgumentException($"{tokens.Count} tokens need attentions of shape [texts, heads, {tokens.Count}, " +
                    $"{tokens.Count}] in every layer, not [{string.Join(", ", one.shape)}]; give all tokens of the row, padding too.",
                    nameof(attentions));
            }
        }

        long count = attentions.Count * shape[1] * tokens.Count * tokens.Count;
        if (count > MaxWeights)
        {
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"{attentions.Count} layers with {shape[1]} " +
                $"attention heads and {tokens.Count} tokens are {count:N0} weights, more than the {MaxWeights:N0} that a notebook " +
                $"keeps well; take fewer layers or a shorter text."), nameof(attentions));
        }

        ArgumentOutOfRangeException.ThrowIfNegative(row);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(row, shape[0]);
        ArgumentOutOfRangeException.ThrowIfNegative(layer);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(layer, attentions.Count);
        ArgumentOutOfRangeException.ThrowIfNegative(head);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(head, shape[1]);
        return new AttentionView(tokens, attentions, row, layer, head);
    }

    /// <summary>The view as text: an overview of all layers and heads, and where each token looks in the one that is shown first.</summary>
    public override string ToString() => $"{Title}\n{Overview()}\n\n{Strongest()}";

    string? IShown.As(string mimeType) => mimeType switch
    {
        ShownFormatters.Html => ToHtml(),
        ShownFormatters.Plain => ToString(),
        _ => null,
    };

    private string Title =>
        $"Attention view: {Count(_tokens.Length, "token")}, {Count(_layers, "layer")} × {Count(_heads, "attention head")}";

    private string ToHtml()
    {
        var data = new JsonObject
        {
            ["tokens"] = new JsonArray([.. _tokens.Select(token => JsonValue.Create(token))]),
            ["layers"] = _layers,
            ["heads"] = _heads,
            ["layer"] = _layer,
            ["head"] = _head,
            ["weights"] = string.Join(' ', _weights.SelectMany(one => one)),
        };
        using var script = new StreamReader(typeof(AttentionView).Assembly.GetManifestResourceStream("attention-view.js")!);
        return $"<div data-electra-attention=\"{HtmlParts.Encode(data.ToJsonString(Relaxed))}\" " +
            $"style=\"overflow-x:auto;padding:3px;font-family:{HtmlParts.Fonts}\"><p><b>{Title}</b>. " +
            "Where scripts run, you choose layer and attention head here and point at a token to see where it looks; without them, " +
            $"these tables say it in short.</p>{Html(Overview())}<br>{Html(Strongest())}</div>\n" +
            $"<script>\n{script.ReadToEnd().ReplaceLineEndings("\n")}</script>";

        static string Html(IShown table) => table.As(ShownFormatters.Html)!;
    }

    /// <summary>Where the words of each layer and head look most: the kind of token, and its share of their weight, in the mean.</summary>
    private Table Overview()
    {
        (string, IEnumerable)[] heads = [.. Enumerable.Range(0, _heads).Select(head => ($"head {head}",
            (IEnumerable)Enumerable.Range(0, _layers).Select(layer => Most(_weights[(layer * _heads) + head])).ToArray()))];
        return Table.Of(Table.Of([("", Enumerable.Range(0, _layers).Select(layer => $"layer {layer}")), .. heads]).Frame,
            "Where words look most, with the mean share of their weight", _layers);
    }

    private string Most(int[] weights)
    {
        int count = _tokens.Length;
        int[] words = [.. Enumerable.Range(0, count).Where(i => !IsSpecial(_tokens[i]))];
        int[] asking = words.Length > 0 ? words : [.. Enumerable.Range(0, count)];
        var shares = new Dictionary<string, int>();
        foreach (int from in asking)
        {
            for (int to = 0; to < count; to++)
            {
                foreach (string kind in Kinds(from, to))
                {
                    shares[kind] = shares.GetValueOrDefault(kind) + weights[(from * count) + to];
                }
            }
        }

        var (name, sum) = shares.MaxBy(share => share.Value);
        return string.Create(CultureInfo.InvariantCulture, $"{name} {sum / 1000.0 / asking.Length:0.00}");
    }

    // [CLS] is the token before the first word too.
    private string[] Kinds(int from, int to)
    {
        string[] near = (to - from) switch
        {
            -1 => ["token before"],
            0 => ["itself"],
            1 => ["token after"],
            _ => [],
        };
        string[] kinds = IsSpecial(_tokens[to]) ? [_tokens[to], .. near] : near;
        return kinds.Length > 0 ? kinds : ["elsewhere"];
    }

    /// <summary>Where each token looks in the layer and head that are shown first.</summary>
    private Table Strongest()
    {
        int count = _tokens.Length;
        int[] weights = _weights[(_layer * _heads) + _head];
        int[][] order = [.. Enumerable.Range(0, count).Select(from =>
            Enumerable.Range(0, count).OrderByDescending(to => weights[(from * count) + to]).ToArray())];
        IEnumerable<string> Name(int place) => order.Select(row => place < count ? _tokens[row[place]] : "");
        IEnumerable<string> Weight(int place) => order.Select((row, from) => place < count
            ? (weights[(from * count) + row[place]] / 1000.0).ToString("0.000", CultureInfo.InvariantCulture) : "");
        return Table.Of(Table.Of(("token", _tokens), ("looks most at", Name(0)), ("weight", Weight(0)), ("then at", Name(1)),
            ("weight ", Weight(1))).Frame, $"Layer {_layer}, attention head {_head}", count);
    }

    private static string Count(int count, string what) => $"{count} {what}{(count == 1 ? "" : "s")}";

    private static bool IsSpecial(string token) => token is "[CLS]" or "[SEP]" or "[PAD]";
}
