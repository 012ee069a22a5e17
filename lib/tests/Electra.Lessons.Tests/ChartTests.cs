using System.Runtime.Loader;
using System.Text.Json;
using System.Xml.Linq;
using Electra.Tests;
using TorchSharp;

namespace Electra.Lessons.Tests;

public class ChartTests
{
    private static readonly string[] Tokens = ["[CLS]", "배우", "##들", "배우", "[SEP]"];

    private static Chart Attention() =>
        Chart.Attention(torch.softmax(torch.arange(25, dtype: torch.float32).reshape(5, 5).sin(), -1), Tokens, "주의 </script>");

    private static Chart[] Catalogue()
    {
        var table = ComparisonTable.Of(Records.All);
        return
        [
            Chart.Accuracy(table), Chart.LearningCurves(Records.All), Chart.LearningCurves(Records.All, loss: true),
            Chart.Throughput(table), Chart.Confusion([[5, 1], [2, 4]], ["부정", "긍정"]),
            Attention(), Chart.SpanLogits(Tokens, torch.tensor(new float[] { 1, 2, 3, 4, 5 }), torch.tensor(new float[] { 5, 4, 3, 2, 1 })),
            Chart.HiddenStates(torch.eye(6), ["a", "a", "b", "b", "c", "c"], ["1", "2", "3", "4", "5", "6"], showTexts: true),
            Chart.Lengths([3, 4, 4, 120]),
            Chart.Of("점", "x", "y", new Series("s", [1, 2, 3]) { Kind = SeriesKind.Bars }),
            Chart.Of("Places", "x", "y", new Series("s", [0.6951, 0.6953, 0.6957])),
        ];
    }

    private static JsonElement Definition(Chart chart) => JsonDocument.Parse(chart.Json).RootElement;

    private static double[] Numbers(JsonElement array) => [.. array.EnumerateArray().Select(one => one.GetDouble())];

    private static string NeedsBrowser()
    {
        Assert.SkipWhen(Browser.Find() is null, "No Chromium, Chrome or Edge (Debian: chromium).");
        return Browser.Find()!;
    }

    [Fact]
    public void A_chart_is_one_bundle_of_definition_picture_and_text()
    {
        NeedsBrowser();
        var chart = Attention();
        var bundle = Shown.Bundle(chart);
        Assert.Equal(["application/vnd.plotly.v1+json", "image/png", "text/plain"], bundle.Keys);
        Assert.Equal(chart.Json, bundle["application/vnd.plotly.v1+json"]);
        Assert.Equal((2 * chart.Width, 2 * chart.Height), Png.Read(Convert.FromBase64String(bundle["image/png"])).Size);
        Assert.Equal(chart.ToString(), bundle["text/plain"]);
    }

    [Fact]
    public void The_definition_has_the_values_and_names_every_token_also_one_that_stands_twice()
    {
        var weights = torch.softmax(torch.arange(25, dtype: torch.float32).reshape(5, 5).sin(), -1);
        var definition = Definition(Attention());
        var rows = definition.GetProperty("data")[0].GetProperty("z").EnumerateArray().ToArray();
        for (int row = 0; row < 5; row++)
        {
            Assert.Equal(weights[row].data<float>().Select(value => (double)value), Numbers(rows[row]), (a, b) => Math.Abs(a - b) < 1e-4);
        }

        foreach (string axis in (string[])["xaxis", "yaxis"])
        {
            Assert.Equal(Tokens, definition.GetProperty("layout").GetProperty(axis).GetProperty("ticktext").EnumerateArray()
                .Select(name => name.GetString()));
            Assert.Equal([0, 1, 2, 3, 4], Numbers(definition.GetProperty("layout").GetProperty(axis).GetProperty("tickvals")));
        }

        // the first token is at the top
        Assert.Equal([4.5, -0.5], Numbers(definition.GetProperty("layout").GetProperty("yaxis").GetProperty("range")));
    }

