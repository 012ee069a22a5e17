using System.Text.Json;
using System.Text.Json.Nodes;
using NotebookKernel;

namespace Electra.Tool.Edition;

/// <summary>
/// Makes Korean notebooks of English ones: code, outputs, metadata and order are the English ones, Markdown stays Korean by the cells' ids.
/// The metadata of a Korean cell have the hash of the English text that it says the same as (<c>"electra": {"english": "1a2b3c4d"}</c>), or
/// that it is in English still (<c>"electra": {"translated": false}</c>).
/// </summary>
internal sealed class EditionSync
{
    private const string Key = "electra";
    private const string English = "english";
    private const string Translated = "translated";
    private const string All = "all";

    private readonly KoreanEdition _edition;
    private readonly EditionLinks _links;
    private readonly Dictionary<string, Dictionary<string, string>> _texts;
    private readonly HashSet<string> _translated;

    /// <summary>Looks at what is there.</summary>
    /// <param name="edition">The edition.</param>
    /// <param name="texts">A folder of texts, one JSON object a notebook from a cell's id to Korean Markdown; or null.</param>
    /// <param name="translated">Ids of cells whose Korean text says what the English says today; <c>all</c>: all that are Korean.</param>
    /// <exception cref="InputException">A file of texts cannot be read or belongs to no notebook.</exception>
    public EditionSync(KoreanEdition edition, string? texts = null, IEnumerable<string>? translated = null)
    {
        _edition = edition;
        _translated = [.. translated ?? []];
        _texts = texts is null ? [] : Read(texts);
        Notebooks = [.. edition.Originals.Where(one => _texts.ContainsKey(one) || File.Exists(edition.Counterpart(one)))];
        _links = new(edition, Notebooks.ToHashSet());
    }

    /// <summary>The notebooks that are there in both languages, or get Korean texts: relative to the course.</summary>
    public IReadOnlyList<string> Notebooks { get; }

    /// <summary>What all Korean notebooks should be; writes nothing.</summary>
    /// <exception cref="InputException">A text or an id belongs to no cell.</exception>
    /// <exception cref="NotebookException">A file is not a notebook, or cells have no ids of their own.</exception>
    public IReadOnlyList<EditionNotebook> Plan()
    {
        EditionNotebook[] plans = [.. Notebooks.Select(Plan)];
        HashSet<string> ids = [.. plans.SelectMany(plan => plan.Korean.Cells).Select(cell => cell.Id!)];
        return _translated.Where(id => id != All).FirstOrDefault(id => !ids.Contains(id)) is { } unknown
            ? throw new InputException($"No cell of the Korean notebooks has the id {unknown}; 'electra notebooks check' names the cells.")
            : plans;
    }

    /// <summary>What one Korean notebook should be.</summary>
    /// <inheritdoc cref="Plan()" path="/exception"/>
    public EditionNotebook Plan(string relative)
    {
        Notebook original = Notebook.Load(_edition.Original(relative));
        Notebook? stored = File.Exists(_edition.Counterpart(relative)) ? Notebook.Load(_edition.Counterpart(relative)) : null;
        Dictionary<string, NotebookCell> before = ById(stored);
        Dictionary<string, NotebookCell> cells = ById(original);
        Dictionary<string, string> texts = _texts.GetValueOrDefault(relative, []);
        if (texts.Keys.FirstOrDefault(id => cells.GetValueOrDefault(id)?.Kind != "markdown") is { } unknown)
        {
            throw new InputException($"{KoreanEdition.Show(original.Path)} has no Markdown cell {unknown}, but a Korean text of it.");
        }

        bool hasTitle = original.Cells is [{ Kind: "markdown" }, ..];
        Notebook english = original.With(original.Path, original.Cells.Select((cell, i) => i == 0 && hasTitle
            ? WithSource(cell.ToJson(), _links.WithSwitch(cell.Source, relative, korean: false)) : cell.ToJson()));
        Notebook korean = original.With(_edition.Counterpart(relative), original.Cells.Select(cell => cell.Kind == "markdown"
            ? Text(cell, before.GetValueOrDefault(cell.Id!), texts.GetValueOrDefault(cell.Id!), relative)
            : WithSource(cell.ToJson(), cell.IsCode ? EditionLinks.Deeper(cell.Source) : cell.Source)));
        var plan = new EditionNotebook(relative, english, korean, stored is not null)
        {
            IsEnglishChanged = hasTitle && english.Cells[0].Source != original.Cells[0].Source,
            IsChanged = stored?.ToText() != korean.ToText(),
            IsReordered = !before.Keys.Where(cells.ContainsKey).SequenceEqual(cells.Keys.Where(before.ContainsKey)),
        };
        plan.Removed.AddRange(before.Keys.Where(id => !cells.ContainsKey(id)));
        foreach (NotebookCell cell in korean.Cells)
        {
            Compare(plan, cell, cells[cell.Id!], before.GetValueOrDefault(cell.Id!));
        }

        return plan;
    }

