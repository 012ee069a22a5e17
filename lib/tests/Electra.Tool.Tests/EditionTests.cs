using System.Text.Json;
using System.Text.Json.Nodes;
using Electra.Tests;
using Electra.Tool.Edition;
using NotebookKernel;

namespace Electra.Tool.Tests;

/// <summary>The Korean edition of a small course: two lessons and a solution, with a figure and a glossary.</summary>
[Collection(ToolConsole.Name)]
public sealed class EditionTests : IDisposable
{
    private const string Lesson = "01-a.ipynb";

    private readonly TemporaryFolder _folder = new();

    public EditionTests()
    {
        foreach (string file in (string[])["notebooks/README.md", "notebooks/README.ko.md", "notebooks/glossary.md", "images/a.svg",
            "images/ko/a.svg", "images/b.svg", "data/README.md"])
        {
            Put(file, "");
        }

        Put("README.md", "# Title\n\n## Two commands\n\n```\n# no heading\n```\n");
        Put("README.ko.md", "# 제목\n\n## 명령 두 개\n");
        Write($"notebooks/{Lesson}",
            Markdown("a-1", "# 01 A\n\n[All lessons](README.md) | [02 B](02-b.ipynb) | [Solutions](solutions/01-a.ipynb)"),
            Code("a-2", "#r \"../lib/bin/Electra.dll\"\n#r \"nuget: X, 1.0\"\nusing Electra;", 1),
            Markdown("a-3", "## Part\n\nA [token](glossary.md#token).\n\n![A](../images/a.svg) ![B](../images/b.svg)"),
            Code("a-4", "1 + 1", 2, "2"));
        Write("notebooks/02-b.ipynb", Markdown("b-1", "# 02 B"), Code("b-2", "\"../lib\"", 1));
        Write("notebooks/solutions/01-a.ipynb",
            Markdown("s-1", "# Solutions: 01 A\n\n[the lesson](../01-a.ipynb), [b](../02-b.ipynb), [README](../../README.md#two-commands)"),
            Code("s-2", "#r \"../../lib/bin/Electra.dll\"", 1));
        Texts("01-a", ("a-1", "# 01 가\n\n[전체 강의](README.md) | [02 나](02-b.ipynb) | [해답](solutions/01-a.ipynb)"),
            ("a-3", "## 부분\n\n[토큰](glossary.md#token), `[x](glossary.md)`.\n\n![가](../images/a.svg) ![나](../images/b.svg)"));
        Texts("solutions/01-a",
            ("s-1", "# 해답: 01 가\n\n[강의](../01-a.ipynb), [나](../02-b.ipynb), [README](../../README.md#two-commands)"));
    }

    private string Course => _folder.File("notebooks");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Texts_make_notebooks_with_the_English_code_and_outputs_one_folder_deeper()
    {
        await Sync("--texts", _folder.File("texts"));
        Notebook english = Notebook.Load(Path.Combine(Course, Lesson));
        Notebook korean = Korean(Lesson);
        Assert.Equal(["a-1", "a-2", "a-3", "a-4"], korean.Cells.Select(cell => cell.Id));
        Assert.Equal("#r \"../../lib/bin/Electra.dll\"\n#r \"nuget: X, 1.0\"\nusing Electra;", korean.Cells[1].Source);
        Assert.Equal("#r \"../../../lib/bin/Electra.dll\"", Korean("solutions/01-a.ipynb").Cells[1].Source);
        Assert.Equal(english.Cells[3].ToJson().ToJsonString(), korean.Cells[3].ToJson().ToJsonString());
        Assert.Equal(english.Metadata.ToJsonString(), korean.Metadata.ToJsonString());
        Assert.Empty(Findings(Lesson, "solutions/01-a.ipynb"));
    }