    [Fact]
    public void Accuracies_stand_with_their_intervals()
    {
        var table = ComparisonTable.Of(Records.All);
        var traces = Definition(Chart.Accuracy(table)).GetProperty("data").EnumerateArray().ToArray();
        double[] means = [.. traces.SelectMany(trace => Numbers(trace.GetProperty("x")))];
        double[] above = [.. traces.SelectMany(trace => Numbers(trace.GetProperty("error_x").GetProperty("array")))];
        double[] below = [.. traces.SelectMany(trace => Numbers(trace.GetProperty("error_x").GetProperty("arrayminus")))];
        var rows = table.Rows;
        Assert.Equal(rows.Select(row => row.Mean), means, (a, b) => Math.Abs(a - b) < 1e-4);
        Assert.Equal(rows.Select(row => row.Interval[1]), means.Zip(above, (mean, up) => mean + up), (a, b) => Math.Abs(a - b) < 1e-4);
        Assert.Equal(rows.Select(row => row.Interval[0]), means.Zip(below, (mean, down) => mean - down), (a, b) => Math.Abs(a - b) < 1e-4);
    }

    [Fact]
    public void A_head_has_one_colour_in_the_charts_of_a_comparison_and_baselines_are_grey()
    {
        static Dictionary<string, string> Colors(Chart chart) => Definition(chart).GetProperty("data").EnumerateArray().ToDictionary(
            trace => trace.GetProperty("name").GetString()!,
            trace => trace.GetProperty("marker").GetProperty("color").GetString()!);
        var table = ComparisonTable.Of(Records.All);
        var (accuracy, curves) = (Colors(Chart.Accuracy(table)), Colors(Chart.LearningCurves(Records.All)));
        Assert.NotEmpty(curves);
        Assert.All(curves, head => Assert.Equal(head.Value, accuracy[head.Key]));
        Assert.Equal(curves.Count, curves.Values.Distinct().Count());
        string[] others = [.. accuracy.Where(row => !curves.ContainsKey(row.Key)).Select(row => row.Value)];
        Assert.NotEmpty(others);
        Assert.All(others, color => Assert.Equal("#666666", color));
    }

    // Contrast by WCAG 2.2's formulas, over the whole scale as it stands in the definition.
    [Fact]
    public void What_is_written_in_a_cell_has_a_contrast_of_at_least_four_and_a_half_to_one()
    {
        double[] shares = [.. Enumerable.Range(0, 401).Select(i => i / 400.0)];
        string[] texts = [.. shares.Select(share => $"{share:0.00}")];
        var data = Definition(Chart.Grid("", "x", "y", [shares], texts: [texts])).GetProperty("data");
        var scale = data[0].GetProperty("colorscale").EnumerateArray()
            .Select(stop => (Share: stop[0].GetDouble(), Color: Parts(stop[1].GetString()!))).ToArray();
        string[] inks = [.. data[1].GetProperty("textfont").GetProperty("color").EnumerateArray().Select(color => color.GetString()!)];
        Assert.Equal(shares.Length, inks.Length);
        Assert.All(shares.Zip(inks), cell =>
        {
            var high = scale.First(stop => stop.Share >= cell.First);
            var low = scale.Last(stop => stop.Share <= cell.First);
            double part = high.Share > low.Share ? (cell.First - low.Share) / (high.Share - low.Share) : 0;
            double ground = Luminance([.. low.Color.Zip(high.Color, (a, b) => a + (part * (b - a)))]), ink = Luminance(Parts(cell.Second));
            Assert.InRange((Math.Max(ground, ink) + 0.05) / (Math.Min(ground, ink) + 0.05), 4.5, 21);
        });

        static double[] Parts(string color) =>
            [.. Enumerable.Range(0, 3).Select(i => (double)Convert.ToInt32(color[(1 + (2 * i))..(3 + (2 * i))], 16))];
        static double Light(double part) => part / 255 is var x && x <= 0.04045 ? x / 12.92 : Math.Pow((x + 0.055) / 1.055, 2.4);
        static double Luminance(double[] parts) => (0.2126 * Light(parts[0])) + (0.7152 * Light(parts[1])) + (0.0722 * Light(parts[2]));
    }

