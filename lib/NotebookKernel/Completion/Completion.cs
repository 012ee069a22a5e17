using System.Text.Json.Nodes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Completion;
using Microsoft.CodeAnalysis.Host.Mef;
using Microsoft.CodeAnalysis.QuickInfo;
using Microsoft.CodeAnalysis.Text;

namespace NotebookKernel;

/// <summary>Completion and hover for a cell that is being written, with the cells so far in a chain of Roslyn projects.</summary>
internal sealed class Completion
{
    private const int MaxItems = 300;

    private readonly Session _session;
    private readonly Lock _gate = new();
    private Solution _solution;
    private ProjectId? _latest;
    private int _cells;

    public Completion(Session session)
    {
        _session = session;
        _solution = new AdhocWorkspace(MefHostServices.Create(MefHostServices.DefaultAssemblies)).CurrentSolution;
    }

    /// <summary>What can stand at a position.</summary>
    public async Task<JsonObject> CompleteAsync(string code, int position)
    {
        Document document = Open(code);
        var service = CompletionService.GetService(document)!;
        CompletionList list = await service.GetCompletionsAsync(document, position);
        int start = list.ItemsList.Count > 0 ? list.Span.Start : position;
        string typed = code[start..Math.Max(start, position)];

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
        Document document = Open(code);
        QuickInfoItem? info = await QuickInfoService.GetService(document)!.GetQuickInfoAsync(document, position);
        string[] sections = [.. info?.Sections.Select(s => s.Text.Trim()).Where(t => t.Length > 0) ?? []];
        return new JsonObject
        {
            ["plain"] = string.Join("\n\n", sections),
            ["markdown"] = sections.Length == 0 ? "" : $"```csharp\n{sections[0]}\n```\n\n{string.Join("\n\n", sections.Skip(1))}".TrimEnd(),
        };
    }

    private Document Open(string code)
    {
        lock (_gate)
        {
            foreach (SyntaxTree cell in _session.Compiled[_cells..])
            {
                (_solution, Document added) = Add(cell.GetText());
                _latest = added.Project.Id;
                _cells++;
            }

            return Add(CellSource.Parse(code, _cells + 1).Tree.GetText()).Document;
        }
    }

    private (Solution Solution, Document Document) Add(SourceText text)
    {
        var project = ProjectId.CreateNewId();
        var document = DocumentId.CreateNewId(project);
        string name = $"Cell{_cells + 1}";
        var info = ProjectInfo.Create(
            project,
            VersionStamp.Create(),
            name,
            name,
            LanguageNames.CSharp,
            compilationOptions: ((Microsoft.CodeAnalysis.CSharp.CSharpCompilationOptions)_session.Options).WithScriptClassName(name),
            parseOptions: CellSource.ParseOptions.WithDocumentationMode(DocumentationMode.Parse),
            projectReferences: _latest is null ? [] : [new ProjectReference(_latest)],
            metadataReferences: _session.MetadataReferences,
            isSubmission: true);
        Solution solution = _solution.AddProject(info)
            .AddDocument(DocumentInfo.Create(document, name + ".csx", sourceCodeKind: SourceCodeKind.Script, loader: TextLoader.From(TextAndVersion.Create(text, VersionStamp.Create()))));
        return (solution, solution.GetDocument(document)!);
    }
}
