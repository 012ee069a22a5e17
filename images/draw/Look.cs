namespace Images;

/// <summary>How a cell of a tensor looks.</summary>
internal enum Look
{
    Hidden,
    Chosen,
    Answer,
    Second,
    Wrong,
    Plain,

    /// <summary>Padding: hatched.</summary>
    Padding,

    /// <summary>A value that dropout set to zero: empty and crossed out.</summary>
    Dropped,

    /// <summary>An ellipsis: more cells than are drawn.</summary>
    Dots,
}
