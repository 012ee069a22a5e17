using System.Net;
using System.Text.Json.Nodes;
using FsCheck.Xunit;

namespace NotebookKernel.Tests;

public class DisplayTests
{
    private const string Source = """
        class TypeFormatterSourceAttribute : Attribute
        {
            public TypeFormatterSourceAttribute(Type type) => FormatterSourceType = type;
            public Type FormatterSourceType { get; }
            public string[] PreferredMimeTypes { get; set; }
        }
        class Source
        {
            public IEnumerable CreateTypeFormatters() => new object[] { new Svg(), new Json(), new Refuses() };
        }
        class Svg
        {
            public string MimeType => "image/svg+xml";
            public bool Format(object instance, System.IO.TextWriter writer) { writer.Write("<svg/>"); return true; }
        }
        class Json
        {
            public string MimeType => "application/vnd.test+json";
            public bool Format(object instance, System.IO.TextWriter writer) { writer.Write("{\"a\": [1, 2.50]}"); return true; }
        }
        class Refuses
        {
            public string MimeType => "text/html";
            public bool Format(object instance, System.IO.TextWriter writer)
            {
                if (instance.ToString() == "throw") throw new InvalidOperationException("formatter failed");
                return false;
            }
        }
        [TypeFormatterSource(typeof(Source), PreferredMimeTypes = new[] { "image/svg+xml", "application/vnd.test+json" })]
        class Chart { public int A => 1; }
        class Derived : Chart { }
        [TypeFormatterSource(typeof(Source))] class Plain { public int A => 5; }
        class Throws : Plain { public override string ToString() => "throw"; }
        """;

    private static JsonObject Data(JsonObject[] outputs) => (JsonObject)Assert.Single(outputs)["data"]!;

    private static Dictionary<string, string> Format(object? value, params string[] mimeTypes) => Formatters.Format(value, mimeTypes);

    [Theory]
    [InlineData("new Chart()")]
    [InlineData("new Derived()")]
    [InlineData("display(new Chart());")]
    [InlineData("new Chart().Display();")]
    public async Task All_preferred_types_of_a_formatter_source_come_in_one_bundle(string code)
    {
        var session = new TestSession();
        await session.ResultAsync(Source);
        JsonObject data = Data((await session.RunAsync(code, TestContext.Current.CancellationToken)).Outputs);
        Assert.Equal(["image/svg+xml", "application/vnd.test+json"], data.Select(d => d.Key));
        Assert.Equal("<svg/>", (string?)data["image/svg+xml"]);
        Assert.Equal("{\"a\":[1,2.50]}", data["application/vnd.test+json"]!.ToJsonString());
    }

    [Fact]
    public async Task A_formatter_that_declines_falls_back_and_one_that_throws_fails_the_cell()
    {
        var session = new TestSession();
        await session.ResultAsync(Source);
        Assert.Contains("<td>5</td>", await session.ResultAsync("new Plain()", "text/html"), StringComparison.Ordinal);
        Assert.Equal("formatter failed", (await session.ErrorAsync("new Throws()")).Message);
    }

