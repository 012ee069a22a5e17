using TorchSharp;

namespace Electra.Lessons;

/// <summary>The exercises of lesson 03, [CLS] and the FC head.</summary>
public static class Lesson03
{
    /// <summary>Shapes and size of the FC head, for 32 reviews of 20 tokens, H = 768 and five labels.</summary>
    public static void Exercise1(long[]? clsShape, long[]? logitsShape, long? numbers) => Check.Exercise("Exercise 1",
        ["taking one place of an axis makes the axis disappear", "each review gets one logit for each label",
            "a Linear layer from n to m numbers has m × n weights and m biases"],
        () =>
        {
            using var head = Heads.Create("fc", new ElectraConfig { HiddenSize = 768 }, 5, HeadVariant.Published);
            head.eval();
            var hidden = torch.zeros(32, 20, 768);
            return Verdict.Parts(
                ("[CLS]", Verdict.Shape(clsShape, hidden[.., 0].shape)),
                ("logits", Verdict.Shape(logitsShape, head.forward(hidden, torch.ones(32, 20, torch.int64)).shape)),
                ("numbers", Verdict.Equal(numbers, head.parameters().Sum(one => one.numel()))));
        });

    /// <summary>A softmax along axis 1 that does not overflow.</summary>
    public static void Exercise2(Func<torch.Tensor, torch.Tensor?> softmax) => Check.Exercise("Exercise 2",
        ["exp, then divide by the sum over axis 1 with keepdim: true", "subtract the maximum of each row first",
            "x - x.amax([1], keepdim: true) has the greatest logit of each row at 0"],
        () => Verdict.Cases(new[]
        {
            (Name: "small logits", Columns: 2, Logits: new[] { 0.5, -1.5, 2.0, 2.0 }),
            ("three labels", 3, [1, 2, 3, 0, -1, 5]),
            ("large logits", 2, [1000, 1001, -1000, 0]),
            ("a large row and a very negative one", 2, [900, 901, -900, -901]),
        }.Select(one => (
            $"{one.Name}, {Verdict.Text(one.Logits)} in rows of {one.Columns}",
            (Func<Verdict>)(() =>
            {
                var logits = torch.tensor(one.Logits).reshape(-1, one.Columns);
                return Verdict.Close(softmax(logits), torch.nn.functional.softmax(logits, 1), 1e-6);
            })))));

    /// <summary>The FC head as a function of the last hidden state (B × L × H) and its weights by name.</summary>
    public static void Exercise3(Func<torch.Tensor, Dictionary<string, torch.Tensor>, torch.Tensor?> head) =>
        Check.Exercise("Exercise 3",
        ["take [.., 0]; the weights' names are in the table of section 3", "x.matmul(weight.t()) + bias, twice, and gelu between",
            "everything must come from the two parameters x and w: the check brings its own"],
        () => Verdict.Cases(new[] { (B: 3, L: 7, H: 256, C: 2, Seed: 1), (B: 2, L: 4, H: 8, C: 3, Seed: 2) }.Select(one => (
            $"a hidden state of {one.B} × {one.L} × {one.H} and {one.C} labels",
            (Func<Verdict>)(() =>
            {
                using var library = Heads.Create("fc", new ElectraConfig { HiddenSize = one.H }, one.C, HeadVariant.Published);
                library.eval();
                var weights = library.state_dict().Select((named, i) => (named.Key, Value: CaseNumbers.Of(one.Seed + i, named.Value.shape)))
                    .ToDictionary(named => named.Key, named => named.Value);
                library.load_state_dict(weights);
                var hidden = CaseNumbers.Of(10 + one.Seed, one.B, one.L, one.H);
                var right = library.forward(hidden, torch.ones(one.B, one.L, torch.int64)).detach();
                return Verdict.Close(head(hidden, weights), right, 1e-3);
            })))));

    /// <summary>Accuracy, precision and recall of a confusion matrix.</summary>
    /// <param name="accuracy">The learner's accuracy.</param>
    /// <param name="precision">The learner's precision.</param>
    /// <param name="recall">The learner's recall.</param>
    /// <param name="counts">The matrix: <c>[label][answer]</c>.</param>
    public static void Exercise4(double? accuracy, double? precision, double? recall, int[][] counts) => Check.Exercise("Exercise 4",
        ["accuracy: the diagonal over all",
            "precision: look down the column of the answer 1",
            "recall: look along the row of the label 1"],
        () => Verdict.Parts(
            ("accuracy", Verdict.Number(accuracy, (counts[0][0] + counts[1][1]) / (double)counts.Sum(row => row.Sum()), 1e-3)),
            ("precision", Verdict.Number(precision, counts[1][1] / (double)counts.Sum(row => row[1]), 1e-3)),
            ("recall", Verdict.Number(recall, counts[1][1] / (double)counts[1].Sum(), 1e-3))));

    /// <summary>The loss without opinion about five labels, and the probability behind a loss of 0.1.</summary>
    public static void Exercise5(double? fiveLabels, double? probability) => Check.Exercise("Exercise 5",
        ["which probability does each of five labels get from one that has no opinion?", "the loss is −ln p; Math.Exp undoes Math.Log"],
        () => Verdict.Parts(
            ("five labels", Verdict.Number(fiveLabels, -Math.Log(1 / 5.0), 1e-3)),
            ("probability", Verdict.Number(probability, Math.Exp(-0.1), 1e-3))));
}
