using System.Text.Json.Nodes;
using Electra.Tests;
using Electra.Tool.Report;
using Electra.Tool.Tasks;

namespace Electra.Tool.Tests.Report;

public class NumberTests
{
    [Fact]
    public void Confidence_and_right_answers_are_compared_in_ten_bins()
    {
        // By hand: 0.55 and 0.58 share a bin, in which one of two is right; 0.95 and 1 share the last, in which both are.
        var run = Records.All[0] with
        {
            Correct = "1011",
            Confidence = TestResult.Bytes([140 / 255.0, 148 / 255.0, 242 / 255.0, 1]),
        };
        var reliability = Reliability.Of([run])!;
        Assert.Equal([2, 2], reliability.Bins.Select(bin => bin.Answers));
        Assert.Equal(288 / 510.0, reliability.Bins[0].Confidence, 1e-12);
        Assert.Equal([0.5, 1], reliability.Bins.Select(bin => bin.Accuracy));
        Assert.Equal(0.75, reliability.Accuracy, 1e-12);
        Assert.Equal((140 + 148 + 242 + 255) / (4 * 255.0), reliability.Confidence, 1e-12);
        Assert.Equal((((288 / 510.0) - 0.5) + (1 - (497 / 510.0))) / 2, reliability.Error, 1e-12);
        Assert.Null(Reliability.Of([run, Records.All[1]])); // which has not kept how sure it was
    }

    [Fact]
    public void Rows_that_only_one_head_gets_right_are_counted_over_all_pairs_of_runs()
    {
        // fc has 1110 and 0111, cnn 1100 and 1000. Of the four pairs of runs, by hand: both 2 1 1 0, only fc 1 2 2 3, only cnn 0 1 0 1.
        var found = Disagreement.Of(
            ("fc", [Records.All[0], Records.All[1]]), ("cnn", [Records.All[2], Records.All[2] with { Correct = "1000" }]));
        Assert.Equal(new("fc", "cnn", Both: 1, OnlyA: 2, OnlyB: 0.5, Neither: 0.5), found);
        Assert.Equal(4 * (0.75 - 0.375), found.OnlyA - found.OnlyB, 1e-12); // four rows times the difference of accuracies
    }

    [Fact]
    public void Heads_of_about_equal_size_stand_side_by_side_and_others_where_their_size_is()
    {
        RunRecord[] runs =
        [
            .. Records.All.Where(run => !run.IsBaseline).Take(3).DistinctBy(run => (run.Head, run.Variant)).Index()
                .Select(one => one.Item with { Parameters = one.Index == 0 ? 5_000_000 : 5_000_100 }),
            Records.All[0] with { Head = "other", Parameters = 9_000_000 },
        ];
        var drawn = JsonNode.Parse(new ReportCharts(ComparisonTable.Of(runs), runs, "accuracy").Parameters()!.Json)!["data"]!.AsArray();
        double[] places = [.. drawn.Select(trace => trace!["x"]![0]!.GetValue<double>()).Order()];
        Assert.Equal(3, places.Length);
        Assert.InRange(places[1] - places[0], 0.18, 0.22); // 5 % of the axis, 4 millions
        Assert.Equal(5.00005, (places[0] + places[1]) / 2, 1e-3);
        Assert.Equal(9, places[2], 1e-9);
    }

    [Fact]
    public void Seeds_of_the_same_accuracy_lie_below_each_other_and_others_in_one_line()
    {
        RunRecord Of(int seed, double value) => Records.All[0] with
        {
            Seed = seed,
            Metric = Records.All[0].Metric with { Value = value },
        };
        double[][] Dots(params double[] values)
        {
            RunRecord[] runs = [.. values.Index().Select(one => Of(one.Index + 1, one.Item)), Records.All[2]];
            return [.. JsonNode.Parse(new ReportCharts(ComparisonTable.Of(runs), runs, "accuracy").Accuracy().Json)!["data"]!.AsArray()
                .Where(trace => ((string)trace!["name"]!).Contains("fc, seed", StringComparison.Ordinal))
                .Select(trace => (double[])[(double)trace!["x"]![0]!, (double)trace["y"]![0]!])];
        }

        double[][] equal = Dots(0.75, 0.75, 0.75);
        Assert.All(equal, dot => Assert.Equal(0.75, dot[0]));
        Assert.Equal(3, equal.Select(dot => dot[1]).Distinct().Count());
        Assert.All(equal.Zip(equal[1..]), pair => Assert.InRange(pair.Second[1] - pair.First[1], 0.1, 0.3));
        Assert.InRange(equal.Max(dot => dot[1]) - equal.Min(dot => dot[1]), 0.2, 0.5); // below the mark, above the next row's
        Assert.Single(Dots(0.5, 0.75, 1).Select(dot => dot[1]).Distinct());
    }

