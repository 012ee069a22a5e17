using System.CommandLine;

namespace Electra.Tool.Tasks;

/// <summary>What the commands do differently for each task.</summary>
internal abstract class TaskCommands
{
    private static readonly List<TaskCommands> Known = [new ReviewCommands(), new EntityCommands(), new QuestionCommands()];

    /// <summary>The tasks, the default one first.</summary>
    public static IReadOnlyList<TaskCommands> All => Known;

    /// <summary>What the task's models are.</summary>
    public abstract TaskKind Kind { get; }

    /// <summary>The task's name.</summary>
    public string Name => Kind.Name;

    /// <summary>Its heads, the usual one first.</summary>
    public HeadNames Heads => Kind.Heads;

    /// <summary>The data set to learn from when none is named.</summary>
    public abstract string DefaultData { get; }

    /// <summary>The project's own data sets.</summary>
    public virtual IReadOnlyList<string> OwnData => [DefaultData];

    /// <summary>What <c>--data</c> may name.</summary>
    public abstract string DataHelp { get; }

    /// <summary>The longest row when nothing is said.</summary>
    public virtual int DefaultMaxTokens => 128;

    /// <summary>The longest row of <c>evaluate</c> when nothing is said; null: the encoder's longest.</summary>
    public virtual int? EvaluationTokens => null;

    /// <summary>What <c>evaluate --predictions</c> writes, where that is not the format of the task's data.</summary>
    public virtual string? PredictionsHelp => null;

    /// <summary>What <c>predict</c> reads from standard input and from files whose names do not say what they are.</summary>
    public virtual string UnnamedInput => TextInput.Plain;

    /// <summary>Whether options of this task's own give what is to be answered.</summary>
    public virtual bool IsAskedBy(ParseResult options) => false;

    /// <summary>Options of <c>predict</c> that are for this task alone.</summary>
    public virtual IReadOnlyList<Option> PredictOptions => [];

    /// <summary>The variants that <c>compare</c> trains when nothing is said: both where the original published one.</summary>
    public virtual string DefaultVariants => "mask-aware";

    /// <summary>Rows a batch when nothing is said.</summary>
    public virtual int DefaultBatchSize => 32;

    /// <summary>
    /// The learning rate for an encoder of up to four layers, no wider than 256, when nothing is said; deeper ones bear less.
    /// </summary>
    public virtual double ShallowRate => 3e-4;

    /// <summary>How often every training row is seen when nothing is said, from pre-trained and from random weights.</summary>
    public abstract (int PreTrained, int Random) DefaultEpochs { get; }

    /// <summary>The seeds of a comparison when nothing is said; few where a run takes long.</summary>
    public virtual string DefaultSeeds => "1,2,3";

    /// <summary>What a model's products are computed in now, as JSON says it.</summary>
    protected static string PrecisionInUse => MixedPrecision.NameOf(MixedPrecision.InUse);

    /// <summary>Adds a task to all commands; from then on checkpoints and records of it are known too.</summary>
    public static void Register(TaskCommands commands)
    {
        TaskKinds.Register(commands.Kind);
        Known.RemoveAll(known => known.Name == commands.Name);
        Known.Add(commands);
    }

    /// <summary>The option that names a task; one for each command.</summary>
    public static Option<string?> Option(string description)
    {
        var option = new Option<string?>("--task") { Description = $"{description}: {string.Join(", ", All.Select(task => task.Name))}." };
        option.AcceptOnlyFromAmong([.. All.Select(task => task.Name)]);
        return option;
    }

    /// <summary>The task of a name; the first one when none is given.</summary>
    public static TaskCommands Of(string? name) => name is null ? All[0] : All.Single(task => task.Name == name);

    /// <summary>The task of a trained model.</summary>
    /// <param name="checkpoint">The model.</param>
    /// <param name="wanted">What the user says it is, or null.</param>
    public static TaskCommands Of(Checkpoint checkpoint, string? wanted) =>
        wanted is null || checkpoint.Kind is null || checkpoint.Kind.Name == wanted
        ? Of(checkpoint.Kind?.Name ?? wanted)
        : throw new InputException(
            $"{checkpoint.Folder} was trained for --task {checkpoint.Kind.Name}, not {wanted}; leave --task out, or give another --model.");

    /// <summary>Opens data and encoder and tokenizes, for a training.</summary>
    /// <param name="data">A name or a folder.</param>
    /// <param name="limit">Train on so many examples at most.</param>
    /// <param name="encoder">See <see cref="EncoderSource.Open"/>.</param>
    /// <param name="maxTokens">The longest row.</param>
    /// <param name="cancellation">Stops a download.</param>
    public abstract LearningTask Open(string data, int? limit, string? encoder, int maxTokens, CancellationToken cancellation);

    /// <summary>
    /// As <see cref="Open(string, int?, string?, int, CancellationToken)"/>, with files of soft labels, see <see cref="SoftLabels"/>, or
    /// null.
    /// </summary>
    /// <inheritdoc cref="Open(string, int?, string?, int, CancellationToken)" path="/param"/>
    /// <exception cref="InputException">The task learns from none.</exception>
    public virtual LearningTask Open(
        string data, int? limit, string? encoder, int maxTokens, IReadOnlyList<string>? soft, CancellationToken cancellation) =>
        soft is null ? Open(data, limit, encoder, maxTokens, cancellation) : throw new InputException(
            $"--soft-labels are for --task {TaskKinds.Sequence.Name} alone; leave them out, or --task {Name}.");

