namespace Electra.Lessons;

/// <summary>The exercises of lesson 10, A project of your own.</summary>
public static class Lesson10
{
    /// <summary>Cohen's kappa of two labellers, from how often the first gave a label (outer) where the second gave another
    /// (inner).</summary>
    /// <param name="kappa">The learner's function.</param>
    public static void Exercise1(Func<int[][], double?> kappa) => Check.Exercise("Exercise 1",
        ["agreement: the diagonal over all rows",
            "chance: for each label the first one's share times the second one's, a row's sum and a column's over all; added up",
            "(agreement − chance) / (1 − chance)"],
        () => Verdict.Cases(Tables.Select(counts => (
            $"the counts [{string.Join(", ", counts.Select(row => Verdict.Text(row)))}]",
            (Func<Verdict>)(() =>
            {
                double all = counts.Sum(row => row.Sum());
                double agreement = counts.Select((row, label) => row[label]).Sum() / all;
                double chance = counts.Select((row, label) => row.Sum() / all * (counts.Sum(other => other[label]) / all)).Sum();
                return Verdict.Number(kappa([.. counts.Select(row => row.ToArray())]), (agreement - chance) / (1 - chance), 1e-6);
            })))));

    /// <summary>How many test rows it takes to find a difference in 80 of 100 repetitions.</summary>
    /// <param name="rows">The learner's function of the share of rows that one of two runs alone has right, and of the difference.</param>
    public static void Exercise2(Func<double, double, double?> rows) => Check.Exercise("Exercise 2",
        ["a true difference must be 1.96 + 0.84 standard errors large", "the standard error is √(d / n): solve for n",
            "both are shares: five points are 0.05"],
        () => Verdict.Cases(new (double D, double By)[] { (0.055, 0.05), (0.19, 0.05), (0.10, 0.02), (0.06, 0.10) }.Select(one => (
            $"d = {Verdict.Text(one.D)} and a difference of {Verdict.Text(one.By)}",
            (Func<Verdict>)(() => Verdict.Number(rows(one.D, one.By), Math.Pow(1.96 + 0.84, 2) * one.D / (one.By * one.By), 1))))));

    /// <summary>Which test rows are a train row when only letters and digits are kept, in lower case.</summary>
    /// <param name="leaked">The learner's function of train and test texts: places of test rows, in their order.</param>
    public static void Exercise3(Func<string[], string[], int[]?> leaked) => Check.Exercise("Exercise 3",
        ["make the same of every text first: char.IsLetterOrDigit, char.ToLowerInvariant",
            "a HashSet of what the train rows become answers quickly",
            "give the places of test rows, counted from 0"],
        () => Verdict.Cases(Splits.Select(one => (
            $"the train rows {Verdict.Text(one.Train)} and the test rows {Verdict.Text(one.Test)}",
            (Func<Verdict>)(() => leaked([.. one.Train], [.. one.Test]) is not { } found ? Verdict.ToDo
                : Verdict.That(found.SequenceEqual(one.Leaked), $"it gives {Verdict.Text(found)}"))))));

    /// <summary>Which of four sentences the report of the exercise allows.</summary>
    /// <param name="better">That the head is better than n-grams.</param>
    /// <param name="same">That they are the same within the margin.</param>
    /// <param name="noLargeLead">That there is no lead of ten points.</param>
    /// <param name="elsewhere">That it is as good in other cinemas.</param>
    public static void Exercise4(bool? better, bool? same, bool? noLargeLead, bool? elsewhere) => Check.Exercise("Exercise 4",
        ["does the interval of the difference have 0 in it?", "the same within a margin: the whole interval must lie inside it",
            "the interval has all differences that go with these rows and seeds; is ten points in it?",
            "a test set speaks for texts of its own kind"],
        () => Verdict.Answers(("better", better, false), ("same", same, false), ("no large lead", noLargeLead, true),
            ("elsewhere", elsewhere, false)));

    private static readonly int[][][] Tables =
    [
        [[45, 5], [5, 45]], [[90, 5], [5, 0]], [[40, 20], [0, 40]], [[30, 2, 1], [3, 25, 6], [0, 4, 29]], [[10, 0], [0, 20]],
    ];

    private static readonly (string[] Train, string[] Test, int[] Leaked)[] Splits =
    [
        (["환불 부탁드립니다", "주차는 무료예요?"], ["환불 부탁드립니다", "팝콘 반반도 되나요?"], [0]),
        (["환불 부탁드립니다", "주차는 무료예요?"], ["자막판도 하나요", "주차는 무료예요", "환불부탁드립니다!!"], [1, 2]),
        (["4DX는 키 제한 있나요"], ["4dx는 키 제한 있나요?", "키 제한 있나요"], [0]),
        (["취소해 주세요 제발", "소리가 커요"], ["취소해 주세요", "소리가 작아요"], []),
    ];
}
