using System.Text.Json.Nodes;

namespace NotebookKernel.Tests;

public class HostComparisonTests
{
    private static JsonObject Stream(string text) => new() { ["output_type"] = "stream", ["name"] = "stdout", ["text"] = text };

    private static JsonObject Data(params (string Type, JsonNode? Value)[] data) => new()
    {
        ["output_type"] = "display_data",
        ["data"] = new JsonObject(data.Select(one => KeyValuePair.Create(one.Type, one.Value))),
        ["metadata"] = new JsonObject(),
    };

    private static JsonObject Figure(string png) => Data(("image/png", png), ("text/plain", "Loss"));

    /// <summary>A notebook of one cell that ran in two hosts.</summary>
    private static (string[] WithStored, string[] WithOther) Compare(
        JsonObject stored, JsonObject run, JsonObject other, string? tag = null, bool draws = true)
    {
        using var folder = new TemporaryFolder();
        string path = folder.Notebook("a.ipynb", "1");
        Notebook notebook = Notebook.Load(path);
        notebook.Cells[0].SetOutputs([stored]);
        notebook.Save();
        JsonNode json = JsonNode.Parse(File.ReadAllText(path))!;
        json["cells"]![0]!["metadata"]!["tags"] = new JsonArray([.. tag is null ? [] : new[] { JsonValue.Create(tag) }]);
        File.WriteAllText(path, json.ToJsonString());
        notebook = Notebook.Load(path);
        Assert.Equal(tag is null ? [] : [tag], notebook.Cells[0].Tags);
        NotebookResult Result(JsonObject output)
            => new(path, 1, TimeSpan.Zero, [], false) { Outputs = new Dictionary<int, IReadOnlyList<JsonObject>> { [1] = [output] } };
        CheckFinding[] withStored = [.. HostComparison.CompareWithStored(notebook, Result(run), draws)];
        CheckFinding[] withOther = [.. HostComparison.Compare(notebook, Result(run), Result(other))];
        Assert.All([.. withStored, .. withOther], finding => Assert.Equal((path, 1), (finding.Path, finding.Cell)));
        return ([.. withStored.Select(f => f.Message)], [.. withOther.Select(f => f.Message)]);
    }

    [Fact]
    public void Equal_outputs_have_no_differences()
    {
        var (withStored, withOther) = Compare(Stream("a\nb\n"), Stream("a\nb\n"), Stream("a\nb\n"));
        Assert.Empty(withStored);
        Assert.Empty(withOther);
    }

    [Fact]
    public void A_text_that_differs_is_shown_from_where_it_does()
    {
        var (withStored, withOther) = Compare(Stream("loss 0.61\n"), Stream("loss 0.62\n"), Stream("loss 0.61\n"));
        Assert.Equal(["stdout differs at its character 8: “loss 0.62⏎”, not “loss 0.61⏎”"], withStored);
        Assert.Equal(withStored, withOther);
    }

    [Fact]
    public void What_was_trained_may_differ_from_what_is_stored_but_not_between_two_hosts()
    {
        Assert.Empty(Compare(Stream("1"), Stream("2"), Stream("2"), HostComparison.Trained).WithStored);
        Assert.Single(Compare(Stream("1"), Stream("1"), Stream("2"), HostComparison.Trained).WithOther);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(HostComparison.Trained)]
    public void Types_are_the_same_everywhere(string? tag)
    {
        var (withStored, withOther) = Compare(Data(("text/plain", "a")), Data(("text/plain", "a"), ("text/html", "a")), Stream("a"), tag);
        Assert.Equal(["the outputs are display_data text/html, text/plain, not display_data text/plain"], withStored);
        Assert.Equal(["the outputs are display_data text/html, text/plain, not stdout"], withOther);
    }

    [Fact]
    public void JSON_is_the_same_as_a_text_and_as_it_is_in_any_order_of_names_but_not_of_items()
    {
        JsonObject Json(JsonNode value) => Data(("application/vnd.plotly.v1+json", value));
        JsonNode Parsed(string json) => JsonNode.Parse(json)!;
        JsonObject stored = Json(Parsed("""{"a": [1.0, 2], "b": {"c": 1, "d": 2}}"""));
        Assert.Empty(Compare(stored, Json("""{"b":{"d":2,"c":1},"a":[1.0,2]}"""), Stream("")).WithStored);
        Assert.Single(Compare(stored, Json("""{"b":{"d":2,"c":1},"a":[2,1.0]}"""), Stream("")).WithStored);
    }

    [Theory]
    [InlineData("0.0066969", "0.0066968", true)] // five digits, which rounding changes
    [InlineData("-1.9566", "-1.9565", true)]
    [InlineData("1", "0.99999", true)]
    [InlineData("0.00001", "0.00002", true)]
    [InlineData("1.9E-05", "1.91E-05", true)]
    [InlineData("1.9566", "1.9563", false)]
    [InlineData("1.9566", "-1.9566", false)]
    [InlineData("0.0066969", "0.0066569", false)]
    [InlineData("120001", "120002", false)] // whole numbers count something
    [InlineData("1.5, 2.5", "1.5", false)]
    public void Numbers_of_figures_may_be_rounded_otherwise_than_the_stored_ones(string run, string stored, bool isSame)
    {
        JsonObject Json(string numbers)
            => Data(("application/vnd.plotly.v1+json", JsonNode.Parse($$"""{"x": [{{numbers}}], "texts": ["정말 → {{numbers}}"]}""")));
        Assert.Equal(isSame ? 0 : 1, Compare(Json(stored), Json(run), Stream("")).WithStored.Length);
        Assert.Single(Compare(Json(stored), Json(run), Json(stored)).WithOther);
    }

    [Theory]
    [InlineData("0.0392823", "0.0392822", true)] // fp32 has seven digits
    [InlineData("loss 0.4432", "loss 0.4433", false)]
    [InlineData("0.000", "0.001", false)]
    [InlineData("1.9566", "1.9565", false)]
    [InlineData("right: 1025 of 1200", "right: 1024 of 1200", false)]
    [InlineData("a 0.5", "b 0.5", false)]
    public void Numbers_of_texts_are_the_stored_ones_but_for_the_rounding_of_sums(string run, string stored, bool isSame)
    {
        Assert.Equal(isSame ? 0 : 1, Compare(Stream(stored), Stream(run), Stream("")).WithStored.Length);
        Assert.Single(Compare(Stream(stored), Stream(run), Stream(stored)).WithOther);
    }

    [Fact]
    public void Pictures_are_the_same_on_one_machine_and_absent_where_none_draws_them()
    {
        Assert.Empty(Compare(Figure("QUJD"), Figure("REVG"), Figure("REVG")).WithStored);
        Assert.Single(Compare(Figure("QUJD"), Figure("QUJD"), Figure("REVG")).WithOther);
        Assert.Single(Compare(Figure("QUJD"), Data(("text/plain", "Loss")), Stream("")).WithStored);
        Assert.Empty(Compare(Figure("QUJD"), Data(("text/plain", "Loss")), Stream(""), draws: false).WithStored);
    }
}
