using TorchSharp;

namespace Electra.Lessons;

/// <summary>The exercises of lesson 01, Text to tensors.</summary>
public static class Lesson01
{
    /// <summary>How many tokens a word of the training reviews has on average, up to 0.005.</summary>
    public static void Exercise1(double? piecesPerWord) => Check.Exercise("Exercise 1",
        ["all tokens over all words, not the mean of the reviews' means",
            "Split(' ', StringSplitOptions.RemoveEmptyEntries) gives no empty words; Tokenize adds no [CLS] and no [SEP]"],
        () =>
        {
            var tokenizer = ElectraTokenizer.FromFolder(Lesson.Encoder());
            int[] words = [.. ReviewData.Open("reviews").Train.Select(one => Words(one.Document))];
            int[] pieces = [.. ReviewData.Open("reviews").Train.Select(one => tokenizer.Tokenize(one.Document).Count)];
            double right = pieces.Sum() / (double)words.Sum(), ofMeans = pieces.Zip(words, (p, w) => p / (double)w).Average();
            double withSpecial = (pieces.Sum() + (2 * pieces.Length)) / (double)words.Sum();
            return Math.Abs(piecesPerWord - ofMeans ?? 1) < 1e-3 ? Verdict.Wrong("this is the mean of the reviews' own means")
                : Math.Abs(piecesPerWord - withSpecial ?? 1) < 1e-3 ? Verdict.Wrong("[CLS] and [SEP] are among the tokens counted")
                : Math.Abs(1 / piecesPerWord - right ?? 1) < 0.005 ? Verdict.Wrong("these are words a token")
                : Verdict.Number(piecesPerWord, right, 0.005);
        });

    /// <summary>The attention mask of ids: whole numbers, 1 for a token and 0 for padding.</summary>
    /// <param name="rebuilt">The learner's mask.</param>
    /// <param name="ids">The ids, B × L; 0 is padding.</param>
    public static void Exercise2(torch.Tensor? rebuilt, torch.Tensor ids) => Check.Exercise("Exercise 2",
        ["padding has the id tokenizer.PadId", "ne(…) gives true and false; attention masks are of the type int64"],
        () => Verdict.First(
            () => Verdict.Shape(rebuilt, ids.shape),
            () => Verdict.That(rebuilt!.dtype == torch.int64, $"its numbers are of the type {rebuilt.dtype}, and a mask's are of int64"),
            () => Verdict.Close(rebuilt, torch.tensor(ids.data<long>().Select(id => id == 0 ? 0L : 1L).ToArray()).reshape(ids.shape), 0)));

    /// <summary>A function from tokens to a text: without special tokens, pieces joined.</summary>
    public static void Exercise3(Func<IEnumerable<string>, string?> decode) => Check.Exercise("Exercise 3",
        ["three tokens are no text, wherever they stand: [CLS], [SEP], [PAD]",
            "join what is left with blanks; then see what is to be replaced",
            "\" ##\" is where a piece goes on with the word before it"],
        () => Verdict.Cases(Pieces.Select(one => (
            $"the tokens {string.Join(' ', one.Tokens)}",
            (Func<Verdict>)(() => Verdict.Equal(decode(one.Tokens), one.Text))))));

    /// <summary>A batch of three texts, 16 tokens long, and how many of its cells are padding.</summary>
    /// <param name="mine">The learner's batch.</param>
    /// <param name="padding">The learner's number.</param>
    /// <param name="three">The texts.</param>
    public static void Exercise4(Batch? mine, long? padding, string[] three) => Check.Exercise("Exercise 4",
        ["encode each, then Batch.From(…, length: …)", "the mask's sum is the number of tokens; numel() is the number of all cells"],
        () =>
        {
            var tokenizer = ElectraTokenizer.FromFolder(Lesson.Encoder());
            int[][] rows = [.. three.Select(text => tokenizer.Encode(text).InputIds)];
            long[] ids = [.. rows.SelectMany(row => row.Concat(Enumerable.Repeat(tokenizer.PadId, 16 - row.Length)))];
            return Verdict.Parts(
                ("the batch", Verdict.First(
                    () => Verdict.Shape(mine?.InputIds, [3, 16]),
                    () => Row(mine!, ids) is { } row ? Verdict.Wrong($"row {row} has other ids than \"{three[row]}\"") : Verdict.Right,
                    () => Verdict.Close(mine!.AttentionMask, torch.tensor(ids).ne(tokenizer.PadId).to(torch.int64).reshape(3, 16), 0))),
                ("the padding", Verdict.Equal(padding, ids.LongCount(id => id == tokenizer.PadId))));
        });

    private static readonly (string[] Tokens, string Text)[] Pieces =
    [
        (["[CLS]", "시간이", "아까", "##웠다", "[SEP]"], "시간이 아까웠다"),
        (["재", "##관", "##람", "없다"], "재관람 없다"),
        (["[CLS]", "최고", "[SEP]", "[PAD]", "[PAD]"], "최고"),
        (["[CLS]", "누구", "[SEP]", "감독", "##이", "[SEP]"], "누구 감독이"),
    ];

    private static int Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length;

    private static int? Row(Batch batch, long[] ids)
    {
        int wrong = batch.InputIds.data<long>().ToArray().Zip(ids).TakeWhile(two => two.First == two.Second).Count();
        return wrong == ids.Length ? null : wrong / 16;
    }
}
