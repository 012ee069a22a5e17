using Electra.Tests;
using TorchSharp;

namespace Electra.Lessons.Tests;

public class ChartTextTests
{
    private static readonly double[] Up = [0.7, 0.6, 0.5];

    [Fact]
    public void Few_values_stand_in_a_table_a_column_a_series()
        => Assert.Equal("""
            Loss. Across: epoch; up: mean loss.
            epoch   fc     cnn
            1      0.7  0.6812
            2      0.6
            3      0.5    1234
            """, Chart.Of("Loss", "epoch", "mean loss", new Series("fc", [1, 2, 3], Up),
                new Series("cnn", [1, 3], [0.68123, 1234.4])).ToString());

    [Fact]
    public void Named_places_have_their_names_and_intervals_stand_behind_the_values()
    {
        var names = new Axis("", ["FC", "CNN"]) { Reversed = true };
        Assert.Equal("""
            Accuracy? Across: accuracy.
                            accuracy
            FC     0.9 (0.85 – 0.95)
            CNN  0.7 (0.6123 – 0.81)
            """,
            Chart.Of("Accuracy?", "accuracy", names,
                new Series("accuracy", [0.9, 0.7], [0, 1]) { Kind = SeriesKind.Points, Intervals = [(0.85, 0.95), (0.61234, 0.81)] })
                    .ToString());
        Assert.Equal("""
            Runs. Across: accuracy.
                 seed 1  seed 2
            FC      0.9     0.9
            CNN     0.7     0.8
            """,
            Chart.Of("Runs", "accuracy", names, new Series("seed 1", [0.9, 0.7], [-0.1, 0.9]) { Kind = SeriesKind.Points },
                new Series("seed 2", [0.9, 0.8], [0.1, 1.1]) { Kind = SeriesKind.Points }).ToString());
        Assert.Equal("""
            Wins. Up: filters.
                       filters
            a + b            3
            b + [PAD]        1
            """, Chart.Of("Wins.", new Axis("", ["a + b", "b + [PAD]"]), "filters",
                new Series("filters", [3, 1]) { Kind = SeriesKind.Bars }).ToString());
    }

    [Fact]
    public void A_difference_that_is_only_rounding_is_none()
    {
        string folder = Path.Combine(ProjectFolder.Find()!, "data", "results", "recorded", "template");
        List<RunRecord> runs = [.. Directory.GetFiles(folder, "*.json").Order(StringComparer.Ordinal).Select(RunRecord.Read)];
        string baseline = runs.Single(run => run.Head == "bag-of-words").Correct;
        // As many right as the baseline, in the mean.
        var table = ComparisonTable.Of([.. runs.Select(run => (run.Head, run.Variant, run.Seed) switch
        {
            ("cnn", _, 1) => With(run, baseline),
            ("cnn", _, 2) => With(run, baseline.Remove(baseline.IndexOf('1'), 1).Insert(baseline.IndexOf('1'), "0")),
            ("cnn", _, 3) => With(run, baseline.Remove(baseline.IndexOf('0'), 1).Insert(baseline.IndexOf('0'), "1")),
            _ => run,
        })]);
        var equal = table.Tests.Single(test => test is { A: "cnn/mask-aware", B: "bag-of-words/baseline" });
        Assert.True(equal.Difference != 0 && Math.Abs(equal.Difference) < 1e-15); // a mean of thirds
        Assert.Matches(@"\ncnn − bag-of-words +0 \(-(0\.[0-9]+) – \1\)", Chart.Differences(table).ToString());

        static RunRecord With(RunRecord run, string correct)
        {
            int right = correct.Count(digit => digit == '1');
            return run with
            {
                Correct = correct,
                Metric = run.Metric with { Right = right, Value = right / (double)correct.Length },
            };
        }
    }

    [Fact]
    public void A_long_line_is_told_by_its_ends_and_extremes()
    {
        double[] x = [.. Enumerable.Range(-50, 101).Select(i => i / 10.0)];
        Assert.Equal("""
            Parabola. Across: x; up: x².
                points     first  smallest  greatest     last
            x²     101  25 at -5    0 at 0  25 at -5  25 at 5
            """, Chart.Of("Parabola", "x", "x²", new Series("x²", x, [.. x.Select(one => one * one)])).ToString());
    }

    [Fact]
    public void Scattered_points_are_told_by_their_spread()
        => Assert.Equal("""
            Map. Across: a; up: b.
                  points  a: smallest  mean  greatest  b: smallest  mean  greatest
            hot        2            0     1         2           -1     0         1
            cold       0
            """, Chart.Of("Map", "a", "b", new Series("hot", [0, 2], [-1, 1]) { Kind = SeriesKind.Points },
                new Series("cold", [], []) { Kind = SeriesKind.Points }).ToString());

    [Fact]
    public void A_grid_shows_its_cells_and_a_large_one_the_greatest_of_each_row()
    {
        Assert.Equal("""
            Labels and answers. Across: answer; down: label. Colours: share of the label.
                  부정  긍정
            부정     5     1
            긍정     2     4
            """, Chart.Confusion([[5, 1], [2, 4]], ["부정", "긍정"]).ToString());
        string[] tokens = [.. Enumerable.Range(0, 40).Select(i => $"t{i}")];
        string[] lines = Chart.Attention(torch.eye(40).roll(1, 1), tokens, "Next").ToString().Split('\n');
        Assert.Equal(42, lines.Length);
        Assert.Equal("token that looks  greatest  token looked at", lines[1]);
        Assert.Equal("t0                       1               t1", lines[2]);
        Assert.Equal("t39                      1               t0", lines[^1]);
    }

    [Fact]
    public void Every_chart_of_the_catalogue_has_a_text_with_its_title_that_fits_a_screen()
    {
        var table = ComparisonTable.Of(Records.All);
        Chart[] charts =
        [
            Chart.Accuracy(table), Chart.LearningCurves(Records.All), Chart.Throughput(table), Chart.Lengths([]),
            Chart.Lengths(Enumerable.Range(0, 500)),
            Chart.HiddenStates(torch.eye(60)), Chart.SpanLogits([.. Enumerable.Repeat("토큰", 200)], torch.arange(200), -torch.arange(200)),
        ];
        Assert.All(charts, chart =>
        {
            string[] lines = chart.ToString().Split('\n');
            Assert.StartsWith(chart.Title + ". ", lines[0], StringComparison.Ordinal);
            Assert.InRange(lines.Length, 3, 45);
            Assert.All(lines, line => Assert.InRange(line.Length, 1, 160));
        });
        Assert.Contains("cnn, mask-aware", charts[0].ToString(), StringComparison.Ordinal);
    }
}
