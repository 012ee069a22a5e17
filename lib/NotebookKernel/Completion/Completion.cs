using System.Text.Json.Nodes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Completion;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Host.Mef;
using Microsoft.CodeAnalysis.QuickInfo;
using Microsoft.CodeAnalysis.Text;

namespace NotebookKernel;

/// <summary>Completion and hover for a cell that is being written, by Roslyn, in the text of all cells so far.</summary>
internal sealed class Completion
{
    private const int MaxItems = 300;

    private readonly Session _session;
    private readonly SessionText _text = new();
    private readonly Solution _empty = new AdhocWorkspace(MefHostServices.Create(MefHostServices.DefaultAssemblies)).CurrentSolution;
    private readonly Lock _gate = new();
    private Document? _document;
    private int _cells;

    public Completion(Session session) => _session = session;

    /// <summary>What can stand at a position.</summary>
    public async Task<JsonObject> CompleteAsync(string code, int position)
    {
        (Document document, int there, Func<int, int> back) = Open(code, position);
        CompletionList list = await CompletionService.GetService(document)!.GetCompletionsAsync(document, there);
        int start = list.ItemsList.Count > 0 ? Math.Clamp(back(list.Span.Start), 0, position) : position;
        string typed = code[start..position];

        IEnumerable<CompletionItem> Items(Func<string, bool> fits) => list.ItemsList.Where(i => !i.IsComplexTextEdit && fits(i.FilterText));
        CompletionItem[] items = [.. Items(t => t.StartsWith(typed, StringComparison.OrdinalIgnoreCase))];
        items = items.Length > 0 ? items : [.. Items(t => t.Contains(typed, StringComparison.OrdinalIgnoreCase))];
        return new JsonObject
        {
            ["start"] = start,
            ["end"] = position,
            ["items"] = new JsonArray([.. items.OrderBy(i => i.SortText, StringComparer.OrdinalIgnoreCase).Take(MaxItems).Select(i => new JsonObject
            {
                ["text"] = i.Properties.GetValueOrDefault("InsertionText", i.DisplayText),
                ["type"] = i.Tags.FirstOrDefault()?.ToLowerInvariant() ?? "",
            })]),
        };
    }

    /// <summary>What is known of the thing at a position: its signature and documentation, or an empty text.</summary>
    public async Task<JsonObject> HoverAsync(string code, int position)
    {
        (Document document, int there, _) = Open(code, position);
        QuickInfoItem? info = await QuickInfoService.GetService(document)!.GetQuickInfoAsync(document, there);
        string[] sections = [.. info?.Sections.Select(s => s.Text.ReplaceLineEndings("\n").Trim()).Where(t => t.Length > 0) ?? []];
        return new JsonObject
        {
            ["plain"] = string.Join("\n\n", sections),
            ["markdown"] = sections.Length == 0 ? "" : $"```csharp\n{sections[0]}\n```\n\n{string.Join("\n\n", sections.Skip(1))}".TrimEnd(),
        };
    }

    private (Document Document, int There, Func<int, int> Back) Open(string code, int position)
    {
        lock (_gate)
        {
            foreach (SyntaxTree cell in _session.Compiled[_cells..])
            {
                _text.Add((CompilationUnitSyntax)cell.GetRoot());
                _cells++;
            }

            (SourceText text, Func<int, int> there, Func<int, int> back) = _text.Around(CellSource.Parse(code, _cells + 1).Tree);
            _document = _document is null || _document.Project.MetadataReferences.Count != _session.MetadataReferences.Length ? Create(text) : _document.WithText(text);
            return (_document, there(position), back);
        }
    }

    private Document Create(SourceText text)
    {
        var project = ProjectId.CreateNewId();
        var document = DocumentId.CreateNewId(project);
        return _empty
            .AddProject(ProjectInfo.Create(
                project,
                VersionStamp.Create(),
                "Cells",
                "Cells",
                LanguageNames.CSharp,
                compilationOptions: _session.Options,
                parseOptions: CellSource.ParseOptions.WithDocumentationMode(DocumentationMode.Parse),
                metadataReferences: _session.MetadataReferences,
                isSubmission: true))
            .AddDocument(DocumentInfo.Create(document, "cells.csx", sourceCodeKind: SourceCodeKind.Script, loader: TextLoader.From(TextAndVersion.Create(text, VersionStamp.Create()))))
            .GetDocument(document)!;
    }
}
