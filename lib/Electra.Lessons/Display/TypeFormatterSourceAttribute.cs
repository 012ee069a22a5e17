namespace Electra.Lessons;

/// <summary>
/// Says where a type's formatters are. Notebook kernels look for an attribute of this simple name, so that a library is shown well without
/// a reference to any kernel.
/// </summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct)]
internal sealed class TypeFormatterSourceAttribute : Attribute
{
    public TypeFormatterSourceAttribute(Type formatterSourceType)
    {
        FormatterSourceType = formatterSourceType;
    }

    public Type FormatterSourceType { get; }

    /// <summary>All of these stand in one output.</summary>
    public string[] PreferredMimeTypes { get; set; } = [];
}
