using System.Text.Json.Nodes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Completion;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Host.Mef;
using Microsoft.CodeAnalysis.QuickInfo;
using Microsoft.CodeAnalysis.Tags;
using Microsoft.CodeAnalysis.Text;

namespace NotebookKernel;

/// <summary>Completion and inspection for a cell that is being written, by Roslyn, in the text of all cells so far.</summary>
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
            ["items"] = new JsonArray(
                [.. items.OrderByDescending(IsType).ThenBy(i => i.SortText, StringComparer.OrdinalIgnoreCase).DistinctBy(Inserted)
                    .Take(MaxItems).Select(i => new JsonObject
            {
                ["text"] = Inserted(i),
                ["type"] = i.Tags.FirstOrDefault()?.ToLowerInvariant() ?? "",
            })]),
        };
    }

    /// <summary>
    /// What is known of the name at a position, or else of what is called around it: signature, documentation, parameters, other
    /// overloads; empty texts where there is nothing.
    /// </summary>
    public async Task<JsonObject> InspectAsync(string code, int position)
    {
        (Document document, int there, _) = Open(code, position);
        var thing = Inspection.At((await document.GetSyntaxRootAsync())!, (await document.GetSemanticModelAsync())!, there);
        (string plain, string markdown) = thing.Describe(
            await QuickInfoService.GetService(document)!.GetQuickInfoAsync(document, thing.Place));
        return new JsonObject { ["plain"] = plain, ["markdown"] = markdown };
    }

    private static string Inserted(CompletionItem item) => item.Properties.GetValueOrDefault("InsertionText", item.DisplayText);

    private static bool IsType(CompletionItem item)
        => item.Tags.Any(t => t is WellKnownTags.Class or WellKnownTags.Structure or WellKnownTags.Interface or WellKnownTags.Enum
            or WellKnownTags.Delegate);

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
            _document = _document is null || _document.Project.MetadataReferences.Count != _session.MetadataReferences.Length
                ? Create(text)
                : _document.WithText(text);
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
            .AddDocument(DocumentInfo.Create(document, "cells.csx", sourceCodeKind: SourceCodeKind.Script,
                loader: TextLoader.From(TextAndVersion.Create(text, VersionStamp.Create()))))
            .GetDocument(document)!;
    }
}
