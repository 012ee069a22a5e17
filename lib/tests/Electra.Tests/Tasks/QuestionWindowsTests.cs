using FsCheck;
using FsCheck.Xunit;

namespace Electra.Tests;

/// <summary>Answers survive the way into tokens and windows and back, whatever the characters.</summary>
[Properties(Arbitrary = [typeof(DelicateTexts)], MaxTest = 500)]
public class QuestionWindowsTests
{
    private static readonly ElectraTokenizer Tokenizer = SmallTokenizer.Cased;

    [Property]
    public void Positions_are_exactly_the_tokens_that_have_characters_of_the_answer(string context, uint start,
        uint length, byte room, byte stride)
    {
        if (AnswerIn(context, start, length) is not { } answer)
        {
            return;
        }

        Token[] expected = [.. Tokenizer.Tokenize(context).Where(token => token.End > answer.Start && token.Start < answer.End)];
        var (windows, shared) = Windows(context, room, stride);
        var fit = QuestionWindows.Locate(windows, answer, out var positions);
        Assert.Equal(windows.Count, positions.Count);
        Assert.Equal(expected.Length == 0, fit == AnswerFit.NoToken);
        Assert.Equal(fit is AnswerFit.Exact or AnswerFit.Wider, positions.Any(found => found is not null));
        Assert.False(fit == AnswerFit.NoWindow && expected.Length <= shared + 1,
            "an answer no longer than what windows share, and one token, is whole in one of them");
        foreach (var (window, found) in windows.Zip(positions))
        {
            Token[] tokens = [.. Enumerable.Range(0, window.Length).Where(i => window.SequenceIds[i] == 1).Select(i => TokenAt(window, i))];
            Assert.Equal(expected.Length > 0 && expected.All(tokens.Contains), found is not null);
            if (found is var (first, last))
            {
                Assert.Equal(expected, Enumerable.Range(first, last - first + 1).Select(i => TokenAt(window, i)));
                Assert.Equal(fit == AnswerFit.Exact, expected[0].Start >= answer.Start && expected[^1].End <= answer.End);
            }
        }
    }

    [Property]
    public void Every_answer_that_fits_a_window_is_found_again_from_its_own_positions(string context, uint start,
        uint length, byte room, byte stride)
    {
        if (AnswerIn(context, start, length) is not { } answer)
        {
            return;
        }

        var (windows, _) = Windows(context, room, stride);
        var fit = QuestionWindows.Locate(windows, answer, out var positions);
        var options = new QuestionOptions { LongestAnswer = 1000 };
        var best = new List<AnswerSpan>();
        foreach (var (window, found) in windows.Zip(positions))
        {
            // A perfect model: sure of the first and last token, or of [CLS] where the window does not have them.
            float[] logits = new float[2 * window.Length];
            (int first, int last) = found ?? (0, 0);
            (logits[2 * first], logits[(2 * last) + 1]) = (9, 9);
            AnswerDecoder.Merge(best, AnswerDecoder.Best(window, logits, options), options);
        }

        if (fit is AnswerFit.Exact or AnswerFit.Wider)
        {
            var span = Assert.Single(best);
            string text = context[span.Start..span.End];
            Assert.Equal(18, span.Score);
            if (fit == AnswerFit.Exact)
            {
                // The answer, less what the tokenizer drops at its ends.
                Assert.Contains(text, answer.Text, StringComparison.Ordinal);
                Assert.True(span.Start >= answer.Start && span.End <= answer.End);
            }
            else
            {
                Assert.True(span.Start < answer.Start || span.End > answer.End);
            }

            Assert.DoesNotContain(Tokenizer.Tokenize(context),
                token => token.Start < answer.End && token.End > answer.Start && (token.Start < span.Start || token.End > span.End));
        }
    }

