using TorchSharp;

namespace Electra.Lessons;

/// <summary>The exercises of lesson 07, Token classification.</summary>
public static class Lesson07
{
    /// <summary>The ten tags of 어제 서울에서 봤다, in which 어제 is a date and 서울 a place.</summary>
    public static void Exercise1(string[]? myTags) => Check.Exercise("Exercise 1",
        ["one tag for each character, blanks too",
            "the first character of an entity has B-, the others I-; the particle 에서 is outside"],
        () => Verdict.Equal(myTags, EntityTags.OfCharacters("어제 서울에서 봤다", [(0, 2, "B-DT"), (3, 5, "B-LC")])));

    /// <summary>A function from tags to entities: type, start and end (exclusive).</summary>
    /// <param name="mySpans">The learner's function.</param>
    /// <param name="sentences">The lesson's sentences, on which it must agree with the library.</param>
    public static void Exercise2(Func<IReadOnlyList<string>, List<(string Type, int Start, int End)>?> mySpans,
        IReadOnlyList<EntitySentence> sentences) => Check.Exercise("Exercise 2",
        ["go through the tags and remember where an entity has begun",
            "two entities may stand side by side: a B- ends one and begins the next",
            "one may end where the sentence ends"],
        () => Verdict.Cases(Tags.Concat(sentences.Select(one => one.Tags)).Select(tags => (
            $"the tags {string.Join(' ', tags)}",
            (Func<Verdict>)(() => mySpans(tags) is not { } found ? Verdict.ToDo
                : Verdict.That(found.SequenceEqual(EntityTags.Spans(tags)),
                    $"it gives {(found.Count == 0 ? "no entity" : string.Join(", ", found))}"))))));

    /// <summary>Precision, recall and F1 of four marked entities against three true ones.</summary>
    public static void Exercise3(double? precision, double? recall, double? f1) => Check.Exercise("Exercise 3",
        ["an entity is right when type, start and end are: nothing for almost",
            "precision: of the four marked ones; recall: of the three true ones",
            "F1 = 2 · correct / (predicted + support)"],
        () =>
        {
            (string, int, int)[] real = [("LC", 0, 2), ("DT", 4, 6), ("PS", 8, 11)];
            (string, int, int)[] marked = [("LC", 0, 3), ("DT", 4, 6), ("OG", 8, 11), ("QT", 13, 15)];
            double correct = marked.Intersect(real).Count();
            return Verdict.Parts(
                ("precision", Verdict.Number(precision, correct / marked.Length, 1e-3)),
                ("recall", Verdict.Number(recall, correct / real.Length, 1e-3)),
                ("F1", Verdict.Number(f1, 2 * correct / (marked.Length + real.Length), 1e-3)));
        });

    /// <summary>By how much the logits of the first row's tokens differ at most, alone and padded, for a BiLSTM token head.</summary>
    /// <param name="difference">The learner's function of variant, hidden states (B × L × H) and attention mask (B × L), of which the first
    /// row has padding; its head is made with the seed 1.</param>
    /// <param name="config">The encoder's configuration.</param>
    /// <param name="labels">C, the number of labels.</param>
    public static void Exercise4(Func<HeadVariant, torch.Tensor, torch.Tensor, double?> difference, ElectraConfig config, int labels) =>
        Check.Exercise("Exercise 4",
        ["twice head.forward: once with what is alone, once with the whole batch and its mask",
            "of the batch's logits take row 0 and its own tokens: [..1, ..length]",
            "(a - b).abs().max().item<float>(), where a and b are both 1 × L × C"],
        () => Verdict.Cases(Enum.GetValues<HeadVariant>().SelectMany(variant => Enumerable.Range(1, 8).Select(seed => (
            $"{Heads.NameOf(variant)}, two rows of {seed + 1} and {seed + 5} tokens",
            (Func<Verdict>)(() =>
            {
                var mask = CaseNumbers.Mask(seed + 1, seed + 5);
                // So large that it is not always the last token that differs most.
                var states = 10 * CaseNumbers.Of(seed, 2, seed + 5, config.HiddenSize);
                double? found = difference(variant, states, mask);
                torch.random.manual_seed(1);
                using var head = TokenHeads.Create("bilstm", config, labels, variant);
                head.eval();
                float[] alone = [.. head.forward(states[..1, ..(seed + 1)], mask[..1, ..(seed + 1)]).flatten().data<float>()];
                float[] padded = [.. head.forward(states, mask)[0, ..(seed + 1)].flatten().data<float>()];
                return Verdict.Number(found, alone.Zip(padded, (a, b) => Math.Abs(a - b)).Max(), 1e-5);
            }))))));

    private static readonly string[][] Tags =
    [
        ["O", "B-PS", "I-PS", "O"], ["B-DT", "I-DT", "B-LC", "O"], ["O", "O"], ["B-PS", "B-PS"], ["O", "B-LC", "I-LC"],
    ];
}
