using TorchSharp;

namespace Electra.Lessons;

/// <summary>The exercises of lesson 08, Comparing heads.</summary>
public static class Lesson08
{
    /// <summary>How many test rows make the standard error of a share of 0.9 equal 0.001.</summary>
    public static void Exercise1(double? rows) => Check.Exercise("Exercise 1",
        ["section 2 has the standard error; here it is given, and n is not", "solve √(p (1 − p) / n) = 0.001 for n"],
        () => Verdict.Number(rows, 0.9 * 0.1 / (0.001 * 0.001), 1));

    /// <summary>The exact p of McNemar's test for 12 and 4 discordant rows, and whether it is a difference at 0.05.</summary>
    public static void Exercise2(double? p, bool? isDifference) => Check.Exercise("Exercise 2",
        ["16 rows are discordant: as many fair coins", "Exact of section 6, or twice the sum of Binomial(16, k) for k from 0 to 4",
            "a difference: p is below 0.05"],
        () =>
        {
            double right = Statistics.McNemar(12, 4).ExactP;
            return Verdict.Parts(("p", Verdict.Number(p, right, 1e-4)),
                ("difference", isDifference is null ? Verdict.ToDo : Verdict.That(isDifference == right < 0.05, "compare p with 0.05")));
        });

    /// <summary>A function from p values to those that Holm's adjustment makes of them, in the same order.</summary>
    public static void Exercise3(Func<double[], double[]?> adjust) => Check.Exercise("Exercise 3",
        ["go through the places in the order of their p", "multiply the smallest by their number, the next by one less, …",
            "no p is above 1, and none below the one before"],
        () => Verdict.Cases(Families.Select(family => (
            Verdict.Text(family),
            (Func<Verdict>)(() => adjust([.. family]) is { } found
                ? Verdict.Close(torch.tensor(found), torch.tensor(Holm.Adjust(family)), 1e-9) : Verdict.ToDo)))));

    /// <summary>A head that takes the maximum over the tokens of the text, number by number, and a linear layer of it.</summary>
    /// <param name="head">The name that it is registered by.</param>
    public static void Exercise4(string head) => Check.Exercise("Exercise 4",
        ["amax([1]) is the maximum over the tokens; the linear layer is made already",
            "masked_fill(padding, float.NegativeInfinity) before it, where padding is B × L × 1 and true where the mask is 0"],
        () => Verdict.Cases(Rows.Select(one => (
            $"rows of {string.Join(", ", one.Lengths)} tokens{(one.Low > 0 ? " and numbers below 0" : "")}",
            (Func<Verdict>)(() => IsMaximum(head, one.Low, one.Lengths))))));

    /// <summary>Whether four statements about comparisons are true.</summary>
    public static void Exercise5(bool? first, bool? second, bool? third, bool? fourth) => Check.Exercise("Exercise 5",
        ["1: section 6, in bold letters; 2: what is the noise of one run?", "3: try Exact(40, 15): 25 of 600 rows are 4 points",
            "4: the greatest of several noisy numbers"],
        () => Verdict.Answers(("1", first, false), ("2", second, true), ("3", third, false), ("4", fourth, true)));

    private static readonly double[][] Families =
        [[0.01, 0.04, 0.03], [0.7, 0.6, 0.01], [0.02], [0.05, 0.011, 0.012, 0.013], [0.2, 0.001, 0.2, 0.03]];

    private static readonly (int Low, int[] Lengths)[] Rows = [(0, [3, 6]), (5, [5, 2, 4])];

    // A head is a function of the maximum, and of all of it, exactly when it passes these: whatever its linear layer drew.
    private static Verdict IsMaximum(string name, int low, int[] lengths)
    {
        const int Hidden = 8, Labels = 3;
        using var scope = torch.NewDisposeScope();
        using var grad = torch.no_grad();
        using var head = Heads.Create(name, new ElectraConfig { HiddenSize = Hidden }, Labels, HeadVariant.MaskAware);
        head.eval();
        var mask = CaseNumbers.Mask(lengths); // B × L
        var text = mask.unsqueeze(-1); // B × L × 1
        // padding is as large as can be, or 0 above numbers that are all below: whoever reads it, shows it
        var numbers = CaseNumbers.Of(8, lengths.Length, lengths.Max(), Hidden) - low; // B × L × H
        var hidden = (numbers * text) + ((low > 0 ? 0 : 9) * (1 - text)); // B × L × H
        var logits = head.forward(hidden, mask); // B × C
        if (Verdict.Shape(logits, [lengths.Length, Labels]) is { Complaint: not null } shape)
        {
            return shape;
        }

        torch.Tensor Alone(torch.Tensor row) => head.forward(row.unsqueeze(0), torch.ones(1, row.shape[0], torch.int64))[0]; // L × H → C
        for (int row = 0; row < lengths.Length; row++)
        {
            var tokens = hidden[row, ..lengths[row]]; // L × H
            var answer = Alone(tokens); // C
            if (!IsSame(logits[row], answer))
            {
                return Verdict.Wrong($"row {row} gets other logits with padding than alone");
            }

            var greatest = tokens.amax([0]); // H
            for (int place = 0; place < lengths[row] * Hidden; place++)
            {
                var (token, number) = (place / Hidden, place % Hidden);
                var raised = tokens.clone();
                raised[token, number] = greatest[number] + 1;
                if (IsSame(Alone(raised), answer))
                {
                    return Verdict.Wrong($"in row {row} number {number} of token {token} becomes the greatest of all tokens, and the " +
                        "logits stay as they were");
                }
            }

            if (!IsSame(Alone(greatest.expand(lengths[row], Hidden)), answer))
            {
                return Verdict.Wrong($"row {row} gets other logits when all its tokens have the greatest numbers of the row, although " +
                    "the maximum is the same");
            }
        }

        return Verdict.Right;
    }

    private static bool IsSame(torch.Tensor a, torch.Tensor b) => (a - b).abs().max().item<float>() < 1e-5;
}