    [Fact]
    public void The_axis_of_accuracy_is_that_of_the_heads_and_far_baselines_have_a_number()
    {
        RunRecord Of(RunRecord run, int right) => run with
        {
            Data = run.Data with { Test = 1000 },
            Correct = new string('1', right) + new string('0', 1000 - right),
            Metric = run.Metric with
            {
                Value = right / 1000.0,
                Right = right,
                Total = 1000,
                Interval = [(right - 20) / 1000.0, (right + 20) / 1000.0]
            },
        };
        RunRecord[] runs =
        [
            Of(Records.All[0], 850), Of(Records.All[2], 840), Of(Records.All[4], 500),
            Of(Records.All[4], 800) with { Head = "n-grams" },
        ];
        var chart = JsonNode.Parse(
            new ReportCharts(ComparisonTable.Of(runs), runs, "accuracy").Accuracy().Json)!;
        double start = (double)chart["layout"]!["xaxis"]!["range"]![0]!;
        Assert.InRange(start, 0.7, 0.8);
        var majority = chart["data"]!.AsArray().Single(trace => (string?)trace!["name"] == "majority")!;
        Assert.Equal("0.5000", (string?)majority["text"]![0]);
        Assert.InRange((double)majority["x"]![0]!, start, 0.8);
    }

    [Fact]
    public void Of_more_examples_than_a_page_has_room_for_those_stay_that_divide_the_runs()
    {
        RunRecord[] runs = [.. ((string[])["1111", "1101", "1001"]).Select(correct => Records.All[0] with { Correct = correct })];
        var part = new TestPart("", [("a", 0), ("b", 0), ("c", 0), (new string('d', 1000), 0)], []);
        Assert.Equal([0, 1, 2, 3], ExampleRows.Choose(runs, part, 2000));
        Assert.Equal([1, 2], ExampleRows.Choose(runs, part, 60)); // 2 of 3 and 1 of 3 are right
        Assert.Empty(ExampleRows.Choose(runs, part, 5));
    }

    [Theory]
    [InlineData("1111", "1110", "No head stands out: fc leads with accuracy 1.0000, inside the noise.")]
    [InlineData("1111", null, "fc ends with accuracy 1.0000.")]
    public void The_headline_says_who_leads_and_whether_that_is_noise(string fc, string? cnn, string sentence)
    {
        RunRecord Of(RunRecord run, string correct) => run with
        {
            Correct = correct,
            Metric = run.Metric with { Value = correct.Count(digit => digit == '1') / 4.0, Right = correct.Count(digit => digit == '1') },
        };
        RunRecord[] runs = [Of(Records.All[0], fc), .. cnn is null ? [] : (RunRecord[])[Of(Records.All[2], cnn)]];
        Assert.Equal(sentence, Findings.Headline(ComparisonTable.Of(runs), "accuracy"));
    }

    [Fact]
    public void A_head_that_is_told_apart_from_all_others_is_best_by_more_than_noise()
    {
        RunRecord Of(RunRecord run, char digit) => run with
        {
            Correct = new string(digit, 400),
            Metric = run.Metric with { Value = digit - '0', Right = (digit - '0') * 400, Total = 400 },
        };
        Assert.Equal("fc is best with accuracy 1.0000, by more than noise.", Findings.Headline(
            ComparisonTable.Of([Of(Records.All[0], '1'), Of(Records.All[2], '0')]), "accuracy"));
    }
}
