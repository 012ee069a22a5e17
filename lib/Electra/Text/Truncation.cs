namespace Electra;

/// <summary>Which text loses tokens, always from its end, when an encoding would be too long.</summary>
public enum Truncation
{
    /// <summary>One token at a time from the longer text, from the second when both are equally long.</summary>
    LongestFirst,

    /// <summary>The first text only.</summary>
    OnlyFirst,

    /// <summary>The second text only, as in question answering, where the question stays whole.</summary>
    OnlySecond,
}
