using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace NotebookKernel;

/// <summary>
/// What the cells so far declared, as one script: usings, variables with their initialisers, functions and types, the latest of a
/// name. One text stays fast and small where a chain of two hundred compilations does not.
/// </summary>
internal sealed class SessionText
{
    private readonly Dictionary<string, string> _usings = [];
    private readonly Dictionary<string, string> _declarations = [];

    public void Add(CompilationUnitSyntax cell)
    {
        foreach (UsingDirectiveSyntax u in cell.Usings)
        {
            _usings[u.Alias?.Name.ToString() ?? u.ToString()] = u.ToString();
        }

        foreach (MemberDeclarationSyntax member in cell.Members)
        {
            Add(member);
        }
    }

    /// <summary>The session's text around a cell, and where a position of the cell lies in it.</summary>
    public (SourceText Text, Func<int, int> There, Func<int, int> Back) Around(SyntaxTree cell)
    {
        string code = cell.GetText().ToString();
        int usingsEnd = ((CompilationUnitSyntax)cell.GetRoot()).Usings.FullSpan.End;
        string usings = string.Concat(_usings.Values.Select(u => u + "\n"));
        string declarations = "\n" + string.Concat(_declarations.Values.Distinct().Select(d => d + "\n"));
        int Shift(int position) => position <= usingsEnd && usingsEnd > 0 ? usings.Length : usings.Length + declarations.Length;
        var text = new StringBuilder(usings).Append(code, 0, usingsEnd).Append(declarations)
            .Append(code, usingsEnd, code.Length - usingsEnd);
        return (SourceText.From(text.ToString()), p => p + Shift(p),
            p => p < usings.Length + usingsEnd ? p - usings.Length : p - usings.Length - declarations.Length);
    }

    private void Add(MemberDeclarationSyntax member)
    {
        switch (member)
        {
            case FieldDeclarationSyntax field:
                foreach (VariableDeclaratorSyntax variable in field.Declaration.Variables)
                {
                    Set(variable.Identifier, $"{field.Declaration.Type} {variable};");
                }

                break;
            case MethodDeclarationSyntax method:
                Set(method.Identifier, Documented(method));
                break;
            case PropertyDeclarationSyntax property:
                Set(property.Identifier, Documented(property));
                break;
            case BaseTypeDeclarationSyntax type:
                Set(type.Identifier, Documented(type));
                break;
            case DelegateDeclarationSyntax type:
                Set(type.Identifier, Documented(type));
                break;
            case GlobalStatementSyntax { Statement: ExpressionStatementSyntax or LocalDeclarationStatementSyntax } statement:
                // var (a, b) = …; F(out var x);
                string text = statement.ToString();
                foreach (SyntaxNode name in statement.DescendantNodes(n => n is not LambdaExpressionSyntax)
                    .Where(n => n is SingleVariableDesignationSyntax or VariableDeclaratorSyntax))
                {
                    Set(name.GetFirstToken(), text.EndsWith(';') ? text : text + ";");
                }

                break;
        }
    }

    /// <summary>A declaration below its documentation, which cells are compiled without.</summary>
    private static string Documented(MemberDeclarationSyntax member)
        => string.Concat(member.GetLeadingTrivia().Select(t => t.ToString()).Where(t => t.StartsWith("///", StringComparison.Ordinal))
            .Select(t => t + "\n")) + member;

    private void Set(SyntaxToken name, string text) => _declarations[name.ValueText] = text;
}
