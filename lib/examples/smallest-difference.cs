// The smallest difference that a test set can show, as runs recorded on as many rows have it (power 80 %, two-sided 5 %): dotnet run
// lib/examples/smallest-difference.cs -- data/results/recorded/reviews-*.json
#:project ../Electra.Training/Electra.Training.csproj
using Electra;

const double Distance = 1.96 + 0.84; // of a true difference from 0, in standard errors
var heads = args.Select(RunRecord.Read).Where(run => run.Head is "fc" or "n-grams" || run.Variant == "mask-aware")
    .GroupBy(run => run.Head).Select(runs => (Name: runs.Key, Runs: runs.ToList())).ToList();
foreach (var (first, second) in heads.SelectMany((head, i) => heads.Skip(i + 1).Select(other => (head, other))))
{
    // d: the share of rows that one of two runs alone has right, which is all that McNemar's test looks at.
    int rows = first.Runs[0].Correct.Length;
    double d = first.Runs.SelectMany(_ => second.Runs, (a, b) => a.CorrectRows.Zip(b.CorrectRows).Count(row => row.First != row.Second))
        .Average() / rows;
    var means = TwoSources.Difference([.. first.Runs.Select(Bits)], [.. second.Runs.Select(Bits)]); // the seeds' own noise too
    Console.WriteLine($"{first.Name}, {second.Name}: d = {d:0.000}; one run against one {Distance * Math.Sqrt(d / rows):0.0000}; " +
        $"{first.Runs.Count} seeds against {second.Runs.Count} {means.Smallest(0.05):0.0000}");
}

static IReadOnlyList<double> Bits(RunRecord run) => [.. run.CorrectRows.Select(right => right ? 1.0 : 0)];