    [Fact]
    public void Names_of_places_lie_level_where_they_fit_in_two_lines_too()
    {
        static (double Angle, string Last) Ticks(params string[] names)
        {
            var axis = Definition(Chart.Of("", new Axis("window", names), "y", new Series("s", new double[names.Length])))
                .GetProperty("layout").GetProperty("xaxis");
            return (axis.GetProperty("tickangle").GetDouble(), axis.GetProperty("ticktext")[names.Length - 1].GetString()!);
        }

        string[] nine = [.. Enumerable.Range(0, 9).Select(i => $"{i}")];
        Assert.Equal((0, "8"), Ticks(nine));
        Assert.Equal((0, "정말 →<br>배우들"), Ticks([.. nine[..6], "정말 → 배우들"]));
        Assert.Equal((-60, "[PAD] + [PAD] 10"), Ticks([.. nine, "[PAD] + [PAD] 10"]));
    }

    [Fact]
    public void A_mask_has_two_entries_and_no_colours_between_them()
    {
        var mask = Definition(Chart.Grid("", "x", "y", [[0, 1], [1, 1]])).GetProperty("data")[0];
        Assert.Equal(2, mask.GetProperty("colorscale").EnumerateArray().Select(stop => stop[1].GetString()).Distinct().Count());
        Assert.Equal(["0", "1"], mask.GetProperty("colorbar").GetProperty("ticktext").EnumerateArray().Select(text => text.GetString()));
        Assert.False(Definition(Attention()).GetProperty("data")[0].GetProperty("colorbar").TryGetProperty("ticktext", out _));
    }

    [Fact]
    public void Bars_stand_side_by_side_only_where_two_have_one_place()
    {
        static bool Overlay(double[] x) => Definition(Chart.Of("", "x", "y",
            new Series("a", [0, 1], [1, 1]) { Kind = SeriesKind.Bars }, new Series("b", x, [1, 1]) { Kind = SeriesKind.Bars }))
            .GetProperty("layout").TryGetProperty("barmode", out _);
        Assert.True(Overlay([2, 3]));
        Assert.False(Overlay([1, 2]));
    }

    [Fact]
    public void A_learning_curve_is_the_mean_over_seeds()
    {
        var fc = Records.All.Where(run => run.Head == "fc").ToArray();
        var trace = Definition(Chart.LearningCurves(Records.All, loss: true)).GetProperty("data").EnumerateArray()
            .Single(one => one.GetProperty("name").GetString() == "fc");
        Assert.Equal(2, fc.Length);
        Assert.Equal([1, 2], Numbers(trace.GetProperty("x")));
        Assert.Equal([(fc[0].History[0].Loss + fc[1].History[0].Loss) / 2, (fc[0].History[1].Loss + fc[1].History[1].Loss) / 2],
            Numbers(trace.GetProperty("y")), (a, b) => Math.Abs(a - b) < 1e-4);
    }

    [Fact]
    public void A_histogram_counts_every_length_once()
    {
        int[] lengths = [0, 3, 4, 4, 119, 200];
        Assert.Equal(lengths.Length, Numbers(Definition(Chart.Lengths(lengths)).GetProperty("data")[0].GetProperty("y")).Sum());
        Assert.Equal(0, Numbers(Definition(Chart.Lengths([])).GetProperty("data")[0].GetProperty("y")).Sum());
    }

    [Fact]
    public void A_line_of_many_points_has_no_markers()
    {
        string Mode(int points) => Definition(Chart.Of("", "x", "y", new Series("s", new double[points])))
            .GetProperty("data")[0].GetProperty("mode").GetString()!;
        Assert.Equal(["lines+markers", "lines+markers", "lines"], [Mode(2), Mode(40), Mode(41)]);
    }

