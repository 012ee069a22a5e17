using System.CommandLine;
using Spectre.Console;

namespace Electra.Tool.Tasks;

/// <summary>Question answering.</summary>
internal sealed class QuestionCommands : TaskCommands
{
    private const int PoolSize = 256; // questions answered before the first of them is printed
    private const int Around = 120; // characters of the context shown on either side of an answer

    private static readonly Option<string[]> Asked = new("--question")
    {
        Description = "A question; may be given several times.",
        DefaultValueFactory = _ => [],
    };

    private static readonly Option<string?> Context = new("--context") { Description = "The text that has the answer, or a file with it." };

    public override TaskKind Kind => TaskKinds.Question;

    public override IReadOnlyList<Option> PredictOptions => [Asked, Context];

    public override bool IsAskedBy(ParseResult options) => options.GetValue(Asked)!.Length > 0 || options.GetValue(Context) is not null;

    public override string UnnamedInput => TextInput.Questions;

    public override string PredictionsHelp => "as KorQuAD's scorer reads it, {\"id\": \"answer\"}";

    public override int? EvaluationTokens => DefaultMaxTokens;

    public override string DefaultData => "questions";

    public override string DataHelp =>
        "questions (the project's own), korquad (in ELECTRA_DATA), or a folder with train.json and test.json in SQuAD's format";

    public override int DefaultMaxTokens => new QuestionOptions().MaxTokens;

    public override int DefaultBatchSize => 16; // windows are long, and some hundred questions make few steps

    public override double ShallowRate => 1.5e-3; // chosen on dev

    public override string DefaultSeeds => "1";

    public override (int PreTrained, int Random) DefaultEpochs => (5, 5);

    public override TestPart Test(string data, int? limit)
    {
        var questions = QuestionData.Open(data, limit);
        return new(questions.Hash, [.. questions.Test.Select(question => (question.Text, (int?)null))], []);
    }

    public override LearningTask Open(string data, int? limit, string? encoder, int maxTokens, CancellationToken cancellation)
    {
        var questions = QuestionData.Open(data, limit);
        var texts = questions.Train.Select(question => question.Context).Distinct()
            .Concat(questions.Train.Select(question => question.Text));
        return new QuestionSplits(questions, EncoderSource.Open(encoder, texts, cancellation),
            new QuestionOptions { MaxTokens = maxTokens });
    }

    public override void Evaluate(Evaluation evaluation)
    {
        string source = evaluation.Data;
        int count = Questions().Count(); // read twice rather than kept: what is wrong is said before the work
        var options = new QuestionOptions { MaxTokens = evaluation.MaxTokens ?? DefaultMaxTokens };
        using var answerer = OpenModel(evaluation.Checkpoint);
        var metrics = new AnswerMetrics();
        Measure(evaluation, file =>
        {
            if (file is null)
            {
                _ = Answered().Count();
            }
            else
            {
                QuestionFile.WritePredictions(file, Answered());
            }
        }, () => metrics.Scores.Count == count, () => Report(evaluation, metrics));

        IEnumerable<Question> Questions() => File.Exists(source) ? QuestionFile.Rows(source) : QuestionData.Open(source).Test;

        IEnumerable<PredictedAnswer> Answered()
        {
            foreach (var (question, answer) in Answers(answerer, Questions().Chunk(PoolSize), count, options, evaluation.Cancellation))
            {
                metrics.Add(question, answer);
                yield return answer;
            }
        }
    }

    public override void Predict(Request request)
    {
        var questions = QuestionsOf(request);
        using var answerer = OpenModel(request.Checkpoint);
        int empty = 0;
        var pools = request.Input?.IsStandard == true ? Arrivals.InGroups(questions, PoolSize) : questions.Chunk(PoolSize);
        var options = new QuestionOptions { MaxTokens = DefaultMaxTokens };
        int? total = (questions as IReadOnlyList<Question>)?.Count;
        foreach (var (asked, answer) in Answers(answerer, pools, total, options, request.Cancellation))
        {
            bool nothing = TextInput.IsEmpty(asked.Context);
            empty += nothing ? 1 : 0;
            if (request.Json)
            {
                Terminal.WriteJson(new
                {
                    answer.Id,
                    question = asked.Text,
                    answer = nothing ? null : answer.Text,
                    start = nothing ? (int?)null : answer.Start,
                    end = nothing ? (int?)null : answer.End,
                    score = nothing ? (double?)null : answer.Score,
                    precision = PrecisionInUse,
                });
            }
            else if (nothing)
            {
                Terminal.Print($"(no text)  {OneLine(asked.Text)}");
            }
            else
            {
                Terminal.Out.MarkupLine($"[bold]{Markup.Escape(answer.Text)}[/]  (characters {answer.Start} to {answer.End}, score " +
                    $"{answer.Score:0.00})  {Markup.Escape(asked.Text)}");
                Terminal.Out.MarkupLine($"    {InPlace(asked.Context, answer)}");
            }
        }

        if (empty > 0)
        {
            Terminal.Note(empty == 1
                ? "1 question has no text to look in and got no answer."
                : $"{empty:N0} questions have no text to look in and got no answer.");
        }
    }

