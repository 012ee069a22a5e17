// What the study's records say to its questions, data/results/recorded/nsmc-study/README.md, as Markdown; what is missing is named:
// dotnet run lib/examples/nsmc-study.cs -- data/results/recorded/nsmc-study > data/results/recorded/nsmc-study/RESULTS.md
#:project ../Electra.Training/Electra.Training.csproj
using System.Globalization;
using Electra;

const double Margin = 0.005, Original = 0.0012; // stated beforehand; the original's lead
const double Distance = 1.96 + 0.84;            // of a true difference from 0, in standard errors: power 80 %, two-sided 5 %
const int Runs = 43; // the plan's
const string Own = "electra-tiny-ko", Random = "random weights, sizes of electra-tiny-ko", Distilled = "electra-tiny-ko-nsmc";
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var all = Directory.EnumerateFiles(args[0], "*.json").Order(StringComparer.Ordinal).Select(RunRecord.Read)
    .Select(run => run.Head == "fc" ? run with { Variant = "mask-aware" } : run).ToList(); // FC's variants are one and the same
var baselines = all.Where(run => run.IsBaseline).ToList();
List<RunRecord> Of(string encoder) => [.. all.Where(run => !run.IsBaseline && run.Encoder?.Name == encoder)];
int Seeds(string encoder) => encoder == Own ? 5 : 3;

// The heads that have all their seeds: the others are in the table, and in no answer yet.
List<RunRecord> Whole(string encoder) => [.. Of(encoder).GroupBy(run => (run.Head, run.Variant))
    .Where(runs => runs.Count() == Seeds(encoder)).SelectMany(runs => runs)];

Console.WriteLine("# What the study on NSMC shows\n");
Console.WriteLine("This page is what `lib/examples/nsmc-study.cs` prints from the records beside it; [the plan](README.md) is older.");
Console.WriteLine("*dev* and *test* are means over the seeds of the accuracy on 10,000 and 50,000 reviews.");
int made = all.Count - baselines.Count;
Console.WriteLine(made == Runs ? "All runs are recorded.\n"
    : $"**{made} of {Runs} runs are recorded**; the answers below are of the heads that have all their seeds.\n");
Console.WriteLine("| encoder | head | variant | seeds | dev | test | ± seeds | 95 % interval |");
Console.WriteLine("| --- | --- | --- | --- | --- | --- | --- | --- |");
foreach (string encoder in (string[])[Own, Random, Distilled])
{
    foreach (string head in Heads.Names)
    {
        foreach (string variant in encoder == Own && head != "fc" ? (string[])["published", "mask-aware"] : ["mask-aware"])
        {
            var runs = Of(encoder).Where(run => run.Head == head && run.Variant == variant).ToList();
            string name = $"| {encoder} | {head} | {(head == "fc" ? "" : variant)} | {runs.Count} of {Seeds(encoder)}";
            Console.WriteLine(
                runs.Count == 0 ? $"{name} | | | | |" : $"{name} | {Dev(runs):0.0000} | {Row(ComparisonTable.Of(runs).Rows[0])}");
        }
    }
}

foreach (var run in baselines.OrderByDescending(run => run.Metric.Value))
{
    Console.WriteLine($"| {run.Encoder?.Name} | {run.Head} | | | {run.DevScore:0.0000;;} | {Row(ComparisonTable.Of([run]).Rows[0])}");
}

var table = Table(Own);
Say("1. BiLSTM less FC, both mask-aware", Between("bilstm/mask-aware", "fc/mask-aware", upperEnd: true));
Say($"2. What a true lead of {Original} would have needed", Needed());
Say("3. Published less mask-aware, CNN", Between("cnn/published", "cnn/mask-aware"));
Say("3. Published less mask-aware, BiLSTM", Between("bilstm/published", "bilstm/mask-aware"));
Say("4. This encoder less random weights", Encoders(Own, Random));
Say("5. The best head on dev less the n-grams", Between(Best(Own), "n-grams/baseline"));
Say("6. The distilled encoder less this one", Encoders(Distilled, Own));
table = Table(Distilled);
Say("6. Its best head on dev less the n-grams", Between(Best(Distilled), "n-grams/baseline"));

ComparisonTable? Table(string encoder) => Whole(encoder) is { Count: > 0 } runs
    ? ComparisonTable.Of([.. runs, .. baselines.Where(run => run.Encoder is null || run.Encoder.Name == encoder)], Margin) : null;

string Best(string encoder) => Whole(encoder).GroupBy(run => $"{run.Head}/{run.Variant}").MaxBy(Dev)?.Key ?? "any head";

