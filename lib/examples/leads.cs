// The lead of each head over the n-gram baseline, on each folder of recorded runs and on all their rows together: the runs of a seed have
// the same training rows and options in all, so they are one model, and its test sets can be put behind each other:
// dotnet run lib/examples/leads.cs -- data/results/recorded data/results/recorded/confirm
#:project ../Electra.Training/Electra.Training.csproj
using System.Globalization;
using Electra;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var sets = args.Select(folder => Directory.EnumerateFiles(folder, "*.json").Select(RunRecord.Read).ToList()).ToList();
Console.WriteLine("| test rows | head | accuracy | n-grams | lead, points | 95 % interval | adjusted p |\n" +
    "| --- | --- | --- | --- | --- | --- | --- |");
foreach (var parts in sets.Select(one => (List<RunRecord>[])[one]).Append([.. sets]))
{
    var heads = Heads.Names
        .Select(head => (Name: head, Runs: Rows(parts, run => run.Head == head && (head == "fc" || run.Variant == "mask-aware"))))
        .ToList();
    var baseline = Rows(parts, run => run.Head == "n-grams");
    var leads = heads.Select(head => TwoSources.Difference(head.Runs, baseline)).ToList();
    double[] p = Holm.Adjust([.. leads.Select(lead => lead.P)]);
    string rows = string.Join(" + ", parts.Select(part => $"{part[0].Data.Name} {part[0].Data.Test:N0}"));
    foreach (var (i, (name, runs)) in heads.Index())
    {
        Console.WriteLine($"| {rows} | {name} | {TwoSources.Mean(runs).Value:0.0000} | {TwoSources.Mean(baseline).Value:0.0000} | " +
            $"{100 * leads[i].Value:+0.00} | {100 * leads[i].Low:+0.00;−0.00} to {100 * leads[i].High:+0.00} | {p[i]:0.0000} |");
    }
}

// One row of zeros and ones a seed, of all test sets.
static IReadOnlyList<IReadOnlyList<double>> Rows(List<RunRecord>[] parts, Func<RunRecord, bool> which) =>
[
    .. parts.SelectMany(part => part.Where(which)).GroupBy(run => run.Seed).OrderBy(runs => runs.Key)
        .Select(runs => runs.SelectMany(run => run.CorrectRows).Select(right => right ? 1.0 : 0).ToArray()),
];
