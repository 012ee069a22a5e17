namespace Images;

/// <summary>How a cell of a tensor, a plate or a chip looks: in the colour of the part of the model that it belongs to.</summary>
internal enum Look
{
    /// <summary>A token.</summary>
    Plain,

    Embedding,
    Attention,
    FeedForward,
    Norm,
    Hidden,
    Head,

    /// <summary>What a head reads.</summary>
    Chosen,

    Answer,
    Wrong,

    /// <summary>Padding: hatched.</summary>
    Padding,

    /// <summary>A value that dropout set to zero: empty and crossed out.</summary>
    Dropped,

    /// <summary>An ellipsis: more cells than are drawn.</summary>
    Dots,
}
