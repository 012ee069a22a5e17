using TorchSharp;

namespace Electra.Lessons;

/// <summary>The exercises of lesson 09, Replaced token detection.</summary>
public static class Lesson09
{
    /// <summary>How many tokens are chosen in four rows, and how many of these stand behind [MASK] on average.</summary>
    /// <param name="chosen">The learner's number.</param>
    /// <param name="behindMask">The learner's mean number.</param>
    /// <param name="ordinaryTokens">Ordinary tokens of each row.</param>
    public static void Exercise1(double? chosen, double? behindMask, int[] ordinaryTokens) => Check.Exercise("Exercise 1",
        ["section 3: row by row, rounded, and never none", "a share of the chosen ones keeps its token: the rest stands behind [MASK]"],
        () =>
        {
            double right = ordinaryTokens.Sum(n => Math.Max(1, Math.Round(Masking.Share * n)));
            return Verdict.Parts(
                ("chosen", Verdict.Number(chosen, right, 1e-6)),
                ("behind [MASK]", Verdict.Number(behindMask, right * (1 - Masking.KeptShare), 1e-6)));
        });

    /// <summary>The accuracy of a discriminator that calls everything original.</summary>
    /// <param name="majority">The learner's accuracy.</param>
    /// <param name="replaced">True where a token was replaced, B × L.</param>
    public static void Exercise2(double? majority, torch.Tensor replaced) => Check.Exercise("Exercise 2",
        ["on which tokens is it right?", "to(float32) makes numbers of true and false; 1 is replaced"],
        () => Verdict.Number(majority, replaced.data<bool>().Count(one => !one) / (double)replaced.numel(), 1e-6));

    /// <summary>Accuracy, precision and recall of logits, of which those above 0 call their token replaced.</summary>
    /// <param name="accuracy">The learner's accuracy.</param>
    /// <param name="precision">The learner's precision.</param>
    /// <param name="recall">The learner's recall.</param>
    /// <param name="logits">A logit for each token.</param>
    /// <param name="wasReplaced">What really happened to each token.</param>
    public static void Exercise3(double? accuracy, double? precision, double? recall, double[] logits, bool[] wasReplaced) =>
        Check.Exercise("Exercise 3",
        ["accuracy: all tokens that are judged rightly, replaced or not",
            "precision: of those called replaced",
            "recall: of those that were replaced"],
        () =>
        {
            var both = logits.Zip(wasReplaced, (logit, was) => (Called: logit > 0, Was: was)).ToList();
            double caught = both.Count(one => one.Called && one.Was);
            return Verdict.Parts(
                ("accuracy", Verdict.Number(accuracy, both.Count(one => one.Called == one.Was) / (double)both.Count, 1e-3)),
                ("precision", Verdict.Number(precision, caught / both.Count(one => one.Called), 1e-3)),
                ("recall", Verdict.Number(recall, caught / both.Count(one => one.Was), 1e-3)));
        });

    /// <summary>A function from a text to its token with the greatest logit, [CLS] and [SEP] left out.</summary>
    /// <param name="mostSuspicious">The learner's function.</param>
    /// <param name="tokenizer">The tokenizer.</param>
    /// <param name="judge">The lesson's function from ids to logits.</param>
    public static void Exercise4(Func<string, string?> mostSuspicious, ElectraTokenizer tokenizer, Func<int[], float[]> judge) =>
        Check.Exercise("Exercise 4",
        ["encode, judge, and leave out the first and the last logit",
            "[1..^1] cuts both ends off: a place in it is one less than in the row"],
        () => Verdict.Cases(Suspects.Select(text => (
            $"\"{text}\"",
            (Func<Verdict>)(() =>
            {
                var row = tokenizer.Encode(text);
                float[] inside = judge(row.InputIds)[1..^1];
                string? found = mostSuspicious(text);
                return found is null ? Verdict.ToDo
                    : Verdict.That(found == row.Tokens[1 + Array.IndexOf(inside, inside.Max())], $"it gives \"{found}\"");
            })))));

    private static readonly string[] Suspects =
        ["배우들 연기가 정말 좋았다", "시간이 아깝다 냉장고 지루한 영화", "영화 영화 파도 영화", "파도 정말 재미있는 영화"];
}