    [Fact]
    public void Of_many_points_the_markers_are_small_and_open()
    {
        string Marker(int points) => Definition(Chart.Of("", "x", "y", new Series("s", new double[points]) { Kind = SeriesKind.Points }))
            .GetProperty("data")[0].GetProperty("marker").ToString();
        Assert.Contains("\"circle\",\"size\":9", Marker(500), StringComparison.Ordinal);
        Assert.Contains("\"circle-open\",\"size\":4", Marker(501), StringComparison.Ordinal);
    }

    [Fact]
    public void A_label_has_one_colour_in_every_map_whichever_comes_first()
    {
        string Color(string[] labels) => Definition(Chart.HiddenStates(torch.eye(3), labels)).GetProperty("data").EnumerateArray()
            .Single(one => one.GetProperty("name").GetString() == "negative").GetProperty("marker").GetProperty("color").GetString()!;
        Assert.Equal(Color(["negative", "positive", "positive"]), Color(["positive", "negative", "positive"]));
    }

    [Fact]
    public void Words_of_points_that_lie_side_by_side_stand_on_different_sides()
    {
        var vectors = torch.tensor(new float[,] { { 0, 0 }, { 0.1f, 0 }, { 10, 0 }, { -10, 0 }, { 0, 5 }, { 0, -5 } });
        var map = Definition(Chart.HiddenStates(vectors, texts: ["하나", "둘", "셋", "넷", "다섯", "여섯"], showTexts: true));
        string?[] places =
            [.. map.GetProperty("data")[0].GetProperty("textposition").EnumerateArray().Select(place => place.GetString())];
        Assert.NotEqual(places[0], places[1]);
        Assert.All(places[2..], place => Assert.Equal("top center", place));
    }

    [Fact]
    public void Wrong_numbers_of_things_are_told()
    {
        Assert.Contains("[5, 5]", Assert.Throws<ArgumentException>(() => Chart.Attention(torch.zeros(2, 5, 5), Tokens)).Message,
            StringComparison.Ordinal);
        Assert.Contains("4 start logits",
            Assert.Throws<ArgumentException>(() => Chart.SpanLogits(Tokens, torch.zeros(4), torch.zeros(5))).Message,
            StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Chart.Confusion([[1]], ["a", "b"]));
        Assert.Throws<ArgumentException>(() => Chart.HiddenStates(torch.eye(3), ["a"]));
        Assert.Throws<ArgumentException>(() => Chart.Of("", "x", "y", new Series("s", [1], [1, 2])));
        Assert.Throws<ArgumentException>(() => Chart.Grid("", "x", "y", [[1, 2], [1]]));
    }

    [Fact]
    public void The_same_numbers_give_the_same_definition()
        => Assert.Equal(Catalogue().Select(chart => chart.Json), Catalogue().Select(chart => chart.Json));

    [Fact]
    public void Plotly_and_its_FSharp_are_in_a_context_of_their_own()
    {
        _ = Attention();
        var own = AssemblyLoadContext.GetLoadContext(ChartLibrary.Instance.GetType().Assembly)!;
        Assert.NotSame(AssemblyLoadContext.Default, own);
        string[] loaded = [.. own.Assemblies.Select(assembly => assembly.GetName().Name!)];
        Assert.Contains("Plotly.NET", loaded);
        Assert.Contains("FSharp.Core", loaded);
        Assert.DoesNotContain("Electra.Lessons", loaded); // its types are the same on both sides
        Assert.DoesNotContain(AssemblyLoadContext.Default.Assemblies,
            assembly => assembly.GetName().Name is "Plotly.NET" or "Giraffe.ViewEngine" or "Electra.Lessons.Plotly");
        Assert.DoesNotContain(typeof(Chart).Assembly.GetReferencedAssemblies(),
            reference => reference.Name is "Plotly.NET" or "FSharp.Core");
    }

