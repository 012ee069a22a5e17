using System.CommandLine;

namespace Electra.Tool.Tasks;

/// <summary>What the commands do differently for each task.</summary>
internal abstract class TaskCommands
{
    /// <summary>The tasks, the default one first.</summary>
    public static IReadOnlyList<TaskCommands> All { get; } = [new ReviewCommands(), new EntityCommands(), new QuestionCommands()];

    /// <summary>The task's name, as in <see cref="LearningTask.Name"/>.</summary>
    public abstract string Name { get; }

    /// <summary>Its heads, the usual one first.</summary>
    public abstract HeadNames Heads { get; }

    /// <summary>The data set to learn from when none is named.</summary>
    public abstract string DefaultData { get; }

    /// <summary>What <c>--data</c> may name.</summary>
    public abstract string DataHelp { get; }

    /// <summary>The longest row when nothing is said.</summary>
    public virtual int DefaultMaxTokens => 128;

    /// <summary>The variants that <c>compare</c> trains when nothing is said: both where the original published one.</summary>
    public virtual string DefaultVariants => "mask-aware";

    /// <summary>Rows a batch when nothing is said.</summary>
    public virtual int DefaultBatchSize => 32;

    /// <summary>The learning rate for an encoder of up to four layers, no wider than 256, when nothing is said; deeper ones bear less.</summary>
    public virtual double ShallowRate => 3e-4;

    /// <summary>How often every training row is seen when nothing is said, from pre-trained and from random weights.</summary>
    public abstract (int PreTrained, int Random) DefaultEpochs { get; }

    /// <summary>The seeds of a comparison when nothing is said; few where a run takes long.</summary>
    public virtual string DefaultSeeds => "1,2,3";

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
    public static TaskCommands Of(Checkpoint checkpoint, string? wanted) => wanted is null || checkpoint.Task is null || checkpoint.Task == wanted
        ? Of(checkpoint.Task ?? wanted)
        : throw new InputException($"{checkpoint.Folder} was trained for --task {checkpoint.Task}, not {wanted}; leave --task out, or give another --model.");

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
    public abstract void Predict(Question question);

    /// <summary>Opens a trained model and says what of its checkpoint was ignored.</summary>
    private protected static Predictor OpenModel(Checkpoint checkpoint, Func<Checkpoint, TaskModel> create)
    {
        var model = Predictor.Open(checkpoint, create);
        foreach (string note in model.Notes)
        {
            Terminal.Note(note);
        }

        return model;
    }

    private protected static IReadOnlyList<TextPrediction> Predictions(Predictor model, Question question, string unit)
    {
        using var progress = new Progress(unit);
        return model.Predict(question.Texts, done => progress.Report("predicting", done, question.Texts.Count), question.Cancellation);
    }

    /// <summary>What <c>evaluate</c> was asked for.</summary>
    /// <param name="Checkpoint">The model.</param>
    /// <param name="Data">A name, a folder or a file.</param>
    /// <param name="Predictions">Where each answer is written, or null.</param>
    /// <param name="MaxTokens">The longest row; null: the encoder's.</param>
    /// <param name="Json">Whether a program reads.</param>
    /// <param name="Cancellation">Stops.</param>
    public sealed record Evaluation(Checkpoint Checkpoint, string Data, string? Predictions, int? MaxTokens, bool Json, CancellationToken Cancellation);

    /// <summary>What <c>predict</c> was asked for.</summary>
    /// <param name="Checkpoint">The model.</param>
    /// <param name="Arguments">Texts on the command line.</param>
    /// <param name="Input">A file, or null.</param>
    /// <param name="Asked">What <c>--question</c> asks.</param>
    /// <param name="Context">What it is asked about, a text or a file, or null.</param>
    /// <param name="Json">Whether a program reads.</param>
    /// <param name="Cancellation">Stops.</param>
    public sealed record Question(
        Checkpoint Checkpoint, IReadOnlyList<string> Arguments, string? Input, IReadOnlyList<string> Asked, string? Context, bool Json, CancellationToken Cancellation)
    {
        /// <summary>The texts on the command line and the lines of the file: what a model for anything but questions answers to.</summary>
        public IReadOnlyList<string> Texts => field ??= ReadTexts();

        private string[] ReadTexts()
        {
            if (Asked.Count > 0 || Context is not null)
            {
                throw new InputException($"{Checkpoint.Folder} answers no questions; give texts as arguments or with --input, or the --model of a training with --task qa.");
            }

            string[] texts = [.. Arguments, .. Input is null ? [] : InputLines.Read(Input)];
            return texts.Length > 0 ? texts : throw new InputException("There is no text to answer to; give texts as arguments, or a file with --input.");
        }
    }
}