    /// <summary>The test examples of a data set, for people to read; null where the task has none to show.</summary>
    /// <param name="data">A name or a folder.</param>
    /// <param name="limit">What a training was limited to, which its hash depends on.</param>
    public virtual TestPart? Test(string data, int? limit) => null;

    /// <summary>Measures a trained model and prints the result.</summary>
    public abstract void Evaluate(Evaluation evaluation);

    /// <summary>Prints a trained model's answers.</summary>
    public abstract void Predict(Request request);

    /// <summary>Opens a trained model and says what of its checkpoint was ignored.</summary>
    protected Predictor OpenModel(Checkpoint checkpoint)
    {
        var model = Predictor.Open(checkpoint, Kind);
        foreach (string note in model.Notes)
        {
            Terminal.Note(note);
        }

        return model;
    }

    /// <summary>Answers to every example, and writes the answers where that was asked for.</summary>
    /// <param name="evaluation">What was asked for.</param>
    /// <param name="answer">Computes all answers, into a file where there is one.</param>
    /// <param name="isDone">Whether it came to the last.</param>
    /// <param name="report">Prints what was measured: also where the file could not be written, which is said after it.</param>
    protected static void Measure(Evaluation evaluation, Action<string?> answer, Func<bool> isDone, Action report)
    {
        try
        {
            answer(evaluation.Predictions);
        }
        catch (InputException) when (evaluation.Predictions is not null && isDone())
        {
            report();
            throw;
        }

        report();
    }

    /// <summary>Answers to all texts of a request, in their order and as they are computed.</summary>
    /// <param name="model">The model.</param>
    /// <param name="request">The texts.</param>
    /// <param name="unit">What they are called.</param>
    /// <param name="use">Gets the number of each text, from 1, and the answer.</param>
    protected static void Predictions(Predictor model, Request request, string unit, Action<int, TextPrediction> use)
    {
        using var progress = new Progress(unit);
        int done = 0;
        foreach (var texts in request.Pools())
        {
            var answers = model.Predict(texts, inPool => progress.Report("predicting", done + inPool, request.Total), request.Cancellation);
            progress.Clear();
            foreach (var answer in answers)
            {
                use(++done, answer);
            }
        }
    }

    /// <summary>What <c>evaluate</c> was asked for.</summary>
    /// <param name="Checkpoint">The model.</param>
    /// <param name="Data">A name, a folder or a file.</param>
    /// <param name="Predictions">Where each answer is written, or null.</param>
    /// <param name="MaxTokens">The longest row; null: the encoder's.</param>
    /// <param name="Json">Whether a program reads.</param>
    /// <param name="Cancellation">Stops.</param>
    public sealed record Evaluation(Checkpoint Checkpoint, string Data, string? Predictions, int? MaxTokens, bool Json,
        CancellationToken Cancellation);

    /// <summary>What <c>predict</c> was asked for.</summary>
    /// <param name="Checkpoint">The model.</param>
    /// <param name="Arguments">Texts on the command line.</param>
    /// <param name="Input">A file or standard input; null where there is neither.</param>
    /// <param name="Options">What was given of <see cref="PredictOptions"/>.</param>
    /// <param name="Json">Whether a program reads.</param>
    /// <param name="Cancellation">Stops.</param>
    public sealed record Request(Checkpoint Checkpoint, IReadOnlyList<string> Arguments, TextInput.Source? Input, ParseResult Options,
        bool Json, CancellationToken Cancellation)
    {
        private const int PoolSize = 512; // texts of similar length share batches within one

        /// <summary>How many texts there are, where that is known before they are read.</summary>
        public int? Total => Input is null ? Arguments.Count : null;

        /// <summary>
        /// The texts on the command line and those of the file, some at a time, so that memory is bounded and the first are answered before
        /// the last are read; those of standard input as they come. Blank lines and arguments are left out and counted; rows of JSON and
        /// of tables are kept.
        /// </summary>
        public IEnumerable<IReadOnlyList<string>> Pools()
        {
            int blank = 0;
            int all = 0;
            var plain = Arguments.Where(IsText);
            var read = Input?.Read() ?? [];
            var rows = Input?.Format == TextInput.Plain ? read.Select(row => row.Text!).Where(IsText) : read.Select(row => row.TextAlone);
            var texts = plain.Concat(rows);
            foreach (string[] pool in Input?.IsStandard == true ? Arrivals.InGroups(texts, PoolSize) : texts.Chunk(PoolSize))
            {
                all += pool.Length;
                yield return pool;
            }

            if (blank > 0)
            {
                Terminal.Note($"{blank:N0} blank {(blank == 1 ? "line or text was" : "lines or texts were")} skipped.");
            }

            if (all == 0)
            {
                throw new InputException(
                    "There is no text to answer to; give texts as arguments, or with --input a file that has some, or - " +
                    "for standard input.");
            }

            bool IsText(string text)
            {
                bool empty = TextInput.IsEmpty(text);
                blank += empty ? 1 : 0;
                return !empty;
            }
        }
    }
}