    private void Compare(EditionNotebook plan, NotebookCell cell, NotebookCell original, NotebookCell? before)
    {
        if (before is null)
        {
            plan.Added.Add(cell.Id!);
        }
        else if (Carried(cell) != Carried(before))
        {
            plan.Carried.Add(cell.Id!);
        }

        if (cell.Kind != "markdown")
        {
            return;
        }

        JsonObject mark = Mark(cell)!;
        if (before is not null && (cell.Source != before.Source || mark.ToJsonString() != Mark(before)?.ToJsonString()))
        {
            plan.Texts.Add(cell.Id!);
        }

        if (mark[English] is null)
        {
            plan.Untranslated.Add(cell.Id!);
        }
        else if ((string?)mark[English] != Hash(original, plan.Relative))
        {
            plan.Outdated.Add(cell.Id!);
        }

        // Of a Markdown cell not its text and its mark.
        static string Carried(NotebookCell cell)
        {
            JsonObject json = cell.ToJson();
            if (cell.Kind == "markdown")
            {
                json.Remove("source");
                (json["metadata"] as JsonObject)?.Remove(Key);
            }

            return json.ToJsonString();
        }
    }

    /// <summary>The Korean cell of an English Markdown cell.</summary>
    private JsonObject Text(NotebookCell english, NotebookCell? before, string? given, string relative)
    {
        before = before?.Kind == "markdown" ? before : null;
        string hash = Hash(english, relative);
        string original = _links.Move(_links.WithoutSwitch(english.Source, relative), _edition.Original(relative), relative);
        string? stored = before is null ? null : _links.Move(before.Source, _edition.Counterpart(relative), relative);
        string? renewed = given is null ? null : _links.Move(given, _edition.Original(relative), relative);
        if (english.Number == 1)
        {
            (original, stored, renewed) = (Switched(original)!, Switched(stored), Switched(renewed));
        }

        string text = renewed ?? stored ?? original;
        JsonObject mark = Mark(before)?.DeepClone() as JsonObject ?? new JsonObject { [Translated] = false };
        if ((renewed is not null && (renewed != stored || mark[English] is null)) // a text that is stored already is not new
            || _translated.Contains(english.Id!) || (_translated.Contains(All) && text != original))
        {
            mark = new JsonObject { [English] = hash };
        }

        JsonObject json = WithSource(english.ToJson(), text);
        var metadata = (json["metadata"] as JsonObject)?.DeepClone() as JsonObject ?? [];
        metadata[Key] = mark;
        json["metadata"] = new JsonObject(metadata.OrderBy(one => one.Key, StringComparer.Ordinal)
            .Select(one => KeyValuePair.Create(one.Key, one.Value?.DeepClone())));
        return json;

        string? Switched(string? text) => text is null ? null : _links.WithSwitch(text, relative, korean: true);
    }

    private string Hash(NotebookCell english, string relative) => KoreanEdition.Hash(_links.WithoutSwitch(english.Source, relative));

    private static JsonObject? Mark(NotebookCell? cell) => (cell?.ToJson()["metadata"] as JsonObject)?[Key] as JsonObject;

    private static JsonObject WithSource(JsonObject cell, string text)
    {
        if (NotebookCell.Text(cell["source"]) != text)
        {
            cell["source"] = NotebookCell.Lines(text);
        }

        return cell;
    }

    private static Dictionary<string, NotebookCell> ById(Notebook? notebook)
    {
        var cells = new Dictionary<string, NotebookCell>();
        foreach (NotebookCell cell in notebook?.Cells ?? [])
        {
            if (cell.Id is null || !cells.TryAdd(cell.Id, cell))
            {
                throw new NotebookException($"{KoreanEdition.Show(notebook!.Path)}, cell {cell.Number} has no id of its own; save the " +
                    "notebook again in an editor.");
            }
        }

        return cells;
    }

    /// <summary>The texts of a folder, by the notebook's path relative to the course.</summary>
    private Dictionary<string, Dictionary<string, string>> Read(string folder)
    {
        if (!Directory.Exists(folder))
        {
            throw new InputException($"{folder} is no folder; give one with a JSON file for each notebook.");
        }

        var texts = new Dictionary<string, Dictionary<string, string>>();
        HashSet<string> known = [.. _edition.Originals];
        foreach (string file in Directory.EnumerateFiles(folder, "*.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            string notebook = Path.ChangeExtension(Path.GetRelativePath(folder, file), ".ipynb");
            if (!known.Contains(notebook))
            {
                throw new InputException($"{file} belongs to no notebook; {KoreanEdition.Show(_edition.Original(notebook))} is not there.");
            }

            try
            {
                texts[notebook] = (JsonSerializer.Deserialize<Dictionary<string, string?>>(File.ReadAllText(file)) ?? [])
                    .ToDictionary(one => one.Key, one => (one.Value ?? "").ReplaceLineEndings("\n").TrimEnd('\n'));
            }
            catch (Exception e) when (e is JsonException || InputFile.IsFileError(e))
            {
                throw new InputException($"{file} is no JSON object from ids of cells to Markdown ({e.Message.TrimEnd('.')}).", e);
            }
        }

        return texts.Count > 0 ? texts : throw new InputException($"{folder} has no JSON file; give a folder with one for each notebook.");
    }
}