    [Fact]
    public void A_browser_draws_every_chart_the_same_text_each_time()
    {
        string browser = NeedsBrowser();
        var charts = Catalogue();
        string[] first = ChartBrowser.Svg(browser, charts);
        Assert.Equal(first, ChartBrowser.Svg(browser, charts));
        foreach (var (svg, chart) in first.Zip(charts))
        {
            var picture = XDocument.Parse(svg);
            Assert.Equal(ChartPictures.KeyOf(chart), picture.Root!.Attribute("data-definition")!.Value);
            var title = picture.Root.Elements().First();
            Assert.Equal(("title", chart.Title), (title.Name.LocalName, title.Value)); // what is read out
            // what is seen
            Assert.Contains(picture.Descendants(), element => element.Name.LocalName == "text" && element.Value == chart.Title);
            // sites drop these
            Assert.DoesNotContain(picture.Descendants(), element => element.Name.LocalName is "image" or "script" or "foreignObject");
            Assert.InRange(svg.Length, 1000, 60_000);
        }

        var places = XDocument.Parse(first[^1]).Descendants().Where(element => element.Name.LocalName == "text")
            .Select(element => element.Value).ToArray();
        Assert.Contains("0.6952", places); // what is read is not rounded
        var attention = XDocument.Parse(first[5]);
        Assert.Equal(Tokens.Length * 2,
            attention.Descendants().Count(element => element.Name.LocalName == "text" && Tokens.Contains(element.Value)));
        Assert.Equal(25,
            attention.Descendants().Where(element => element.Attribute("d")?.Value.Contains("h1v1h-1z", StringComparison.Ordinal) == true)
            .Sum(path => path.Attribute("d")!.Value.Split('M').Length - 1));
    }

    [Fact]
    public void A_browser_draws_every_chart_the_same_pixels_each_time_at_twice_their_size()
    {
        string browser = NeedsBrowser();
        var charts = Catalogue();
        byte[][] first = ChartBrowser.Png(browser, charts);
        // points, a grid, bars: in another page
        Assert.Equal([first[0], first[5], first[8]], ChartBrowser.Png(browser, [charts[0], charts[5], charts[8]]));
        foreach (var (file, chart) in first.Zip(charts))
        {
            Assert.Equal(ChartPictures.KeyOf(chart), PngFile.TextOf(file, "Definition"));
            var picture = Png.Read(file);
            Assert.Equal((2 * chart.Width, 2 * chart.Height), picture.Size);
            Assert.Equal(192, (int)Math.Round(picture.PixelsPerMetre * 0.0254)); // dots per inch, where a page has 96
            Assert.Equal((255, 255, 255), picture[0, 0]);
            Assert.InRange(picture.Shares[(255, 255, 255)], 0.2, 0.99); // not blank, and not filled
            Assert.InRange(file.Length, 2000, 100_000);
        }

        // The attention map: 25 different weights from 0.08 to 0.45 on a scale that darkens from white for 0 to #00395A for the greatest.
        var map = Png.Read(first[5]);
        var cells = map.Shares.Where(one => one.Value > 0.005).Select(one => one.Key).ToArray();
        Assert.Contains((0x00, 0x39, 0x5A), cells);
        Assert.InRange(cells.Length, 15, 26);
    }

    [Fact]
    public void A_picture_that_is_remembered_is_shown_byte_for_byte_and_where_none_can_be_a_text_with_the_numbers()
    {
        using var folder = new TemporaryFolder();
        var (cache, path) = (Environment.GetEnvironmentVariable("ELECTRA_CACHE"), Environment.GetEnvironmentVariable("PATH"));
        try
        {
            Environment.SetEnvironmentVariable("ELECTRA_CACHE", folder.Path);
            Environment.SetEnvironmentVariable("PATH", "");
            Assert.SkipWhen(Browser.Find() is not null, "A browser that is found without the PATH cannot be hidden.");
            var bundle = Shown.Bundle(Attention());
            Assert.Equal(["application/vnd.plotly.v1+json", "text/plain"], bundle.Keys);
            Assert.StartsWith("주의 </script>. Across: token looked at; down: token that looks. Colours: attention.\n", bundle["text/plain"],
                StringComparison.Ordinal);

            byte[] picture = PngFile.Write(1, 1, 7559, ("Definition", ChartPictures.KeyOf(Attention())), [1, 2, 3], [0]);
            Directory.CreateDirectory(Path.Combine(folder.Path, "charts"));
            File.WriteAllBytes(Path.Combine(folder.Path, "charts", ChartPictures.KeyOf(Attention()) + ".png"), picture);
            Assert.Equal(Convert.ToBase64String(picture), Shown.Bundle(Attention())["image/png"]);
        }
        finally
        {
            Environment.SetEnvironmentVariable("ELECTRA_CACHE", cache);
            Environment.SetEnvironmentVariable("PATH", path);
        }
    }