void Say(string question, string answer) => Console.WriteLine($"\n**{question}.** {answer}");

string Between(string first, string second, bool upperEnd = false)
{
    var test = table?.Tests.SingleOrDefault(one => (one.A == first && one.B == second) || (one.A == second && one.B == first));
    test = test is null || test.A == first ? test : test.Turned();
    return test is null ? $"Not recorded yet: {first} or {second}." :
        $"{first} − {second}: {Points(test.Difference)} points, 95 % interval {Points(test.Interval[0])} to " +
        $"{Points(test.Interval[1])}, adjusted p {ComparisonTable.Chance(test.AdjustedP)}: {test.Verdict}." +
        (upperEnd ? $" So at most {Points(test.Interval[1])}." : "");
}

// Each head of two encoders, Holm's adjustment over the heads.
string Encoders(string first, string second)
{
    var pairs = Heads.Names.Select(head => (Head: head, A: Aware(first, head), B: Aware(second, head)))
        .Where(pair => pair.A.Count > 0 && pair.B.Count > 0)
        .Select(pair => (pair.Head, Lead: TwoSources.Difference(Bits(pair.A), Bits(pair.B)))).ToList();
    double[] p = Holm.Adjust([.. pairs.Select(pair => pair.Lead.P)]);
    return pairs.Count == 0 ? "Not recorded yet." : string.Join("; ", pairs.Zip(p, (pair, adjusted) =>
        $"{pair.Head} {Points(pair.Lead.Value)} points ({Points(pair.Lead.Low)} to {Points(pair.Lead.High)}, " +
        $"adjusted p {ComparisonTable.Chance(adjusted)})")) + ".";
}

// Per row the difference of two runs has the variance of the share of rows that one of them alone has right. In means over k seeds less of
// it is left: what two runs of one head disagree about is the seeds' doing, and averages out. Besides, a seed moves the whole run.
string Needed()
{
    var (fc, lstm) = (Aware(Own, "fc"), Aware(Own, "bilstm"));
    if (fc.Count == 0 || lstm.Count == 0)
    {
        return "Not recorded yet: FC or BiLSTM.";
    }

    int rows = fc[0].Correct.Length;
    List<RunRecord>[] both = [fc, lstm];
    double between = fc.SelectMany(_ => lstm, Disagreement).Average();
    double within = both.Average(runs => runs.SelectMany((a, i) => runs.Skip(i + 1), Disagreement).Average());
    double seed = both.Average(runs => Math.Max(0, Variance(runs) - (within / 2 / rows)));
    double target = Math.Pow(Original / Distance, 2), heads = Math.Max(0, between - within);
    int seeds = Enumerable.Range(1, 1000).FirstOrDefault(k => ((heads + (within / k)) / rows) + (2 * seed / k) <= target);
    return $"Runs of FC and BiLSTM disagree about {between:0.0 %} of the rows, two runs of one head about {within:0.0 %}; beyond that " +
        $"a seed moves a run by {100 * Math.Sqrt(seed):0.00} points. Enough are with one seed each {Rows(1)}, with five {Rows(5)}; " +
        $"on {rows:N0} rows {(seeds > 0 ? $"{seeds:N0} seeds a head" : "no number of seeds")}.";

    string Rows(int k) =>
        target > 2 * seed / k ? $"{(heads + (within / k)) / (target - (2 * seed / k)):N0} test rows" : "no number of test rows";
}

static double Variance(List<RunRecord> runs) =>
    Math.Pow(Statistics.MeanAndStandardDeviation([.. runs.Select(run => run.Metric.Value)]).StandardDeviation!.Value, 2);

List<RunRecord> Aware(string encoder, string head) => [.. Whole(encoder).Where(run => run.Head == head && run.Variant == "mask-aware")];

static double Disagreement(RunRecord a, RunRecord b) =>
    a.CorrectRows.Zip(b.CorrectRows).Count(row => row.First != row.Second) / (double)a.Correct.Length;

static IReadOnlyList<IReadOnlyList<double>> Bits(List<RunRecord> runs) =>
    [.. runs.Select(run => run.CorrectRows.Select(right => right ? 1.0 : 0).ToArray())];

static double Dev(IEnumerable<RunRecord> runs) => runs.Average(run => run.DevScore);

static string Points(double difference) => (100 * difference).ToString("+0.00;−0.00;0.00");

static string Row(ComparisonTable.Row row) =>
    $"{row.Mean:0.0000} | {row.Std:0.0000} | {row.Interval[0]:0.0000} – {row.Interval[1]:0.0000} |";
