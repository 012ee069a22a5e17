using FsCheck;
using FsCheck.Xunit;

namespace Electra.Tests;

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
        float[] logits = [.. Enumerable.Range(0, 2 * window.Length).Select(_ => random.Next(0, 9) * 0.5f)]; // with ties
        var expected =
            from first in Enumerable.Range(0, window.Length)
            from last in Enumerable.Range(first, window.Length - first)
            where Enumerable.Range(first, last - first + 1).All(i => window.SequenceIds[i] == 1)
                && last - first + 1 <= options.LongestAnswer
            let score = (double)logits[2 * first] + logits[(2 * last) + 1] - ((double)logits[0] + logits[1])
            orderby score descending, first, last
            select new AnswerSpan(window.Offsets[first].Start, window.Offsets[last].End, score);
        Assert.Equal(expected.Take(options.Best), AnswerDecoder.Best(window, logits, options));
    }

    [Property]
    public void How_the_context_is_cut_into_windows_changes_no_answer(int seed, byte contextLength, byte room, byte longest)
    {
        // Logits that depend on the token alone; windows that share the longest answer's tokens but one, so that each span is whole in one
        // of them.
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
            var windows = QuestionWindows.Of(Tokenizer, new Question("q", "t", context, "가 나", []),
                options with { MaxTokens = maxTokens, Stride = options.LongestAnswer - 1 });
            foreach (var window in windows.OrderBy(_ => random.Next()))
            {
                AnswerDecoder.Merge(best, AnswerDecoder.Best(window, LogitsOf(window), options), options);
            }

            return best;
        }

        float[] LogitsOf(TokenEncoding window) =>
        [
            .. window.Offsets.Zip(window.SequenceIds).SelectMany(token => token.Second switch
            {
                1 => new[] { starts[token.First.Start], ends[token.First.End] },
                0 => [5, 5], // the question would be the best answer
                _ => [0.25f, 0.25f],
            }),
        ];
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
        string.Concat(Enumerable.Range(0, pieces)
            .Select(_ => SmallTokenizer.Vocabulary[random.Next(5, SmallTokenizer.Vocabulary.Length)].TrimStart('#') +
                (random.Next(2) == 0 ? " " : "")));
}
