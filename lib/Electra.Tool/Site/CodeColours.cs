using System.Net;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Classification;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Electra.Tool.Site;

/// <summary>
/// Marks C# for a style sheet: keywords, texts, numbers, comments, types and methods, as Roslyn tells them from the code alone.
/// </summary>
internal sealed class CodeColours : IDisposable
{
    private readonly AdhocWorkspace _workspace = new();
    private readonly Project _project;
    private readonly Dictionary<string, string> _done = []; // a cell is the same in both languages, and often in its solution

    public CodeColours() => _project = _workspace.AddProject(ProjectInfo.Create(
        ProjectId.CreateNewId(), VersionStamp.Default, "cells", "cells", LanguageNames.CSharp,
        parseOptions: new CSharpParseOptions(LanguageVersion.Latest, kind: SourceCodeKind.Script)));

    /// <summary>A cell's code as HTML: spans with a class of one letter.</summary>
    /// <param name="code">C#, as in a notebook.</param>
    public string Html(string code)
    {
        if (!_done.TryGetValue(code, out string? html))
        {
            _done[code] = html = Marked(code);
        }

        return html;
    }

    public void Dispose() => _workspace.Dispose();

    private string Marked(string code)
    {
        var html = new StringBuilder();
        Document document = _project.AddDocument("cell.csx", SourceText.From(code)).WithSourceCodeKind(SourceCodeKind.Script);
        SyntaxNode root = document.GetSyntaxRootAsync().GetAwaiter().GetResult()!;
        Dictionary<TextSpan, string> names = Names(root);
        int done = 0;
        foreach (ClassifiedSpan part in Classifier.GetClassifiedSpansAsync(document, new TextSpan(0, code.Length)).GetAwaiter().GetResult()
            .Where(part => !ClassificationTypeNames.AdditiveTypeNames.Contains(part.ClassificationType))
            .OrderBy(part => part.TextSpan.Start).ThenByDescending(part => part.TextSpan.Length))
        {
            string? kind = Kind(part.ClassificationType) ?? names.GetValueOrDefault(part.TextSpan);
            if (kind is not null && part.TextSpan.Start >= done)
            {
                html.Append(WebUtility.HtmlEncode(code[done..part.TextSpan.Start])).Append($"<span class=\"{kind}\">")
                    .Append(WebUtility.HtmlEncode(code[part.TextSpan.Start..part.TextSpan.End])).Append("</span>");
                done = part.TextSpan.End;
            }
        }

        return html.Append(WebUtility.HtmlEncode(code[done..])).ToString();
    }

    private static string? Kind(string classification) => classification switch
    {
        _ when classification.Contains("keyword", StringComparison.Ordinal) => "k",
        _ when classification.StartsWith("string", StringComparison.Ordinal) => "s",
        _ when classification.Contains("comment", StringComparison.Ordinal) => "c",
        ClassificationTypeNames.NumericLiteral => "n",
        ClassificationTypeNames.ClassName or ClassificationTypeNames.RecordClassName or ClassificationTypeNames.StructName
            or ClassificationTypeNames.RecordStructName or ClassificationTypeNames.EnumName or ClassificationTypeNames.InterfaceName => "t",
        ClassificationTypeNames.MethodName or ClassificationTypeNames.ExtensionMethodName => "m",
        _ => null,
    };

    /// <summary>Names that are methods and types wherever they come from: what is called, made, declared or inherited from.</summary>
    private static Dictionary<TextSpan, string> Names(SyntaxNode root)
    {
        var names = new Dictionary<TextSpan, string>();
        foreach (SyntaxNode node in root.DescendantNodes())
        {
            switch (node)
            {
                case InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name: var called } }:
                    names[called.Identifier.Span] = "m";
                    break;
                case InvocationExpressionSyntax { Expression: SimpleNameSyntax called }:
                    names[called.Identifier.Span] = "m";
                    break;
                case ObjectCreationExpressionSyntax { Type: var type }:
                    Type(type);
                    break;
                case VariableDeclarationSyntax { Type: var type }:
                    Type(type);
                    break;
                case ParameterSyntax { Type: { } type }:
                    Type(type);
                    break;
                case MethodDeclarationSyntax { ReturnType: var type }:
                    Type(type);
                    break;
                case LocalFunctionStatementSyntax { ReturnType: var type }:
                    Type(type);
                    break;
                case BaseTypeSyntax { Type: var type }:
                    Type(type);
                    break;
                case TypeArgumentListSyntax { Arguments: var types }:
                    foreach (TypeSyntax type in types)
                    {
                        Type(type);
                    }

                    break;
            }
        }

        return names;

        void Type(TypeSyntax type)
        {
            foreach (SimpleNameSyntax name in type.DescendantNodesAndSelf().OfType<SimpleNameSyntax>())
            {
                names.TryAdd(name.Identifier.Span, "t");
            }
        }
    }
}