    [Fact]
    public void Every_answer_of_the_projects_own_questions_fits_a_window()
    {
        var data = QuestionData.Open("questions");
        var tokenizer = ElectraTokenizer.FromTokens(VocabularyBuilder.Build(data.Train.Select(question => question.Context), 8000,
            cancellation: TestContext.Current.CancellationToken));
        var encodings = QuestionEncodings.Of(tokenizer, [.. data.Train, .. data.Test], new QuestionOptions { MaxTokens = 96, Stride = 40 });
        Assert.Equal(0, encodings.Fits[AnswerFit.NoToken] + encodings.Fits[AnswerFit.NoWindow]);
        int questions = data.Train.Count + data.Test.Count;
        Assert.Equal(questions, encodings.Fits.Values.Sum());
        Assert.True(encodings.Rows.Count > questions);
        Assert.Equal(encodings.Rows.Count, encodings.Positions.Count);
        // windows without the answer, of the longer contexts, point to [CLS]
        Assert.True(encodings.Positions.Count(position => position == (0, 0)) >= questions * 0.2);
        Assert.All(encodings.Rows.Zip(encodings.Positions), row => Assert.InRange(row.Second.Last, row.Second.First, row.First.Length - 2));
    }

    [Fact]
    public void Answers_that_tokens_or_windows_cannot_give_are_counted_and_not_trained_on()
    {
        const string context = "영화가 나나나나나나나나나나나나 \u00AD\t 가";
        Question Ask(string id, int start, int end) => new(id, "t", context, "가", [new Answer(context[start..end], start)]);
        Question[] questions = [Ask("exact", 0, 3), Ask("exact with a blank", 2, 4), Ask("wider", 1, 2), Ask("no window", 0, 16),
            Ask("no token", 16, 20)];
        var encodings = QuestionEncodings.Of(Tokenizer, questions, new QuestionOptions { MaxTokens = 12, Stride = 3 });
        Assert.Equal(
            new Dictionary<AnswerFit, int>
            {
                [AnswerFit.Exact] = 2,
                [AnswerFit.Wider] = 1,
                [AnswerFit.NoWindow] = 1,
                [AnswerFit.NoToken] = 1
            }.OrderBy(fit => fit.Key),
            encodings.Fits.OrderBy(fit => fit.Key));
        int windows = QuestionWindows.Of(Tokenizer, questions[0], new() { MaxTokens = 12, Stride = 3 }).Count;
        Assert.Equal(3 * windows, encodings.Rows.Count);
    }

    [Fact]
    public void A_question_that_leaves_no_room_is_an_error_that_names_it()
    {
        var question = new Question("q7", "t", "영화", "가 나 가 나 가", []);
        Assert.NotEmpty(QuestionWindows.Of(Tokenizer, question, new() { MaxTokens = 9 }));
        Assert.Contains("\"q7\" has 5 tokens",
            Assert.Throws<InputException>(() => QuestionWindows.Of(Tokenizer, question, new() { MaxTokens = 8 })).Message,
            StringComparison.Ordinal);
    }

    private static (IReadOnlyList<TokenEncoding> Windows, int Shared) Windows(string context, byte room, byte stride)
    {
        const string text = "가 나!";
        int tokens = 1 + (room % 12);
        int shared = Math.Min(stride % 8, tokens / 2);
        var options = new QuestionOptions { MaxTokens = 3 + Tokenizer.Tokenize(text).Count + tokens, Stride = stride % 8 };
        return (QuestionWindows.Of(Tokenizer, new Question("q", "t", context, text, []), options), shared);
    }

    private static Token TokenAt(TokenEncoding window, int i) =>
        new(window.Tokens[i], window.InputIds[i], window.Offsets[i].Start, window.Offsets[i].End);

    // A piece of the context that splits no surrogate pair.
    private static Answer? AnswerIn(string context, uint start, uint length)
    {
        int[] borders = [.. Enumerable.Range(0, context.Length + 1)
            .Where(i => i == 0 || i == context.Length || !char.IsSurrogatePair(context, i - 1))];
        int first = (int)(start % (uint)borders.Length);
        int last = first + 1 + (int)(length % 12);
        return last < borders.Length ? new Answer(context[borders[first]..borders[last]], borders[first]) : null;
    }
}