    [Fact]
    public void A_browser_that_does_not_draw_is_as_none()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("The false browser is a shell script.");
            return;
        }

        using var folder = new TemporaryFolder();
        var (cache, path) = (Environment.GetEnvironmentVariable("ELECTRA_CACHE"), Environment.GetEnvironmentVariable("PATH"));
        try
        {
            string browser = Path.Combine(folder.Path, "chromium");
            File.WriteAllText(browser, "#!/bin/sh\necho \"$@\" > \"$0.arguments\"\necho '<html><body>ERR_FILE_NOT_FOUND</body></html>'\n");
            File.SetUnixFileMode(browser, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            Environment.SetEnvironmentVariable("ELECTRA_CACHE", folder.Path);
            Environment.SetEnvironmentVariable("PATH", folder.Path + Path.PathSeparator + "/bin");
            Assert.SkipWhen(Browser.Find() != browser, "A browser that is found before the PATH cannot be hidden.");
            Assert.Equal(["application/vnd.plotly.v1+json", "text/plain"], Shown.Bundle(Attention()).Keys);
            Assert.Contains("drew 0 of 1 charts", Assert.Throws<InputException>(() => ChartBrowser.Png(browser, [Attention()])).Message,
                StringComparison.Ordinal);
            string arguments = File.ReadAllText(browser + ".arguments");
            Assert.Contains("--headless", arguments, StringComparison.Ordinal);
            Assert.DoesNotContain("--allow-file", arguments, StringComparison.Ordinal);
            Assert.Equal(Environment.UserName == "root", arguments.Contains("sandbox", StringComparison.Ordinal));
        }
        finally
        {
            Environment.SetEnvironmentVariable("ELECTRA_CACHE", cache);
            Environment.SetEnvironmentVariable("PATH", path);
        }
    }

    [Fact]
    public void Pictures_are_found_in_the_outputs_of_notebooks()
    {
        using var folder = new TemporaryFolder();
        string file = Path.Combine(folder.Path, "a.ipynb");
        File.WriteAllText(file,
            """{"cells": [{"cell_type": "markdown"}, {"cell_type": "code", "outputs": [{"output_type": "stream"}, """ +
            """{"output_type": "display_data", "data": {"image/png": "AQID"}}, """ +
            """{"output_type": "display_data", "data": {"image/png": ["BAU", "G\n"]}}]}]}""");
        Assert.Equal([[1, 2, 3], [4, 5, 6]], NotebookPictures.Read(file));
        File.WriteAllText(file, "no notebook");
        Assert.Empty(NotebookPictures.Read(file));
    }

    [Fact]
    public void A_picture_carries_its_text_and_a_damaged_one_none()
    {
        byte[] file = PngFile.Write(2, 1, 7559, ("Definition", "0123"), [255, 0, 0, 0, 0, 255], [1, 0]);
        Assert.Equal("0123", PngFile.TextOf(file, "Definition"));
        Assert.Null(PngFile.TextOf(file, "Defin"));
        Assert.Equal([(0, 0, 255), (255, 0, 0)], [Png.Read(file)[0, 0], Png.Read(file)[1, 0]]);
        Assert.All(Enumerable.Range(0, 60), length => Assert.Null(PngFile.TextOf(file.AsSpan(0, length), "Definition")));
        file[33] = 0xFF; // a chunk longer than the file
        Assert.Null(PngFile.TextOf(file, "Definition"));
    }
}