    private void Report(Evaluation evaluation, AnswerMetrics metrics)
    {
        // In percent, as the official scorer prints them.
        var (exact, f1) = (100 * metrics.Mean.ExactMatch, 100 * metrics.Mean.F1);
        double[] exactInterval = InPercent(metrics.ExactMatchInterval);
        double[] f1Interval = InPercent(metrics.F1Interval);
        if (evaluation.Json)
        {
            Terminal.WriteJson(new
            {
                task = Name,
                data = evaluation.Data,
                examples = metrics.Scores.Count,
                exact_match = exact,
                f1,
                exact_match_interval = exactInterval,
                f1_interval = f1Interval,
            });
        }
        else
        {
            Terminal.Print(
                $"Exact match {exact:0.00} [{exactInterval[0]:0.00}, {exactInterval[1]:0.00}], F1 {f1:0.00} [{f1Interval[0]:0.00}, " +
                $"{f1Interval[1]:0.00}] on {metrics.Scores.Count:N0} questions, "
                + "in percent as KorQuAD's scorer; 95 % intervals by the bootstrap over paragraphs.");
        }

        static double[] InPercent((double Low, double High) interval) => [100 * interval.Low, 100 * interval.High];
    }

    // The answer in its context, of which only the surroundings are shown when it is long.
    private static string InPlace(string context, PredictedAnswer answer)
    {
        int from = Border(context, Math.Max(0, answer.Start - Around));
        int to = Border(context, Math.Min(context.Length, answer.End + Around));
        string before = (from > 0 ? "…" : "") + context[from..answer.Start];
        string after = context[answer.End..to] + (to < context.Length ? "…" : "");
        return $"{Markup.Escape(OneLine(before))}[black on yellow]{Markup.Escape(OneLine(answer.Text))}[/]{Markup.Escape(OneLine(after))}";
    }

    private static int Border(string text, int i) => i > 0 && i < text.Length && char.IsSurrogatePair(text, i - 1) ? i - 1 : i;

    private static string OneLine(string text) => string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c));

    private static IEnumerable<Question> QuestionsOf(Request request)
    {
        if (request.Arguments.Count > 0)
        {
            throw new InputException(
                "A model for question answering takes no texts; give --question and --context, or a file in SQuAD's format with --input.");
        }

        string[] asked = request.Options.GetValue(Asked)!;
        return (request.Input, asked.Length, request.Options.GetValue(Context)) switch
        {
            ({ } input, 0, null) => input.ReadQuestions(),
            (null, > 0, { } context) => About(asked, TextOf(context)),
            _ =>
                throw new InputException(
                    "There is no question to answer; give --question and --context, or else a file in SQuAD's format with --input."),
        };

        static string TextOf(string context) => File.Exists(context) ? InputFile.ReadText(context)
            : !context.Any(char.IsWhiteSpace) && (Path.HasExtension(context) || Path.GetFileName(context) != context)
                ? throw new InputException($"There is no file {context}, and for a text it is short; give a file that exists, or a text " +
                    "of several words, to --context.")
                : context;

        static IReadOnlyList<Question> About(IReadOnlyList<string> asked, string context) =>
            asked.Any(TextInput.IsEmpty) ? throw new InputException("A question is empty; give its words to --question.")
            : TextInput.IsEmpty(context) ? throw new InputException("There is no text in the context; give one that has the answer, or a " +
                "file with it, to --context.")
            : [.. asked.Select((text, i) => new Question($"{i + 1}", "", context, text, []))];
    }

    // The best answer to each, some questions at a time.
    private static IEnumerable<(Question Question, PredictedAnswer Answer)> Answers(Predictor answerer, IEnumerable<Question[]> pools,
        int? total, QuestionOptions options, CancellationToken cancellation)
    {
        using var progress = new Progress("questions");
        int done = 0;
        foreach (var pool in pools)
        {
            var answers = answerer.Answer(pool, options, inPool => progress.Report("answering", done + inPool, total), cancellation);
            done += pool.Length;
            progress.Clear();
            foreach (var (question, best) in pool.Zip(answers))
            {
                yield return (question, best[0]);
            }
        }
    }
}
