using System.Globalization;

namespace Electra;

/// <summary>What a comparison says, in sentences: the same ones on the terminal, in the report and in Markdown.</summary>
public static class Findings
{
    /// <summary>Which head is best, from which others it is not told apart, and how the heads stand to the strongest baselines.</summary>
    /// <param name="table">The comparison.</param>
    /// <param name="metric">What was measured.</param>
    public static string Of(ComparisonTable table, string metric)
    {
        ArgumentNullException.ThrowIfNull(table);
        var best = table.Best;
        var heads = table.Rows.Where(row => !row.IsBaseline && row != best).ToList();
        var sentences = new List<string> { $"Best: {best.Name}, {metric} {Text(best.Mean, "0.0000")}." };
        var equals = table.NotWorseThanBest().Where(row => !row.IsBaseline).ToList();
        var same = equals.Where(row => table.TestOf(best, row)!.IsSame).ToList();
        if (heads.Count > 0 && equals.Count == 0)
        {
            sentences.Add("It is told apart from every other head (adjusted p below 0.05).");
        }

        if (same.Count > 0)
        {
            sentences.Add($"The same within ± {Text(table.Margin, "0.####")}: {Names(same)}.");
        }

        if (equals.Count > same.Count)
        {
            var open = equals.Except(same).ToList();
            double? smallest = open.Max(row => table.TestOf(best, row)!.Smallest);
            sentences.Add($"Not told apart from it: {Names(open)} (adjusted p of 0.05 or more): these differences are inside the noise"
                + (smallest is { } least ? $", in which {Text(100 * least, "0.0")} points would be found in 80 of 100 repetitions." : "."));
        }

        foreach (var baseline in table.Rows.Where(row => table.StrongestBaselines.Contains(row.Name)))
        {
            var against = heads.Prepend(best).Where(row => table.TestOf(row, baseline) is not null)
                .ToLookup(row => (Above: row.Mean > baseline.Mean, Told: table.TestOf(row, baseline)!.IsDifference));
            Say(against[(true, true)], $"Above the baseline {baseline.Head}, by more than noise");
            Say(against[(true, false)], $"Above the baseline {baseline.Head}, but inside the noise");
            Say(against[(false, true)], $"Below the baseline {baseline.Head}, by more than noise");
            Say(against[(false, false)], $"Not above the baseline {baseline.Head}, inside the noise");
        }

        return string.Join(' ', sentences);

        void Say(IEnumerable<ComparisonTable.Row> rows, string what)
        {
            if (rows.Any())
            {
                sentences.Add($"{what}: {Names(rows)}.");
            }
        }
    }

    /// <summary>The answer in one sentence: the best head, and whether it is told apart from the others.</summary>
    /// <param name="table">The comparison.</param>
    /// <param name="metric">What was measured.</param>
    internal static string Headline(ComparisonTable table, string metric)
    {
        var best = table.Best;
        int others = table.Rows.Count(row => !row.IsBaseline) - 1;
        int equals = table.NotWorseThanBest().Count(row => !row.IsBaseline);
        string name = best.IsBaseline || table.Rows.Count(row => row.Head == best.Head) == 1 ? best.Head : $"{best.Head} ({best.Variant})";
        string result = $"with {metric} {Text(best.Mean, "0.0000")}";
        return (others, equals) switch
        {
            ( <= 0, _) => $"{name} ends {result}.",
            (_, 0) => $"{name} is best {result}, by more than noise.",
            _ when others == equals => $"No head stands out: {name} leads {result}, inside the noise.",
            _ => $"{name} leads {result}; {equals} of {others} other heads are inside the noise.",
        };
    }

    private static string Names(IEnumerable<ComparisonTable.Row> rows) => string.Join(", ", rows.Select(row => row.Name));

    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
