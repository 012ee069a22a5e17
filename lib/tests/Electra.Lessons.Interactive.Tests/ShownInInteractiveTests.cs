using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.Commands;
using Microsoft.DotNet.Interactive.CSharp;
using Microsoft.DotNet.Interactive.Events;

namespace Electra.Lessons.Interactive.Tests;

/// <summary>The kernel of Polyglot Notebooks in this process, with its own formatters, after a lesson's first cell.</summary>
public sealed class InteractiveKernel : IAsyncLifetime
{
    private readonly CompositeKernel _kernels = [];

    public async ValueTask InitializeAsync()
    {
        _kernels.Add(new CSharpKernel().UseKernelHelpers());
        _kernels.DefaultKernelName = "csharp";
        string folder = AppContext.BaseDirectory.Replace('\\', '/');
        Assert.Empty(await ShownAsync($"""
            #r "{folder}Electra.dll"
            #r "{folder}Electra.Lessons.dll"
            using Electra;
            using Electra.Lessons;
            using TorchSharp;
            using static TorchSharp.torch;
            using Microsoft.Data.Analysis;
            """));
    }

    public ValueTask DisposeAsync()
    {
        _kernels.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Runs a cell.</summary>
    /// <returns>Each output: the event's name, and texts by MIME type.</returns>
    public async Task<IReadOnlyList<(string Event, Dictionary<string, string> Texts)>> ShownAsync(string code)
    {
        KernelCommandResult result = await _kernels.SendAsync(new SubmitCode(code), TestContext.Current.CancellationToken);
        Assert.Empty(result.Events.OfType<CommandFailed>().Select(failed => failed.Message));
        return [.. result.Events.OfType<DisplayEvent>().Where(shown => shown.FormattedValues.Count > 0)
            .Select(shown => (shown.GetType().Name, shown.FormattedValues.ToDictionary(value => value.MimeType, value => value.Value)))];
    }
}

public class ShownInInteractiveTests(InteractiveKernel kernel) : IClassFixture<InteractiveKernel>
{
    private const string Html = "text/html";
    private const string Plain = "text/plain";
    private const string Png = "image/png";
    private const string Plotly = "application/vnd.plotly.v1+json";

    [Theory]
    [InlineData("""Table.Of(new[] { new { word = "배우", tokens = 4 } }, "One word")""", "One word\nword  tokens\n----  ------\n배우       4")]
    [InlineData(
        """Table.Of(("token", new[] { "[CLS]", "배우" }), ("id", new[] { 2, 310 }))""",
        "token   id\n-----  ---\n[CLS]    2\n배우   310")]
    [InlineData("""Table.Of(new DataFrame(new Int32DataFrameColumn("id", new[] { 1, 2 })))""", "id\n--\n 1\n 2")]
    [InlineData(
        """TensorCard.Named("x", arange(6, dtype: float32).reshape(2, 3), "reviews", "labels")""",
        "x: reviews 2 × labels 3, float32\nfirst row: 0.000  1.000  2.000\n")]
    [InlineData("""AttentionView.Of(new[] { "가" }, new[] { ones(1, 1, 1, 1) })""", "Attention view: 1 token, 1 layer × 1 attention head\n")]
    [InlineData("""MarkedText.Tokens(new[] { "[CLS]", "배우" }, new[] { 2, 310 })""", "[CLS]  배우\n2      310")]
    [InlineData("""MarkedText.Spans("봉준호 감독", (0, 3, "PS"))""", "[봉준호 | PS] 감독")]
    public async Task Tables_cards_views_and_marked_texts_are_one_output_of_HTML_and_text(string expression, string text)
    {
        var (kind, texts) = Assert.Single(await kernel.ShownAsync(expression));
        Assert.Equal(nameof(ReturnValueProduced), kind);
        Assert.Equal([Html, Plain], texts.Keys);
        Assert.StartsWith(text, texts[Plain], StringComparison.Ordinal);
        Assert.StartsWith("<", texts[Html], StringComparison.Ordinal);
        Assert.DoesNotContain("dni-", texts[Html], StringComparison.Ordinal); // the classes of that kernel's own trees and tables
    }

    [Theory]
    [InlineData("""Chart.Of("Loss", "step", "mean loss", new Series("fc", new[] { 0.7, 0.5 }))""", "Loss. Across: step; up: mean loss.\n")]
    [InlineData("""Chart.Attention(ones(2, 2) / 2, new[] { "[CLS]", "[SEP]" }, "Layer 1")""", "Layer 1. ")]
    public async Task Charts_are_one_output_of_the_interactive_figure_a_picture_and_text(string expression, string text)
    {
        var (kind, texts) = Assert.Single(await kernel.ShownAsync(expression));
        Assert.Equal(nameof(ReturnValueProduced), kind);
        Assert.Equal(Browser.Find() is null ? [Plotly, Plain] : [Plotly, Png, Plain], texts.Keys);
        Assert.StartsWith(text, texts[Plain], StringComparison.Ordinal);
        using var figure = System.Text.Json.JsonDocument.Parse(texts[Plotly]); // a text here, which the editor parses
        Assert.True(figure.RootElement.GetProperty("data").GetArrayLength() > 0);
        if (texts.TryGetValue(Png, out string? png))
        {
            Assert.Equal([0x89, .. "PNG\r\n"u8], Convert.FromBase64String(png)[..6]);
        }
    }

    [Fact]
    public async Task Checks_are_lines_of_standard_output()
    {
        var shown = await kernel.ShownAsync("""
            Check.Number("Exercise 1", 0.5, 0.75, 1e-6, "right over all");
            Check.Equal("Exercise 2", "서울", "서울");
            """);
        Assert.All(shown, one => Assert.Equal((nameof(StandardOutputValueProduced), Plain), (one.Event, Assert.Single(one.Texts.Keys))));
        string printed = string.Concat(shown.Select(one => one.Texts[Plain])).ReplaceLineEndings("\n");
        Assert.Matches("^Not yet: Exercise 1: found 0.5, .*\nRight: Exercise 2.*\n$", printed);
    }

    [Fact]
    public async Task What_is_displayed_in_a_loop_has_the_same_types_as_a_last_expression()
    {
        var shown = await kernel.ShownAsync("""
            foreach (string word in new[] { "a", "b" }) { display(MarkedText.Tokens(new[] { word }, new[] { 1 })); }
            """);
        Assert.Equal(2, shown.Count);
        Assert.All(shown, one => Assert.Equal(nameof(DisplayedValueProduced), one.Event));
        Assert.All(shown, one => Assert.Equal([Html, Plain], one.Texts.Keys));
    }
}