    [Fact]
    public async Task Links_lead_to_what_is_Korean_and_from_language_to_language()
    {
        await Sync("--texts", _folder.File("texts"));
        Assert.Equal("# 01 가\n\n[전체 강의](../README.ko.md) | [02 나](../02-b.ipynb) | [해답](solutions/01-a.ipynb)\n\n[English](../01-a.ipynb)",
            Korean(Lesson).Cells[0].Source);
        Assert.Equal(
            "## 부분\n\n[토큰](../glossary.md#token), `[x](glossary.md)`.\n\n![가](../../images/ko/a.svg) ![나](../../images/b.svg)",
            Korean(Lesson).Cells[2].Source);
        Assert.Equal("# 해답: 01 가\n\n[강의](../01-a.ipynb), [나](../../02-b.ipynb), [README](../../../README.ko.md#명령-두-개)"
            + "\n\n[English](../../solutions/01-a.ipynb)", Korean("solutions/01-a.ipynb").Cells[0].Source);
        Assert.EndsWith("\n\n[한국어](ko/01-a.ipynb)", English(Lesson).Cells[0].Source, StringComparison.Ordinal);
        Assert.EndsWith("\n\n[한국어](../ko/solutions/01-a.ipynb)", English("solutions/01-a.ipynb").Cells[0].Source,
            StringComparison.Ordinal);

        Texts("02-b", ("b-1", "# 02 나"));
        await Sync("--texts", _folder.File("texts")); // from now on there is a second lesson to lead to
        Assert.Contains("[02 나](02-b.ipynb)", Korean(Lesson).Cells[0].Source, StringComparison.Ordinal);
        Assert.Contains("[나](../02-b.ipynb)", Korean("solutions/01-a.ipynb").Cells[0].Source, StringComparison.Ordinal);
        Assert.Empty(Findings(Lesson, "02-b.ipynb", "solutions/01-a.ipynb"));
    }

