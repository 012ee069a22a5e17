namespace Images;

/// <summary>The palette of Okabe and Ito, told apart by colour-blind readers too, and what each colour stands for.</summary>
internal static class Colours
{
    public const string Ink = "#1B1F24";
    public const string Quiet = "#57606A";
    public const string Line = "#8C959F";
    public const string Faint = "#D0D7DE";
    public const string Paper = "#FFFFFF";

    /// <summary>Hidden states and embeddings.</summary>
    public const string Hidden = "#56B4E9";

    /// <summary>What is selected: [CLS], a window, a span.</summary>
    public const string Chosen = "#E69F00";

    /// <summary>Logits, answers, what is right.</summary>
    public const string Answer = "#009E73";

    /// <summary>A second direction or a probability.</summary>
    public const string Second = "#CC79A7";

    /// <summary>What is wrong or replaced.</summary>
    public const string Wrong = "#D55E00";

    /// <summary>Operations.</summary>
    public const string Operation = "#0072B2";

    /// <summary>Parameters, the weights that are learnt.</summary>
    public const string Parameter = "#F0E442";
}
