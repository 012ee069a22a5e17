using System.Globalization;
using TorchSharp;

namespace Electra.Lessons;

// The charts that lessons and `electra charts` share.
public partial class Chart
{
    internal const string Grey = "#666666"; // of what is no head, and of what tells nothing
    private const double Rounding = 1e-12; // a difference of means of thirds below this is none

    /// <summary>
    /// Accuracy, or another metric, of each head and variant, with its 95 % interval, see <see cref="ComparisonTable.Row.Interval"/>.
    /// </summary>
    /// <param name="table">What recorded runs say together.</param>
    /// <param name="title">The title, or null for one that says what it is.</param>
    /// <param name="metric">What was measured, see <see cref="RunRecord.MetricRecord.Name"/>.</param>
    public static Chart Accuracy(ComparisonTable table, string? title = null, string metric = "accuracy")
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentException.ThrowIfNullOrEmpty(metric);
        var rows = table.Rows;
        double[] places = [.. rows.Select((_, place) => (double)place)];
        var all = new Series(metric, [.. rows.Select(row => row.Mean)], places)
        {
            Kind = SeriesKind.Points,
            Intervals = [.. rows.Select(row => (row.Interval[0], row.Interval[1]))],
        };
        var series = rows.Select((row, place) => OfRow(new Series(NameOf(row, rows), [row.Mean], [place]), row, rows) with
        {
            Kind = SeriesKind.Points,
            Intervals = [all.Intervals[place]],
            Texts = [$"{row.Name}: {Places(row.Mean, 4)} ({Places(row.Interval[0], 4)} – {Places(row.Interval[1], 4)}), {row.Runs} runs"],
        });
        var heads = new Axis("", [.. rows.Select(row => NameOf(row, rows))]) { Reversed = true, Range = (-0.7, rows.Count - 0.3) };
        return Of(new Sheet(title ?? $"{char.ToUpperInvariant(metric[0])}{metric[1..]} on the test data, with 95 % intervals", metric,
            heads, 720, 170 + (36 * rows.Count), Legend: false), [.. series], [all]);
    }

    /// <summary>
    /// The difference of each tested pair with its 95 % interval, the pair of the greatest difference on top: what lies on one side of 0
    /// is a difference, before the adjustment for several tests; what lies in the shaded range is the same within the margin.
    /// </summary>
    /// <param name="table">What recorded runs say together.</param>
    /// <param name="title">The title, or null for one that says what it is.</param>
    /// <param name="metric">What was measured, see <see cref="RunRecord.MetricRecord.Name"/>.</param>
    public static Chart Differences(ComparisonTable table, string? title = null, string metric = "accuracy")
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentException.ThrowIfNullOrEmpty(metric);
        var tests = table.Tests.Select(test => Math.Abs(test.Difference) < Rounding ? test with { Difference = 0 } : test)
            .Select(test => test.Difference < 0 ? test.Turned() : test)
            .OrderByDescending(test => test.Difference).ToArray();
        string[] names = [.. tests.Select(table.NameOf)];
        var series = tests.Select((test, place) => (test, place)).GroupBy(one => one.test.Verdict).Select(group => new Series(
            group.Key, [.. group.Select(one => one.test.Difference)], [.. group.Select(one => (double)one.place)])
        {
            Kind = SeriesKind.Points,
            Look = group.First().test switch { { IsDifference: true } => 0, { IsSame: true } => 2, _ => 1 },
            Color = group.First().test is { IsDifference: false, IsSame: false } ? Grey : null,
            Intervals = [.. group.Select(one => (one.test.Interval[0], one.test.Interval[1]))],
            Rows = [.. group.Select(one => (string[])[one.test.A, one.test.B])],
            Texts = [.. group.Select(one => $"{names[one.place]}: {Places(one.test.Difference, 4)} " +
                $"({Places(one.test.Interval[0], 4)} – {Places(one.test.Interval[1], 4)}), " +
                $"adjusted p {ComparisonTable.Chance(one.test.AdjustedP)}")],
        });
        return Of(new Sheet(title ?? $"Differences in {metric}, with 95 % intervals",
            new Axis($"difference in {metric}; shaded: ± {Places(table.Margin, 4).TrimEnd('0')}")
            {
                Bands = [(-table.Margin, table.Margin), (0, 0)]
            },
            new Axis("", names) { Reversed = true, Range = (-0.7, tests.Length - 0.3) }, 720, 170 + (26 * tests.Length)), [.. series]);
    }

    /// <summary>How runs went from epoch to epoch: a line a head and variant, the mean of its seeds.</summary>
    /// <param name="runs">Recorded runs; baselines, which have no epochs, are left out.</param>
    /// <param name="loss">The training loss instead of the score on the dev split.</param>
    public static Chart LearningCurves(IEnumerable<RunRecord> runs, bool loss = false)
    {
        ArgumentNullException.ThrowIfNull(runs);
        var groups = runs.Where(run => run.History.Count > 0).GroupBy(run => (run.Head, run.Variant)).ToArray();
        return LearningCurves([.. groups.Select(group => (
            NameOf(group.Key.Head, group.Key.Variant, groups.Count(other => other.Key.Head == group.Key.Head)),
            (IReadOnlyList<TrainingEpoch>)[.. group.SelectMany(run => run.History).GroupBy(epoch => epoch.Epoch)
                .OrderBy(epoch => epoch.Key).Select(epoch =>
                new TrainingEpoch(epoch.Key, epoch.Average(one => one.Loss), epoch.Average(one => one.DevScore),
                    epoch.Average(one => one.Seconds)))]))], loss);
    }

    /// <summary>How trainings went from epoch to epoch.</summary>
    /// <param name="trainings">Name and epochs of each.</param>
    /// <param name="loss">The training loss instead of the score on the dev split.</param>
    public static Chart LearningCurves(IEnumerable<(string Name, IReadOnlyList<TrainingEpoch> Epochs)> trainings, bool loss = false)
    {
        ArgumentNullException.ThrowIfNull(trainings);
        var series = trainings.Select(training =>
        {
            var epochs = training.Epochs.Where(epoch => loss || epoch.DevScore is not null).ToArray();
            return new Series(training.Name, [.. epochs.Select(epoch => epoch.Epoch + 1.0)],
                [.. epochs.Select(epoch => loss ? epoch.Loss : epoch.DevScore!.Value)]);
        });
        return Of(new Sheet(loss ? "Training loss by epoch" : "Score on the dev split by epoch", new Axis("epoch") { WholeNumbers = true },
            loss ? "mean loss" : "dev score"), [.. series]);
    }

    /// <summary>Test rows by label (down) and answer (across).</summary>
    /// <param name="counts">Rows by label (outer) and answer (inner), as <see cref="TestResult.Confusion"/>.</param>
    /// <param name="labels">Names of the labels.</param>
    /// <param name="title">The title, or null for one that says what it is.</param>
    /// <exception cref="ArgumentException">There is another number of names than of rows.</exception>
    public static Chart Confusion(IReadOnlyList<IReadOnlyList<int>> counts, IReadOnlyList<string> labels, string? title = null)
    {
        ArgumentNullException.ThrowIfNull(counts);
        ArgumentNullException.ThrowIfNull(labels);
        if (counts.Count != labels.Count)
        {
            throw new ArgumentException($"There are {counts.Count} rows of counts but {labels.Count} labels; name each.", nameof(labels));
        }

        // Coloured by the share of the label's rows, so that a rare label is seen as well as a frequent one.
        return Grid(
            title ?? "Labels and answers", new Axis("answer", labels), new Axis("label", labels),
            [.. counts.Select(row => row.Select(count => count / (double)Math.Max(1, row.Sum())).ToArray())],
            "share of<br>the label",
            [.. counts.Select(row => row.Select(count => count.ToString("N0", CultureInfo.InvariantCulture)).ToArray())]);
    }

    /// <summary>Where each token looks: the attention probabilities of one head of one layer.</summary>
    /// <param name="weights">L × L, a row for each token that looks; such as <c>output.Attentions[layer][row, head]</c>.</param>
    /// <param name="tokens">The L tokens.</param>
    /// <param name="title">The title, or null for one that says what it is.</param>
    /// <exception cref="ArgumentException">The tensor is not L × L.</exception>
    public static Chart Attention(torch.Tensor weights, IReadOnlyList<string> tokens, string? title = null)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(tokens);
        if (!weights.shape.SequenceEqual([tokens.Count, tokens.Count]))
        {
            throw new ArgumentException($"{tokens.Count} tokens need weights of shape [{tokens.Count}, {tokens.Count}], not " +
                $"[{string.Join(", ", weights.shape)}]; choose one row and one head, and cut off padding.", nameof(weights));
        }

        double[] flat = Values(weights);
        double[][] rows = [.. Enumerable.Range(0, tokens.Count).Select(row => flat[(row * tokens.Count)..((row + 1) * tokens.Count)])];
        return Grid(title ?? "Attention", new Axis("token looked at", tokens), new Axis("token that looks", tokens), rows, "attention");
    }

    /// <summary>How much each token looks like the start and like the end of an answer.</summary>
    /// <param name="tokens">The L tokens.</param>
    /// <param name="start">Start logits, L.</param>
    /// <param name="end">End logits, L.</param>
    /// <param name="title">The title, or null for one that says what it is.</param>
    /// <param name="range">Where the axis of logits begins and ends, so that several charts compare; null leaves that to the data.</param>
    public static Chart SpanLogits(IReadOnlyList<string> tokens, torch.Tensor start, torch.Tensor end, string? title = null,
        (double Low, double High)? range = null)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        ArgumentNullException.ThrowIfNull(start);
        ArgumentNullException.ThrowIfNull(end);
        var (starts, ends) = (Values(start), Values(end));
        if (starts.Length != tokens.Count || ends.Length != tokens.Count)
        {
            throw new ArgumentException($"There are {tokens.Count} tokens, {starts.Length} start logits and {ends.Length} end logits; " +
                "give one of each for every token.", nameof(tokens));
        }

        var names = new Axis("token", [.. tokens.Select((token, i) => $"{i} {token}")]);
        return Of(new Sheet(title ?? "Start and end logits over the text", names,
            new Axis("logit") { Range = range }, Math.Clamp(160 + (24 * tokens.Count), 480, 1200)), [
            new Series("start", starts) { Texts = tokens }, new Series("end", ends) { Texts = tokens }]);
    }

    /// <summary>Vectors on a map: the two directions along which they differ most (PCA).</summary>
    /// <param name="vectors">N × H, such as the last hidden states of [CLS].</param>
    /// <param name="groups">What each vector belongs to, N names, such as labels; null for one group.</param>
    /// <param name="texts">What each vector stands for, N texts; null for none.</param>
    /// <param name="title">The title, or null for one that says what it is.</param>
    /// <param name="showTexts">Whether the texts are written on the map; otherwise they show when the mouse is over a point.</param>
    public static Chart HiddenStates(torch.Tensor vectors, IReadOnlyList<string>? groups = null, IReadOnlyList<string>? texts = null,
        string? title = null, bool showTexts = false)
    {
        const int Width = 720, Height = 520; // pixels
        ArgumentNullException.ThrowIfNull(vectors);
        var (points, explained) = Pca.Project(vectors);
        double[] flat = Values(points);
        points.Dispose();
        int count = flat.Length / 2;
        groups ??= [.. Enumerable.Repeat("", count)];
        if (groups.Count != count || (texts ?? groups).Count != count)
        {
            throw new ArgumentException($"There are {count} vectors, {groups.Count} group " +
                $"names{(texts is null ? "" : $" and {texts.Count} texts")}; give one for each vector.", nameof(groups));
        }

        // Beside the points are margins, the legend, and about an eighth of the axes.
        string[] names = [.. groups.Distinct()];
        double legend = names.Length > 1 ? 45 + (7 * names.Max(HtmlParts.Width)) : 0;
        string[]? places = showTexts && texts is not null
            ? TextPlaces.Of(flat, texts, 0.88 * (Width - 90 - legend), 0.87 * (Height - 106))
            : null;
        var series = Enumerable.Range(0, count).GroupBy(i => groups[i])
            .OrderBy(group => group.Key, StringComparer.Ordinal) // whichever comes first, a label has one colour in all maps
            .Select(group => new Series(group.Key, [.. group.Select(i => flat[2 * i])], [.. group.Select(i => flat[(2 * i) + 1])])
            {
                Kind = SeriesKind.Points,
                Texts = texts is null ? null : [.. group.Select(i => texts[i])],
                ShowTexts = showTexts,
                TextPlaces = places is null ? null : [.. group.Select(i => places[i])],
            });
        string Component(int number) => $"component {number} ({Places(100 * explained[number - 1], 0)} % of the variance)";
        return Of(new Sheet(title ?? "Hidden states, two directions of most variance (PCA)", Component(1), Component(2), Width, Height),
            [.. series]);
    }

    /// <summary>How many examples have which length.</summary>
    /// <param name="lengths">A length an example.</param>
    /// <param name="what">What is counted, such as <c>"tokens"</c>.</param>
    /// <param name="title">The title, or null for one that says what it is.</param>
    public static Chart Lengths(IEnumerable<int> lengths, string what = "tokens", string? title = null)
    {
        int[] all = [.. lengths];
        int longest = all.DefaultIfEmpty().Max();
        int width = Math.Max(1, (longest + 39) / 40);
        int[] bins = new int[(longest / width) + 1];
        foreach (int length in all)
        {
            bins[length / width]++;
        }

        string Bin(int bin) => width == 1 ? $"{bin} {what}" : $"{bin * width} to {(bin * width) + width - 1} {what}";
        return Of(
            new Sheet(title ?? $"Lengths of {all.Length.ToString("N0", CultureInfo.InvariantCulture)} examples", what, "examples"),
            [new Series("examples", [.. bins.Select((_, bin) => (bin * width) + ((width - 1) / 2.0))],
                [.. bins.Select(count => (double)count)]) { Kind = SeriesKind.Bars,
                    Texts = [.. bins.Select((count, bin) => $"{Bin(bin)}: {count}")] }]);
    }

    /// <summary>Training speed of each head and variant.</summary>
    /// <param name="table">
    /// What recorded runs say together; baselines, which train no encoder, are left out, and heads whose runs never had the machine for
    /// themselves.
    /// </param>
    /// <param name="title">The title, or null for one that says what it is.</param>
    public static Chart Throughput(ComparisonTable table, string? title = null)
    {
        ArgumentNullException.ThrowIfNull(table);
        var rows = table.Rows.Where(row => row.Parameters > 0 && row.ExamplesPerSecond is not null).ToArray();
        return Of(
            new Sheet(title ?? "Training speed", "examples a second",
                new Axis("", [.. rows.Select(row => NameOf(row, rows))]) { Reversed = true }, 720, 150 + (36 * rows.Length)),
            [new Series("training", [.. rows.Select(row => row.ExamplesPerSecond!.Value)],
                [.. rows.Select((_, place) => (double)place)]) { Kind = SeriesKind.LyingBars,
                    Texts = [.. rows.Select(row => row.ExamplesPerSecond!.Value.ToString("N0", CultureInfo.InvariantCulture))],
                    ShowTexts = true }]);
    }

    /// <summary>A series in the colour and with the symbol that a row of a comparison has in all its charts; baselines are grey.</summary>
    internal static Series OfRow(Series series, ComparisonTable.Row row, IReadOnlyList<ComparisonTable.Row> rows) => series with
    {
        Rows = [[row.Name]],
        Color = row.IsBaseline ? Grey : null,
        Look = rows.Where(other => other.IsBaseline == row.IsBaseline).Index().First(other => other.Item == row).Index,
    };

    internal static string NameOf(ComparisonTable.Row row, IReadOnlyList<ComparisonTable.Row> rows) =>
        NameOf(row.Head, row.Variant, rows.Count(other => other.Head == row.Head));

    // The variant is part of the name where there are several.
    private static string NameOf(string head, string variant, int variants) => variants > 1 ? $"{head}, {variant}" : head;

    private static string Places(double value, int places) => value.ToString("F" + places, CultureInfo.InvariantCulture);

    private static double[] Values(torch.Tensor tensor)
    {
        using var scope = torch.NewDisposeScope();
        return tensor.detach().cpu().to(torch.float64).reshape(-1).data<double>().ToArray();
    }
}
