using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace NotebookKernel;

/// <summary>
/// A notebook file (nbformat 4). Whatever is not understood is kept, and an unchanged notebook is written byte for byte as it was.
/// </summary>
public sealed class Notebook
{
    private const long MaxBytes = 256_000_000;

    private readonly JsonObject _root;
    private readonly string _original;
    private readonly string _written;

    private Notebook(string path, string text)
    {
        Path = path;
        _original = text;
        JsonNode? root;
        try
        {
            root = StrictJson.Parse(text.TrimStart('\uFEFF'), depth: 200);
            _written = PythonJson.Write(root);
        }
        catch (JsonException e)
        {
            throw new NotebookException(
                $"{path} is not a notebook: its JSON is damaged ({e.Message.TrimEnd('.')}); restore it or save it again.", e);
        }

        _root = root as JsonObject ?? throw new NotebookException($"{path} is not a notebook: its JSON is not an object.");
        if (_root["nbformat"] is not JsonValue format || !format.TryGetValue(out int version) || _root["cells"] is not JsonArray cells)
        {
            throw new NotebookException($"{path} is not a notebook: it has no nbformat and cells.");
        }

        if (version != 4)
        {
            throw new NotebookException($"{path} has notebook format {version}, and only 4 is read; open it in Jupyter and save it again.");
        }

        Cells = [.. cells.Select((cell, i) => new NotebookCell(path, i + 1, cell))];
    }

    /// <summary>Where it was read from.</summary>
    public string Path { get; }

    /// <summary>All cells, in order.</summary>
    public IReadOnlyList<NotebookCell> Cells { get; }

    /// <summary>The notebook's metadata: kernel, language and what programs left there.</summary>
    public JsonObject Metadata
    {
        get
        {
            if (_root["metadata"] is not JsonObject metadata)
            {
                _root["metadata"] = metadata = [];
            }

            return metadata;
        }
    }

    /// <summary>Whether saving would change the file.</summary>
    public bool IsChanged => PythonJson.Write(_root) != _written;

    /// <summary>Reads a notebook.</summary>
    /// <param name="path">The .ipynb file.</param>
    /// <returns>The notebook.</returns>
    /// <exception cref="NotebookException">The file cannot be read or is not a notebook of format 4.</exception>
    public static Notebook Load(string path)
    {
        try
        {
            if (new FileInfo(path).Length > MaxBytes)
            {
                throw new NotebookException($"{path} has more than {MaxBytes / 1_000_000} MB; clear its outputs first.");
            }

            return new Notebook(path, new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(File.ReadAllBytes(path)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or DecoderFallbackException)
        {
            throw new NotebookException($"{path} cannot be read ({e.Message.TrimEnd('.')}).", e);
        }
    }

    /// <summary>A notebook with this one's metadata and other cells, which is not written yet.</summary>
    /// <param name="path">Where it goes.</param>
    /// <param name="cells">Its cells, as <see cref="NotebookCell.ToJson"/> gives them.</param>
    /// <returns>The notebook.</returns>
    public Notebook With(string path, IEnumerable<JsonObject> cells)
    {
        var root = (JsonObject)_root.DeepClone();
        root["cells"] = new JsonArray([.. cells]);
        return new Notebook(path, PythonJson.Write(root));
    }

    /// <summary>The file's text: as it was read where nothing changed, and otherwise as Jupyter writes it.</summary>
    /// <returns>The whole JSON text.</returns>
    public string ToText() => PythonJson.Write(_root) is var text && text == _written ? _original : text;

    /// <summary>Writes the notebook beside its place and renames it; does nothing when nothing changed.</summary>
    /// <exception cref="NotebookException">The folder cannot be written to.</exception>
    public void Save()
    {
        if (!IsChanged)
        {
            return;
        }

        string beside = $"{Path}.{Environment.ProcessId}.tmp";
        try
        {
            File.WriteAllText(beside, ToText(), new UTF8Encoding(false));
            File.Move(beside, Path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            File.Delete(beside);
            throw new NotebookException($"{Path} cannot be written ({e.Message.TrimEnd('.')}).", e);
        }
    }

    /// <summary>
    /// What a C# notebook's <c>language_info</c> says, so that code is coloured everywhere. Polyglot Notebooks writes a name of its own,
    /// which editors without that retired extension do not know, and opens notebooks with these values all the same.
    /// </summary>
    internal static IReadOnlyDictionary<string, string> Language { get; } = new Dictionary<string, string>
    {
        ["file_extension"] = ".cs",
        ["mimetype"] = "text/x-csharp",
        ["name"] = "C#",
        ["pygments_lexer"] = "csharp",
    };

    /// <summary>Whether the metadata says that the language is C#, in the words that every editor knows.</summary>
    internal bool IsCSharp => Metadata["language_info"] is JsonObject language
        && Language.All(one => language[one.Key] is JsonValue value && value.TryGetValue(out string? text) && text == one.Value);

    /// <summary>
    /// Names the C# kernel where no kernel is named, and the language, in the metadata, so that editors open the notebook with them.
    /// </summary>
    public void NameKernel()
    {
        Metadata.TryAdd("kernelspec",
            new JsonObject { ["display_name"] = KernelSpec.DisplayName, ["language"] = "C#", ["name"] = KernelSpec.Name });
        if (!IsCSharp)
        {
            Metadata["language_info"] = new JsonObject(Language.Select(one => KeyValuePair.Create(one.Key, (JsonNode?)one.Value)));
        }

        Metadata.TryAdd("polyglot_notebook", new JsonObject
        {
            ["kernelInfo"] = new JsonObject
            {
                ["defaultKernelName"] = "csharp",
                ["items"] = new JsonArray(new JsonObject { ["aliases"] = new JsonArray(), ["name"] = "csharp" }),
            },
        });
    }
}
