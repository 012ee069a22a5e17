using System.Text;
using System.Xml;
using System.Xml.Linq;
using Microsoft.CodeAnalysis;

namespace NotebookKernel;

/// <summary>A method's XML documentation: what it is, and what each parameter is.</summary>
internal sealed class Documentation
{
    private readonly Dictionary<string, string> _parameters = [];

    /// <param name="method">A method, constructor or delegate; one without a word of its own has those of what it overrides, or of its
    /// type.</param>
    public Documentation(IMethodSymbol method)
    {
        for (ISymbol? symbol = method; symbol is not null && _parameters.Count == 0 && Summary.Length == 0; symbol = Behind(symbol))
        {
            XElement documentation = Parse(symbol.GetDocumentationCommentXml());
            Summary = documentation.Descendants("summary").Select(Plain).FirstOrDefault() ?? "";
            foreach (XElement parameter in documentation.Descendants("param"))
            {
                _parameters.TryAdd((string?)parameter.Attribute("name") ?? "", Plain(parameter));
            }
        }
    }

    /// <summary>What it does; empty where nothing is said.</summary>
    public string Summary { get; } = "";

    /// <returns>What is said of a parameter; empty where nothing is.</returns>
    public string Of(string parameter) => _parameters.GetValueOrDefault(parameter, "");

    /// <summary>Where else a method's documentation may stand: records and primary constructors have it at the type.</summary>
    private static ISymbol? Behind(ISymbol symbol) => symbol switch
    {
        IMethodSymbol { OriginalDefinition: var original } when !SymbolEqualityComparer.Default.Equals(original, symbol) => original,
        IMethodSymbol { ReducedFrom: { } extension } => extension,
        IMethodSymbol { OverriddenMethod: { } overridden } => overridden,
        IMethodSymbol { MethodKind: MethodKind.Constructor } constructor => constructor.ContainingType,
        IMethodSymbol method => method.ContainingType.AllInterfaces.SelectMany(i => i.GetMembers(method.Name))
            .FirstOrDefault(
                m => SymbolEqualityComparer.Default.Equals(method.ContainingType.FindImplementationForInterfaceMember(m), method)),
        _ => null,
    };

    private static XElement Parse(string? xml)
    {
        try
        {
            return XElement.Parse($"<doc>{xml}</doc>"); // Roslyn gives a whole <member>, what stands in it, or nothing
        }
        catch (XmlException)
        {
            return new("doc"); // what a cell's author has begun to write
        }
    }

    private static string Plain(XElement element)
    {
        var text = new StringBuilder();
        foreach (XNode node in element.DescendantNodes())
        {
            text.Append(node switch
            {
                XText words => words.Value,
                XElement { IsEmpty: true } reference => Name(reference),
                _ => "",
            });
        }

        return string.Join(' ', text.ToString().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }

    /// <summary>What &lt;see cref="M:N.T.F(System.Int32)"/&gt; and its like are read as: F.</summary>
    private static string Name(XElement reference)
    {
        string name = reference.Attributes().FirstOrDefault()?.Value.Split('(')[0] ?? "";
        name = name.Replace(".#ctor", "", StringComparison.Ordinal);
        return name[(name.LastIndexOfAny(['.', ':']) + 1)..].Split('`')[0];
    }
}