    [Fact]
    public async Task Where_nothing_changed_no_file_is_written()
    {
        await Sync("--texts", _folder.File("texts"));
        string[] files = Directory.GetFiles(Course, "*", SearchOption.AllDirectories);
        byte[][] before = [.. files.Select(File.ReadAllBytes)];
        foreach (string file in files)
        {
            File.SetLastWriteTimeUtc(file, DateTime.UnixEpoch);
        }

        Assert.All((await Sync()).GetProperty("notebooks").EnumerateArray(), one => Assert.False(one.GetProperty("written").GetBoolean()));
        await Sync("--texts", _folder.File("texts"));
        Assert.Equal(before, files.Select(File.ReadAllBytes));
        Assert.All(files, file => Assert.Equal(DateTime.UnixEpoch, File.GetLastWriteTimeUtc(file)));
        Assert.Equal(files, Directory.GetFiles(Course, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Changed_outputs_new_cells_and_another_order_are_carried_over_and_Korean_texts_stay()
    {
        await Sync("--texts", _folder.File("texts"));
        string korean = Korean(Lesson).Cells[2].Source;
        JsonObject[] cells = [.. English(Lesson).Cells.Select(cell => cell.ToJson())];
        Write($"notebooks/{Lesson}", cells[0], cells[2], Code("a-5", "#load \"../x.cs\"", 1),
            Markdown("a-6", "New [token](glossary.md#token)."), Code("a-4", "1 + 1", 2, "two"));

        Assert.Equal(
        [
            "the cell a-5 is in English only", "the cell a-6 is in English only", "the cell a-2 is in Korean only",
            "the cell a-4 has other code, outputs or metadata than in English",
        ], Findings(Lesson).Select(finding => finding.Message.Split(';')[0]));
        JsonElement told = Assert.Single((await Sync()).GetProperty("notebooks").EnumerateArray(),
            one => one.GetProperty("written").GetBoolean());
        Assert.Equal(["a-5", "a-6"], Ids(told, "added"));
        Assert.Equal(["a-2"], Ids(told, "removed"));
        Assert.Equal(["a-4"], Ids(told, "carried"));
        Assert.Equal(["a-6"], Ids(told, "untranslated"));
        Notebook now = Korean(Lesson);
        Assert.Equal(["a-1", "a-3", "a-5", "a-6", "a-4"], now.Cells.Select(cell => cell.Id));
        Assert.Equal(korean, now.Cells[1].Source);
        Assert.Equal("#load \"../../x.cs\"", now.Cells[2].Source);
        Assert.Equal("New [token](../glossary.md#token).", now.Cells[3].Source);
        Assert.Equal("two", NotebookCell.Text(now.Cells[4].Outputs[0]["text"]));
        CheckFinding english = Assert.Single(Findings(Lesson));
        Assert.Equal((4, true), (english.Cell, english.Message.StartsWith("a-6 is in English still", StringComparison.Ordinal)));

        // An edited text stays as it is, marked or not.
        Rewrite(Lesson, "a-6", "새로운 [토큰](../glossary.md#token).");
        await Sync();
        Assert.Single(Findings(Lesson));
        await Sync("--translated", "a-6");
        Assert.Empty(Findings(Lesson));
        Assert.Equal("새로운 [토큰](../glossary.md#token).", Korean(Lesson).Cells[3].Source);
    }

    [Fact]
    public async Task A_changed_English_text_is_a_finding_until_one_says_that_it_is_translated()
    {
        await Sync("--texts", _folder.File("texts"));
        RewriteEnglish("a-3", "## Part\n\nAnother sentence.");
        AssertOutdated();
        JsonElement told = (await Sync()).GetProperty("notebooks")[0];
        Assert.Equal((false, "a-3"), (told.GetProperty("written").GetBoolean(), Assert.Single(Ids(told, "outdated"))));
        AssertOutdated(); // sync alone believes nothing
        await Sync("--texts", _folder.File("texts")); // and texts that are there already are not newer ones
        AssertOutdated();
        await Sync("--translated", "a-1,a-3");
        Assert.Empty(Findings(Lesson));

        RewriteEnglish("a-3", "## Part\n\nA third.");
        Texts("01-a", ("a-3", "## 부분\n\n셋째 문장."));
        await Sync("--texts", _folder.File("texts"));
        Assert.Empty(Findings(Lesson));
        Assert.Equal("## 부분\n\n셋째 문장.", Korean(Lesson).Cells[2].Source);
        Assert.StartsWith("# 01 가", Korean(Lesson).Cells[0].Source, StringComparison.Ordinal); // what has no new text keeps its own

        void AssertOutdated()
        {
            CheckFinding finding = Assert.Single(Findings(Lesson));
            Assert.Equal(3, finding.Cell);
            Assert.StartsWith("the English text of a-3 changed after the Korean; ", finding.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task All_that_are_Korean_are_said_to_be_translated_and_those_in_English_are_not()
    {
        Texts("01-a", ("a-1", "# 01 가"));
        await Sync("--texts", _folder.File("texts"));
        RewriteEnglish("a-1", "# 01 Changed\n\n[한국어](ko/01-a.ipynb)");
        await Sync("--translated", "all");
        Assert.StartsWith("a-3 is in English still", Assert.Single(Findings(Lesson)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a-4", "1 + 2", 4, "the cell a-4 has other code")]
    [InlineData("a-2", "#r \"../../../lib/bin/Electra.dll\"\n#r \"nuget: X, 1.0\"\nusing Electra;", 2, "the cell a-2 has other code")]
    [InlineData("a-2", "#r \"../../lib/bin/Electra.dll\"\n#r \"nuget: X, 1.1\"\nusing Electra;", 2, "the cell a-2 has other code")]
    [InlineData("a-3", "![가](../../images/a.svg)", 3, "the cell a-3 has links that lead elsewhere")]
    [InlineData("a-1", "# 01 가", 1, "the cell a-1 has links that lead elsewhere")]
    public async Task What_is_not_as_in_English_is_found(string id, string source, int number, string message)
    {
        await Sync("--texts", _folder.File("texts"));
        Rewrite(Lesson, id, source);
        string path = Path.Combine(Course, "ko", Lesson);
        (int code, IReadOnlyList<JsonElement> lines) = await ToolConsole.Run("notebooks", "check", path, "--json");
        JsonElement finding = lines[0].GetProperty("findings").EnumerateArray()
            .Single(one => one.GetProperty("message").GetString()!.StartsWith(message, StringComparison.Ordinal));
        Assert.Equal((1, number, path), (code, finding.GetProperty("cell").GetInt32(), finding.GetProperty("path").GetString()));
        await Sync();
        Assert.Empty(Findings(Lesson));
    }

    [Fact]
    public async Task Metadata_and_bytes_are_those_of_the_English_notebook()
    {
        await Sync("--texts", _folder.File("texts"));
        string path = Path.Combine(Course, "ko", Lesson);
        string text = File.ReadAllText(path);
        foreach (string other in (string[])[text.Replace("\"C#\"", "\"F#\"", StringComparison.Ordinal), text + "\n",
            text.Replace("\"2\"", "\"\\u0032\"", StringComparison.Ordinal)])
        {
            Assert.NotEqual(text, other);
            File.WriteAllText(path, other);
            Assert.StartsWith("metadata or bytes", Assert.Single(Findings(Lesson)).Message, StringComparison.Ordinal);
            await Sync();
            Assert.Equal(text, File.ReadAllText(path));
        }
    }

    [Fact]
    public async Task Every_notebook_has_its_counterpart()
    {
        Assert.Empty(Findings(Lesson, "02-b.ipynb")); // without an edition nothing is asked
        await Sync("--texts", _folder.File("texts"));
        File.Copy(Path.Combine(Course, "ko", Lesson), Path.Combine(Course, "ko", "09-z.ipynb"));
        CheckFinding[] findings = [.. EditionCheck.Check(NotebookRunner.Find([Course]))];
        Assert.Equal(2, findings.Length);
        Assert.Equal(Path.Combine(Course, "02-b.ipynb"), findings[0].Path);
        Assert.StartsWith("there is no Korean notebook", findings[0].Message, StringComparison.Ordinal);
        Assert.Equal(Path.Combine(Course, "ko", "09-z.ipynb"), findings[1].Path);
        Assert.StartsWith("there is no English notebook", findings[1].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_ko_is_an_edition_only_beside_notebooks()
    {
        Write("ko/a.ipynb", Markdown("a-1", "# A"));
        Assert.Empty(EditionCheck.Check([_folder.File("ko/a.ipynb")]));
        Assert.Single(KoreanEdition.LeaveOut([_folder.File("ko")]));
        Assert.Equal(4, KoreanEdition.LeaveOut([_folder.Path]).Length);
    }

    [Fact]
    public async Task Korean_notebooks_are_run_where_they_are_named()
    {
        await Sync("--texts", _folder.File("texts"));
        string ko = Path.Combine(Course, "ko");
        Assert.Equal([Lesson, "02-b.ipynb", "solutions/01-a.ipynb"],
            KoreanEdition.LeaveOut([Course]).Select(path => Path.GetRelativePath(Course, path).Replace('\\', '/')));
        Assert.Equal(3, KoreanEdition.LeaveOut([_folder.Path]).Length);
        Assert.Equal([Path.Combine(ko, Lesson), Path.Combine(ko, "solutions", Lesson)], KoreanEdition.LeaveOut([ko]));
        Assert.Equal([Path.Combine(ko, "solutions", Lesson)], KoreanEdition.LeaveOut([Path.Combine(ko, "solutions")]));
        Assert.Equal([Path.Combine(ko, Lesson)], KoreanEdition.LeaveOut([Path.Combine(ko, Lesson)]));
        Assert.Equal(5, NotebookRunner.Find([Course]).Count);
        Assert.Throws<NotebookException>(() => KoreanEdition.LeaveOut([Path.Combine(Course, "nowhere")]));
    }

    [Fact]
    public async Task Texts_that_belong_to_nothing_are_refused_before_anything_is_written()
    {
        Texts("02-b", ("b-2", "code"));
        await Refused("b-2", "--texts", _folder.File("texts"));
        Texts("02-b", ("b-1", "# 02 나"));
        Texts("03-c", ("c-1", "# 03"));
        await Refused("03-c.ipynb", "--texts", _folder.File("texts"));
        File.Delete(_folder.File("texts/03-c.json"));
        Put("texts/02-b.json", "[1]");
        await Refused("02-b.json is no JSON object", "--texts", _folder.File("texts"));
        await Refused("is no folder", "--texts", _folder.File("nowhere"));
        await Refused("has no JSON file", "--texts", Course);
        await Refused("the id a-3", "--translated", "a-3"); // there is no Korean notebook yet
        Assert.False(Directory.Exists(Path.Combine(Course, "ko")));

        async Task Refused(string message, params string[] options) => Assert.Contains(message,
            await ToolConsole.Refused(["notebooks", "sync", Course, .. options]), StringComparison.Ordinal);
    }

    private static string[] Ids(JsonElement notebook, string name) =>
        [.. notebook.GetProperty(name).EnumerateArray().Select(id => id.GetString()!)];

    private static JsonObject Markdown(string id, string text) =>
        new() { ["cell_type"] = "markdown", ["id"] = id, ["metadata"] = new JsonObject(), ["source"] = NotebookCell.Lines(text) };

    private static JsonObject Code(string id, string text, int count, string? output = null) => new()
    {
        ["cell_type"] = "code",
        ["execution_count"] = count,
        ["id"] = id,
        ["metadata"] = new JsonObject(),
        ["outputs"] = output is null
            ? new JsonArray()
            : new JsonArray(new JsonObject { ["name"] = "stdout", ["output_type"] = "stream", ["text"] = new JsonArray(output) }),
        ["source"] = NotebookCell.Lines(text),
    };

    private void Write(string name, params JsonObject[] cells) => Put(name, new JsonObject
    {
        ["cells"] = new JsonArray([.. cells]),
        ["metadata"] = new JsonObject { ["language_info"] = new JsonObject { ["name"] = "C#" } },
        ["nbformat"] = 4,
        ["nbformat_minor"] = 5,
    }.ToJsonString());

    private void Texts(string notebook, params (string Id, string Text)[] cells) =>
        Put($"texts/{notebook}.json", new JsonObject(cells.Select(one => KeyValuePair.Create(one.Id, (JsonNode?)one.Text))).ToJsonString());

    private void Put(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder.File(name))!);
        File.WriteAllText(_folder.File(name), text);
    }

    private Notebook English(string name) => Notebook.Load(Path.Combine(Course, name));

    private Notebook Korean(string name) => Notebook.Load(Path.Combine(Course, "ko", name));

    private void Rewrite(string name, string id, string source) => Save(Korean(name), id, source);

    private void RewriteEnglish(string id, string source) => Save(English(Lesson), id, source);

    // As an editor would.
    private static void Save(Notebook notebook, string id, string source) => File.WriteAllText(notebook.Path,
        notebook.With(notebook.Path, notebook.Cells.Select(cell =>
        {
            JsonObject json = cell.ToJson();
            json["source"] = cell.Id == id ? NotebookCell.Lines(source) : json["source"]!.DeepClone();
            return json;
        })).ToText());

    private CheckFinding[] Findings(params string[] names) => [.. EditionCheck.Check(names.Select(name => Path.Combine(Course, name)))];

    private async Task<JsonElement> Sync(params string[] options)
    {
        (int code, IReadOnlyList<JsonElement> lines) = await ToolConsole.Run(["notebooks", "sync", Course, .. options, "--json"]);
        Assert.Equal(0, code);
        return Assert.Single(lines);
    }
}