    [Fact]
    public async Task One_type_can_be_asked_for()
    {
        var session = new TestSession();
        await session.ResultAsync(Source);
        Assert.Equal(["image/svg+xml"],
            Data((await session.RunAsync("new Chart().Display(\"image/svg+xml\");", TestContext.Current.CancellationToken)).Outputs)
                .Select(d => d.Key));
        Assert.Equal("<b>x</b>",
            (string?)Data(
                (await session.RunAsync("\"<b>x</b>\".DisplayAs(\"text/html\");",
                    TestContext.Current.CancellationToken)).Outputs)["text/html"]);
        Assert.Equal("<b>x</b>",
            (string?)Data((await session.RunAsync("HTML(\"<b>x</b>\")", TestContext.Current.CancellationToken)).Outputs)["text/html"]);
        Assert.Contains("no formatter for image/png", (await session.ErrorAsync("display(1, \"image/png\")")).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_shown_value_can_be_replaced()
        => Assert.Equal("2",
            (string?)Data(
                (await new TestSession().RunAsync("var d = display(1); d.Update(2);",
                    TestContext.Current.CancellationToken)).Outputs)["text/plain"]);

    [Theory]
    [InlineData(1.5, "1.5")]
    [InlineData(true, "True")]
    [InlineData('x', "x")]
    [InlineData("a\nb", "a\nb")]
    [InlineData(DayOfWeek.Friday, "Friday")]
    [InlineData(new[] { 1, 2, 3 }, "[ 1, 2, 3 ]")]
    [InlineData(new string[0], "[ ]")]
    public void Simple_values_are_text(object value, string text) =>
        Assert.Equal(text, Assert.Single(Format(value), f => f.Key == "text/plain").Value);

    [Fact]
    public void A_sequence_of_records_is_a_table()
    {
        Dictionary<string, string> formats = Format(new[] { new { Name = "a<b", Score = 0.5 }, new { Name = "c", Score = 1.0 } });
        Assert.Equal("Name  Score\n----  -----\na<b   0.5\nc     1", formats["text/plain"]);
        Assert.Equal(
            "<table><thead><tr><th>Name</th><th>Score</th></tr></thead><tbody>\n<tr><td>a&lt;b</td><td>0.5</td></tr>\n" +
            "<tr><td>c</td><td>1</td></tr>\n</tbody></table>", formats["text/html"]);
    }

    [Fact]
    public void Long_sequences_are_cut_and_say_so()
    {
        Assert.EndsWith("49, … (1,000 items) ]", Format(Enumerable.Range(0, 1000).ToArray())["text/plain"], StringComparison.Ordinal);
        Assert.EndsWith("950 more rows", Format(Enumerable.Range(0, 1000).Select(i => new { i }).ToArray())["text/plain"],
            StringComparison.Ordinal);
    }

    [Fact]
    public void An_endless_sequence_is_evaluated_once_and_as_far_as_it_is_shown()
    {
        int evaluated = 0;
        IEnumerable<int> Endless()
        {
            while (true)
            {
                yield return evaluated++;
            }
        }

        Assert.EndsWith("49, … ]", Format(Endless())["text/plain"], StringComparison.Ordinal);
        Assert.InRange(evaluated, 50, 52);
    }

    private sealed class Node
    {
        public Node Self => this;

        public string Bad => this == Self ? throw new InvalidOperationException("<b>") : "";

        public List<Node> Many => [.. Enumerable.Range(0, 100).Select(_ => new Node()).Append(Self)];
    }

    [Fact]
    public void An_object_is_a_bounded_tree()
    {
        Dictionary<string, string> formats = Format(new Node());
        Assert.Contains("InvalidOperationException: &lt;b&gt;", formats["text/html"], StringComparison.Ordinal);
        Assert.DoesNotContain("<b>", formats["text/html"], StringComparison.Ordinal);
        Assert.InRange(formats["text/html"].Length, 100, 100_000);
        Assert.Contains("Self: Node …", formats["text/plain"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_data_frame_is_a_table_whatever_assembly_it_comes_from()
    {
        using var folder = new TemporaryFolder();
        TestLibrary.Compile(folder.Path, "TestFrames", """
            using System.Collections.Generic;
            namespace Microsoft.Data.Analysis
            {
                public class Column { public string Name { get; set; } }
                public class Row { public int I; public object this[int c] => c == 0 ? (object)I : null; }
                public class Rows { public long Count => 60; public Row this[long i] => new Row { I = (int)i }; }
                public class DataFrame
                {
                    public List<Column> Columns => new() { new Column { Name = "n" }, new Column { Name = "<x>" } };
                    public Rows Rows => new();
                }
            }
            """);
        string html =
            (await new TestSession(folder.Path).ResultAsync(
                "#r \"TestFrames.dll\"\nnew Microsoft.Data.Analysis.DataFrame()", "text/html"))!;
        Assert.Contains("<th>n</th><th>&lt;x&gt;</th>", html, StringComparison.Ordinal);
        Assert.Contains("<tr><td>49</td><td>&lt;null&gt;</td></tr>", html, StringComparison.Ordinal);
        Assert.EndsWith("<p>10 more rows</p>", html, StringComparison.Ordinal);
    }

    [Property(MaxTest = 200)]
    public bool Html_of_any_text_is_encoded(string? text)
    {
        string value = (text ?? "") + "<script>&\"'";
        string[] htmls = [Format(value, "text/html")["text/html"], Format(new[] { new { value } })["text/html"],
            Format(new { value, more = new { value } })["text/html"],
            Format(new Dictionary<string, string> { [value] = value })["text/html"]];
        return htmls.All(h => !h.Contains("<script", StringComparison.Ordinal)) && WebUtility.HtmlDecode(htmls[0]) == $"<pre>{value}</pre>";
    }
}
