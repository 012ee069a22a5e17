using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.QuickInfo;

namespace NotebookKernel;

/// <summary>A name in code that somebody asks about: quick info knows most of it, and this the rest, parameters and overloads.</summary>
/// <param name="Place">Where the name stands.</param>
/// <param name="Method">The method of that name, as far as one can say which; or null.</param>
/// <param name="Others">Other methods of that name; a type's constructors.</param>
internal sealed record Inspection(int Place, IMethodSymbol? Method, IReadOnlyList<IMethodSymbol> Others)
{
    private const int MaxOverloads = 20;

    /// <summary>Finds the name that a position touches, or else the name of what is called around it.</summary>
    public static Inspection At(SyntaxNode root, SemanticModel model, int position)
    {
        SyntaxToken right = root.FindToken(position);
        SyntaxToken left = right.SpanStart < position ? right : right.GetPreviousToken();
        SyntaxToken name = right.IsKind(SyntaxKind.IdentifierToken) && right.SpanStart <= position ? right
            : left.IsKind(SyntaxKind.IdentifierToken) && left.Span.End == position ? left
            : CalledAround(left, position);
        if (name.Parent is not { } node)
        {
            return new(position, null, []);
        }

        if (node.Parent is QualifiedNameSyntax qualified && qualified.Right == node)
        {
            node = qualified;
        }

        if (node.Parent is ObjectCreationExpressionSyntax creation && creation.Type == node)
        {
            node = creation; // the name stands for the constructor
        }

        SymbolInfo found = model.GetSymbolInfo(node);
        ISymbol? symbol = model.GetDeclaredSymbol(node) ?? found.Symbol ?? found.CandidateSymbols.FirstOrDefault();
        IMethodSymbol? method = symbol as IMethodSymbol ?? (symbol as INamedTypeSymbol)?.DelegateInvokeMethod;
        IMethodSymbol[] all = symbol switch
        {
            INamedTypeSymbol type => Constructors(type),
            IMethodSymbol { MethodKind: MethodKind.Constructor } constructor => Constructors(constructor.ContainingType),
            IMethodSymbol => [.. model.GetMemberGroup(node).OfType<IMethodSymbol>()],
            _ => [],
        };
        return new(name.SpanStart, method, [.. all.Where(m => !SymbolEqualityComparer.Default.Equals(m, method))]);
    }

    /// <summary>Plain text and Markdown: signature, documentation, parameters, what else quick info says, other overloads.</summary>
    public (string Plain, string Markdown) Describe(QuickInfoItem? info)
    {
        var blocks = new List<(string Plain, string Markdown)>();
        int beforeParameters = 0;
        foreach (QuickInfoSection section in info?.Sections ?? [])
        {
            string text = section.Text.ReplaceLineEndings("\n").Trim();
            if (text.Length > 0)
            {
                bool isSignature = section.Kind == QuickInfoSectionKinds.Description;
                blocks.Add((text, isSignature ? Code(text) : text));
                beforeParameters = isSignature || section.Kind == QuickInfoSectionKinds.DocumentationComments
                    ? blocks.Count
                    : beforeParameters;
            }
        }

        if (blocks.Count == 0)
        {
            return ("", "");
        }

        if (Method is { Parameters.Length: > 0 })
        {
            string[] parameters = Parameters(Method, new Documentation(Method));
            blocks.Insert(beforeParameters, ("Parameters:\n" + Lines("  ", parameters), "Parameters:\n\n" + Lines("- ", parameters)));
        }

        foreach (IMethodSymbol other in Others.Take(MaxOverloads))
        {
            string signature = other.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat);
            var documentation = new Documentation(other);
            string summary = documentation.Summary.Length > 0 ? "\n" + documentation.Summary : "";
            string[] parameters = Parameters(other, documentation);
            blocks.Add(($"Or {signature}{summary}\n{Lines("  ", parameters)}".TrimEnd(),
                $"{Code(signature)}{summary}\n\n{Lines("- ", parameters)}".TrimEnd()));
        }

        return (string.Join("\n\n", blocks.Select(b => b.Plain)), string.Join("\n\n", blocks.Select(b => b.Markdown)));
    }

    private static string[] Parameters(IMethodSymbol method, Documentation documentation)
        => [.. method.Parameters.Select(
            p => $"{p.Name} ({p.Type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat)})"
                + (documentation.Of(p.Name) is { Length: > 0 } text ? ": " + text : ""))];

    private static string Lines(string before, string[] lines) => string.Join('\n', lines.Select(l => before + l));

    private static string Code(string text) => $"```csharp\n{text}\n```";

    private static IMethodSymbol[] Constructors(INamedTypeSymbol type)
        => type.TypeKind is TypeKind.Class or TypeKind.Struct
            ? [.. type.InstanceConstructors.Where(c => c.DeclaredAccessibility == Accessibility.Public)]
            : [];

    /// <summary>The name before the innermost parentheses that a position is between.</summary>
    private static SyntaxToken CalledAround(SyntaxToken left, int position)
    {
        foreach (SyntaxNode node in left.Parent?.AncestorsAndSelf() ?? [])
        {
            if (node is ArgumentListSyntax list && list.OpenParenToken.Span.End <= position
                && (list.CloseParenToken.IsMissing || position < list.CloseParenToken.Span.End))
            {
                return list.Parent switch
                {
                    InvocationExpressionSyntax call => NameOf(call.Expression),
                    ObjectCreationExpressionSyntax creation => NameOf(creation.Type),
                    _ => default,
                };
            }
        }

        return default;
    }

    private static SyntaxToken NameOf(ExpressionSyntax expression) => expression switch
    {
        MemberAccessExpressionSyntax member => member.Name.Identifier,
        MemberBindingExpressionSyntax member => member.Name.Identifier,
        QualifiedNameSyntax qualified => qualified.Right.Identifier,
        SimpleNameSyntax name => name.Identifier,
        _ => default,
    };
}
