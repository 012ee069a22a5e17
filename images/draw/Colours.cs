namespace Images;

/// <summary>
/// A colour for each part of the model, the same in all figures. Most are of the palette of Okabe and Ito, told apart by colour-blind
/// readers too; where two parts meet, a form or a word tells them apart as well.
/// </summary>
internal static class Colours
{
    public const string Ink = "#1B1F24";
    public const string Quiet = "#57606A";
    public const string Line = "#8C959F";
    public const string Faint = "#D0D7DE";
    public const string Paper = "#FFFFFF";

    /// <summary>Words of what a figure leaves in the background: on white and on all pale parts at least 4.5 to 1.</summary>
    public const string PaleInk = "#5F6770";

    /// <summary>Text, word pieces, ids.</summary>
    public const string Token = "#F0F2F5";

    /// <summary>The embeddings: tables, and their rows of E numbers.</summary>
    public const string Embedding = "#332288";

    /// <summary>The attention of a layer: queries, keys, values, probabilities, context.</summary>
    public const string Attention = "#CC79A7";

    /// <summary>The feed-forward block of a layer.</summary>
    public const string FeedForward = "#F0E442";

    /// <summary>The input added again, and LayerNorm.</summary>
    public const string Norm = "#8C6D46";

    /// <summary>Hidden states, and the encoder as a whole, which makes them.</summary>
    public const string Hidden = "#56B4E9";

    /// <summary>The head, and all that it makes before its logits.</summary>
    public const string Head = "#E69F00";

    /// <summary>What a head reads: [CLS], a window, a span.</summary>
    public const string Chosen = Head;

    /// <summary>Logits, answers, what is right.</summary>
    public const string Answer = "#009E73";

    /// <summary>What is wrong or replaced; the loss, which measures it, and its gradient.</summary>
    public const string Wrong = "#D55E00";

    /// <summary>Operations without weights, and shapes.</summary>
    public const string Operation = "#0072B2";

    /// <summary>A second way on the map of the course.</summary>
    public const string Second = Attention;

    /// <summary>A colour, mixed with white.</summary>
    /// <param name="colour">A colour such as #E69F00; anything else comes back as it is.</param>
    public static string Pale(string colour) => colour is not ['#', ..]
        ? colour
        : "#" + string.Concat(Enumerable.Range(0, 3).Select(i => Convert.ToInt32(colour[(1 + (2 * i))..(3 + (2 * i))], 16))
            .Select(part => $"{(int)Math.Round(255 - (0.4 * (255 - part))):X2}"));
}
