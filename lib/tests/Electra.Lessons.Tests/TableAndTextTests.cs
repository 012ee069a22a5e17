using Microsoft.Data.Analysis;

namespace Electra.Lessons.Tests;

public class TableAndTextTests
{
    [Fact]
    public void A_table_encodes_what_would_be_HTML_and_carries_no_script()
    {
        var bundle = Shown.Bundle(Table.Of(new[] { new { text = "<script>alert(1)</script> & \"a\"", n = 1 } }, "<b>"));
        Assert.Equal(["text/html", "text/plain"], bundle.Keys);
        Assert.Contains("&lt;script&gt;alert(1)&lt;/script&gt; &amp;", bundle["text/html"], StringComparison.Ordinal);
        Assert.Contains("&lt;b&gt;</caption>", bundle["text/html"], StringComparison.Ordinal);
        Assert.DoesNotContain("<script", bundle["text/html"], StringComparison.Ordinal);
    }

    [Fact]
    public void Columns_line_up_though_Korean_letters_are_wide()
    {
        var table = Table.Of(("문장", new List<string> { "재미있다", "so so" }), ("tokens", new List<int> { 4, 11 }),
            ("share", new List<double?> { 0.5, null }));
        Assert.Equal("문장      tokens  share\n--------  ------  -----\n재미있다       4    0.5\nso so         11", table.ToString());
        Assert.Equal("| 문장 | tokens | share |\n| --- | ---: | ---: |\n| 재미있다 | 4 | 0.5 |\n| so so | 11 |  |\n", table.ToMarkdown());
        Assert.Equal(11, table.Frame["tokens"][1]);
    }

    [Fact]
    public void Rows_that_are_left_out_are_counted()
    {
        var table = Table.Of(new DataFrame(new Int32DataFrameColumn("id", Enumerable.Range(0, 60))));
        Assert.EndsWith("\n49\n… and 10 more rows", table.ToString(), StringComparison.Ordinal);
        Assert.Contains("10 more rows", Shown.Bundle(table)["text/html"], StringComparison.Ordinal);
    }

    [Fact]
    public void Columns_of_different_lengths_are_refused()
        => Assert.Contains("ids has 1 values",
            Assert.Throws<ArgumentException>(
                () => Table.Of(("tokens", new List<string> { "a", "b" }), ("ids", new List<int> { 1 }))).Message, StringComparison.Ordinal);

    [Fact]
    public void Versions_name_no_machine_and_no_path()
    {
        string versions = Lesson.Versions().ToString();
        Assert.Contains("TorchSharp", versions, StringComparison.Ordinal);
        Assert.DoesNotContain(Environment.MachineName, versions, StringComparison.Ordinal);
        Assert.DoesNotContain(Path.DirectorySeparatorChar, versions);
    }

    [Fact]
    public void A_lesson_finds_the_projects_data()
    {
        Assert.True(File.Exists(Lesson.Data("reviews", "train.tsv")));
        Assert.Contains("data/nowhere.txt", Assert.Throws<InputException>(() => Lesson.Data("nowhere.txt")).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Tokens_stand_over_their_ids()
        => Assert.Equal("[CLS]  배우  ##들  <b>  [SEP]\n2      310   14    7    3",
            MarkedText.Tokens(["[CLS]", "배우", "##들", "<b>", "[SEP]"], [2, 310, 14, 7, 3]).ToString());

    // What sites leave that drop styles, and that drop elements they do not know too.
    [Fact]
    public void Without_styles_ids_and_types_are_still_told_from_the_text()
    {
        static string Without(string pattern, string html) => System.Text.RegularExpressions.Regex.Replace(html, pattern, "");
        string tokens = Without(" style=\"[^\"]*\"", Shown.Bundle(MarkedText.Tokens(["배우", "##들"], [310, 14]))["text/html"]);
        Assert.Equal("<div><span><b>배우</b> <small>310</small></span> <span><b>##들</b> <small>14</small></span></div>", tokens);
        Assert.Equal("배우 310 ##들 14", Without("<[^>]*>", tokens));
        string spans = Without(" style=\"[^\"]*\"", Shown.Bundle(MarkedText.Spans("봉준호는 갔다", (0, 3, "PS")))["text/html"]);
        Assert.Equal("<div><mark><b>봉준호</b> <sub>PS</sub></mark>는 갔다</div>", spans);
        Assert.Equal("봉준호 PS는 갔다", Without("<[^>]*>", spans));
    }

    [Fact]
    public void A_type_has_one_colour_in_every_text_and_no_two_types_have_the_same()
    {
        static string[] Grounds(params (int Start, int End, string Label)[] spans) =>
            [.. Shown.Bundle(MarkedText.Spans("가나다라마바", spans))["text/html"].Split("background:")[1..].Select(part => part[..7])];
        string[] types = ["DT", "LC", "OG", "PS", "QT", "TI"];
        string[] alone = [.. types.Select(type => Grounds((0, 1, type)).Single())];
        Assert.Equal(types.Length, alone.Distinct().Count());
        Assert.Equal(alone, Grounds([.. types.Select((type, i) => (i, i + 1, type))]));
        Assert.Equal(2, Grounds((0, 1, "310"), (1, 2, "14")).Distinct().Count()); // other names by the order in which they come
    }

    [Fact]
    public void Spans_are_marked_in_place_and_encoded()
    {
        var text = MarkedText.Spans("봉준호 감독이 <서울>에서", (9, 11, "LC"), (0, 3, "PS"));
        Assert.Equal("[봉준호 | PS] 감독이 <[서울 | LC]>에서", text.ToString());
        Assert.Contains("&lt;<mark", Shown.Bundle(text)["text/html"], StringComparison.Ordinal);
        Assert.Equal("truth: [봉준호 | PS] 감독이 <[서울 | LC]>에서", text.Named("truth").ToString());
        Assert.Contains(">truth:</b> <mark", Shown.Bundle(text.Named("truth"))["text/html"], StringComparison.Ordinal);
        Assert.Equal("가 [나] 다", MarkedText.Answer("가 나 다", 2, 3).ToString());
        Assert.Throws<ArgumentException>(() => MarkedText.Spans("가나", (0, 2, "a"), (1, 2, "b")));
        Assert.Throws<ArgumentException>(() => MarkedText.Answer("가나", 1, 3));
        Assert.Throws<ArgumentException>(() => MarkedText.Tokens(["a"], [1, 2]));
    }
}
