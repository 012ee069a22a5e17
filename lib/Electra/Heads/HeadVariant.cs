namespace Electra;

/// <summary>How a head treats padding.</summary>
public enum HeadVariant
{
    /// <summary>As the original published it: the head does not know the attention mask, so that padding may change the answer.</summary>
    Published,

    /// <summary>The head looks at tokens only: padding changes no answer.</summary>
    MaskAware,
}
