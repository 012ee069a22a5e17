using FsCheck;
using FsCheck.Xunit;

namespace Electra.Tests.Questions;

[Properties(MaxTest = 300)]
public class AnswerDecoderTests
{
    private static readonly ElectraTokenizer Tokenizer = SmallTokenizer.Cased;

    [Property]
    public void The_best_spans_are_those_of_all_spans_written_out(int seed, byte contextLength, byte count, byte longest)
    {
        var random = new Random(seed);
        var options = new QuestionOptions { Best = 1 + (count % 5), LongestAnswer = 1 + (longest % 6) };
        var window = Tokenizer.Encode("가 나 가", Context(random, contextLength % 20));
        float[] starts = Logits(random, window.Length + 4); // four positions of padding
        float[] ends = Logits(random, window.Length + 4);
        var expected =
            from first in Enumerable.Range(0, window.Length)
            from last in Enumerable.Range(first, window.Length - first)
            where Enumerable.Range(first, last - first + 1).All(i => window.SequenceIds[i] == 1) && last - first + 1 <= options.LongestAnswer
            let score = (double)starts[first] + ends[last] - ((double)starts[0] + ends[0])
            orderby score descending, first, last
            select new AnswerSpan(window.Offsets[first].Start, window.Offsets[last].End, score);
        Assert.Equal(expected.Take(options.Best), AnswerDecoder.Best(window, starts, ends, options));
    }

    [Property]
    public void How_the_context_is_cut_into_windows_changes_no_answer(int seed, byte contextLength, byte room, byte longest)
    {
        // Logits that depend on the token alone; windows that share the longest answer's tokens but one, so that each span is whole in one of them.
        var random = new Random(seed);
        string context = Context(random, contextLength % 40);
        var options = new QuestionOptions { Best = 4, LongestAnswer = 1 + (longest % 5) };
        var starts = Tokenizer.Tokenize(context).ToDictionary(token => token.Start, _ => random.NextSingle());
        var ends = Tokenizer.Tokenize(context).ToDictionary(token => token.End, _ => random.NextSingle());
        int least = Math.Max(1, 2 * (options.LongestAnswer - 1)); // half of the room is what windows may share
        var whole = Answers(1000);
        var cut = Answers(5 + least + (room % 6));
        Assert.Equal(whole, cut);

        List<AnswerSpan> Answers(int maxTokens)
        {
            var best = new List<AnswerSpan>();
            var windows = QuestionWindows.Of(Tokenizer, new Question("q", "t", context, "가 나", []), maxTokens, options.LongestAnswer - 1);
            foreach (var window in windows.OrderBy(_ => random.Next()))
            {
                AnswerDecoder.Merge(best, AnswerDecoder.Best(window, Of(window, starts, offset => offset.Start), Of(window, ends, offset => offset.End), options), options);
            }

            return best;
        }

        static float[] Of(TokenEncoding window, Dictionary<int, float> logits, Func<(int Start, int End), int> key) =>
            [.. window.Offsets.Select((offset, i) => window.SequenceIds[i] == 1 ? logits[key(offset)] : window.SequenceIds[i] == 0 ? 5 : 0.25f)];
    }

    [Fact]
    public void A_span_that_two_windows_have_keeps_its_best_score()
    {
        var options = new QuestionOptions { Best = 2 };
        var best = new List<AnswerSpan>();
        AnswerDecoder.Merge(best, [new(0, 2, 1.0), new(3, 4, 0.5)], options);
        AnswerDecoder.Merge(best, [new(3, 4, 2.0), new(0, 2, 0.1)], options);
        AnswerDecoder.Merge(best, [new(5, 6, 0.9)], options);
        Assert.Equal([new(3, 4, 2.0), new(0, 2, 1.0)], best);
    }

    private static string Context(Random random, int pieces) =>
        string.Concat(Enumerable.Range(0, pieces).Select(_ => SmallTokenizer.Vocabulary[random.Next(5, SmallTokenizer.Vocabulary.Length)].TrimStart('#') + (random.Next(2) == 0 ? " " : "")));

    private static float[] Logits(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => (random.Next(0, 9) * 0.5f))]; // with ties
}
