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

    /// <summary>What <c>--data</c> may name.</summary>
    public abstract string DataHelp { get; }

    /// <summary>The longest row when nothing is said.</summary>
    public virtual int DefaultMaxTokens => 128;

    /// <summary>The longest row of <c>evaluate</c> when nothing is said; null: the encoder's longest.</summary>
    public virtual int? EvaluationTokens => null;

    /// <summary>What <c>evaluate --predictions</c> writes, where that is not the format of the task's data.</summary>
    public virtual string? PredictionsHelp => null;

    /// <summary>What <c>predict --input</c> is, where that is not a text a line.</summary>
    public virtual string? InputHelp => null;

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

    protected static IReadOnlyList<TextPrediction> Predictions(Predictor model, Request request, string unit)
    {
        using var progress = new Progress(unit);
        return model.Predict(request.Texts, done => progress.Report("predicting", done, request.Texts.Count), request.Cancellation);
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
    /// <param name="Input">A file, or null.</param>
    /// <param name="Options">What was given of <see cref="PredictOptions"/>.</param>
    /// <param name="Json">Whether a program reads.</param>
    /// <param name="Cancellation">Stops.</param>
    public sealed record Request(Checkpoint Checkpoint, IReadOnlyList<string> Arguments, string? Input, ParseResult Options, bool Json,
        CancellationToken Cancellation)
    {
        /// <summary>The texts on the command line and the lines of the file.</summary>
        public IReadOnlyList<string> Texts => field ??= ReadTexts();

        private string[] ReadTexts()
        {
            string[] texts = [.. Arguments, .. Input is null ? [] : InputLines.Read(Input)];
            return texts.Length > 0
                ? texts
                : throw new InputException("There is no text to answer to; give texts as arguments, or a file with --input.");
        }
    }
}
