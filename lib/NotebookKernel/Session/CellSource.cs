using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace NotebookKernel;

/// <summary>A cell's code with its directives taken out and blanked, so that lines and columns stay the learner's own.</summary>
internal sealed class CellSource
{
    public static readonly CSharpParseOptions ParseOptions = new(LanguageVersion.Latest, DocumentationMode.None, SourceCodeKind.Script);

    private CellSource(SyntaxTree tree) => Tree = tree;

    /// <summary>The C# that is left.</summary>
    public SyntaxTree Tree { get; private set; }

    /// <summary>What stood between the quotes of each <c>#r "…"</c>, with its line (from 1).</summary>
    public List<(string Text, int Line)> References { get; } = [];

    /// <summary>Whether the cell asks for its time with <c>#!time</c>.</summary>
    public bool Timed { get; private set; }

    /// <summary>Directives that only another kernel knows, each with its line (from 1) and what to do instead.</summary>
    public List<(string Message, int Line)> Refused { get; } = [];

    public CompilationUnitSyntax Root => (CompilationUnitSyntax)Tree.GetRoot();

    public static string Path(int number) => $"cell [{number}]";

    public static CellSource Parse(string code, int number, CancellationToken cancel = default)
    {
        code = code.Replace("\r\n", "\n", StringComparison.Ordinal);
        SyntaxTree Parsed() => CSharpSyntaxTree.ParseText(code, ParseOptions, Path(number), System.Text.Encoding.UTF8, cancel);

        var source = new CellSource(Parsed());
        char[]? blanked = null;
        foreach (SyntaxTrivia trivia in source.Root.DescendantTrivia().Where(t => t.IsDirective))
        {
            string text = trivia.ToString().Trim();
            int line = trivia.GetLocation().GetLineSpan().StartLinePosition.Line + 1;
            if (!source.Take(text, line))
            {
                continue;
            }

            blanked ??= code.ToCharArray();
            for (int i = trivia.SpanStart; i < trivia.Span.End; i++)
            {
                blanked[i] = blanked[i] == '\n' ? '\n' : ' ';
            }
        }

        if (blanked is not null)
        {
            code = new string(blanked);
            source.Tree = Parsed();
        }

        return source;
    }

    /// <summary>Notes a directive of notebooks; false leaves it to the compiler.</summary>
    private bool Take(string text, int line)
    {
        if (Argument(text, "#r") is { } reference)
        {
            References.Add((reference, line));
            return true;
        }

        if (Argument(text, "#i") is not null)
        {
            Refused.Add(("#i is not supported; name the package source in a nuget.config beside the notebook.", line));
            return true;
        }

        if (!text.StartsWith("#!", StringComparison.Ordinal))
        {
            return false;
        }

        switch (text[2..].Trim())
        {
            case "time":
                Timed = true;
                break;
            case "csharp" or "c#" or "C#":
                break;
            case "markdown":
                Refused.Add(("#!markdown is not supported; make the cell a Markdown cell.", line));
                break;
            case var magic:
                Refused.Add(($"#!{magic} is not supported: cells are C#, and #!time is the only magic command; remove the line.", line));
                break;
        }

        return true;
    }

    private static string? Argument(string text, string directive)
    {
        string rest = text.StartsWith(directive, StringComparison.Ordinal) ? text[directive.Length..].Trim() : "";
        int end = rest.Length > 1 && rest[0] == '"' ? rest.IndexOf('"', 1) : -1;
        return end > 0 ? rest[1..end] : null;
    }
}
