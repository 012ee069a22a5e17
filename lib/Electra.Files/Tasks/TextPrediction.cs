namespace Electra;

/// <summary>What a model says of a text: a label, or entities.</summary>
/// <param name="Text">The text.</param>
public sealed record TextPrediction(string Text)
{
    /// <summary>The most probable label; null from a model that finds entities.</summary>
    public string? Label { get; init; }

    /// <summary>All labels with their probabilities, in the order of the logits; empty from a model that finds entities.</summary>
    public IReadOnlyList<LabelProbability> Probabilities { get; init; } = [];

    /// <summary>C numbers, one a label.</summary>
    public IReadOnlyList<float> Logits { get; init; } = [];

    /// <summary>The entities, in the order of the text; <c>Text[entity.Start..entity.End]</c> is one.</summary>
    public IReadOnlyList<Entity> Entities { get; init; } = [];

    /// <summary>The tag of each character (code point), from a model that finds entities.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>How many tokens at the end of a text that is too long for the encoder were not read.</summary>
    public int UnreadTokens { get; init; }
}
