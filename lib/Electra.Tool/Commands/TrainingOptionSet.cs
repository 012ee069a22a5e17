using System.CommandLine;
using Electra.Tool.Tasks;
using static TorchSharp.torch;

namespace Electra.Tool.Commands;

/// <summary>The options that <c>compare</c> and <c>train</c> share.</summary>
internal sealed class TrainingOptionSet
{
    private static readonly TrainingOptions Defaults = new();

    /// <summary>What <c>--data</c> may name, task by task.</summary>
    public static string DataHelp { get; } = "Data set. " +
        string.Join("; ", TaskCommands.All.Select(task => $"{task.Name}: {task.DataHelp}"));

    public Option<string?> Task { get; } = TaskCommands.Option("What to learn");

    public Option<string?> Data { get; } = new("--data") { Description = $"{DataHelp}. Default: the project's own." };

    public Option<string?> Encoder { get; } = new("--encoder")
    {
        Description = "Checkpoint folder, owner/name[@revision] on the hub, random, or random:FOLDER (fresh weights in the " +
            "sizes of that checkpoint). "
            + "Default: the shipped encoder, or random where none is shipped.",
    };

    public Option<int?> Limit { get; } = new("--limit") { Description = "Train on the first N examples only." };

    public Option<int?> Epochs { get; } = new("--epochs")
    {
        Description = "How often every training row is seen. Default, from random weights in brackets: "
            + $"{string.Join(", ", TaskCommands.All.Select(task => $"{task.Name} {task.DefaultEpochs.PreTrained} " +
                $"({task.DefaultEpochs.Random})"))}.",
    };

    public Option<int?> BatchSize { get; } = new("--batch-size")
    {
        Description =
            $"Rows a batch. Default: {string.Join(", ", TaskCommands.All.Select(task => $"{task.Name} {task.DefaultBatchSize}"))}.",
    };

    public Option<int?> BatchTokens { get; } = new("--batch-tokens")
    {
        Description = "Padded tokens a batch, instead of --batch-size: many short rows or few long ones.",
    };

    public Option<int> Accumulation { get; } = new("--accumulation")
    {
        Description = "Batches a step.",
        DefaultValueFactory = _ => Defaults.Accumulation,
    };

    public Option<double?> LearningRate { get; } = new("--learning-rate")
    {
        Description = $"Highest learning rate. Default: 3e-4 for hidden sizes up to 256, else 1e-4; up to four layers of these, " +
            $"{string.Join(", ", TaskCommands.All.Select(task => $"{task.Name} {task.ShallowRate}"))}; for the small random encoder 1e-3.",
    };

    public Option<double?> LayerDecay { get; } = new("--layer-decay")
    {
        Description = "What each layer of the encoder has of the learning rate of the one above it, such as 0.8; the head has all of it. " +
            "Default: all have the same.",
    };

    public Option<double> WarmupProportion { get; } = new("--warmup")
    {
        Description = "Share of the steps in which the learning rate rises.",
        DefaultValueFactory = _ => Defaults.WarmupProportion,
    };

    public Option<double> WeightDecay { get; } = new("--weight-decay")
    {
        Description = "AdamW's weight decay.",
        DefaultValueFactory = _ => Defaults.WeightDecay,
    };

    public Option<bool> Average { get; } = new("--average")
    {
        Description = "Measure and keep the mean of the weights over the steps of an epoch, instead of the last ones.",
    };

    public Option<int?> Patience { get; } = new("--patience")
    {
        Description = "Stop when so many epochs in a row did not improve the dev score.",
    };

    public Option<int?> MaxTokens { get; } = new("--max-tokens")
    {
        Description = "The longest row in tokens; longer reviews are cut, other texts read in windows. "
            + $"Default: {string.Join(", ", TaskCommands.All.Select(task => $"{task.Name} {task.DefaultMaxTokens}"))}.",
    };

    public Option<int?> Threads { get; } = new("--threads")
    {
        Description = "Threads a training computes with, which change the rounding. Default: compare 1, so that results do not depend on " +
            "how many cores there are, train as many as libtorch takes.",
    };

    public Option<string> Precision { get; } = PrecisionOption();

    /// <summary>How a command multiplies matrices.</summary>
    /// <param name="of">Whose products they are.</param>
    /// <param name="otherwise">What is taken when nothing is said.</param>
    public static Option<string> PrecisionOption(string of = "of training steps", string otherwise = "auto") => new("--precision")
    {
        Description = $"Matrix products {of}: fp32, bf16 (about twice as fast with processor instructions for it), or auto, which " +
            "measures and takes bf16 where it is at least 1.3 times as fast.",
        DefaultValueFactory = _ => otherwise,
    };

    /// <summary>The type of the numbers in saved weights, see <see cref="SavedType"/>.</summary>
    public static Option<string> SaveAsOption()
    {
        var option = new Option<string>("--save-as")
        {
            Description = "Type of the saved weights: fp32, or fp16 for files of half the size.",
            DefaultValueFactory = _ => "fp32",
        };
        option.AcceptOnlyFromAmong("fp32", "fp16");
        return option;
    }

    /// <summary>What <see cref="SaveAsOption"/> was given.</summary>
    public static ScalarType SavedType(string name) => name == "fp16" ? ScalarType.Float16 : ScalarType.Float32;

    /// <summary>Computes in the precision of a name until the result is disposed, and says where it is not fp32.</summary>
    /// <exception cref="InputException">There is no such precision.</exception>
    public static IDisposable Use(string name)
    {
        var inUse = MixedPrecision.Use(MixedPrecision.Parse(name));
        if (MixedPrecision.InUse != Electra.Precision.Fp32)
        {
            Terminal.Note($"Products are computed in {MixedPrecision.NameOf(MixedPrecision.InUse)}.");
        }

        return inUse;
    }

    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { Task, Data, Encoder, Limit, Epochs, BatchSize, BatchTokens, Accumulation, LearningRate,
            LayerDecay, WarmupProportion, WeightDecay, Average, Patience, Precision, Threads, MaxTokens })
        {
            command.Options.Add(option);
        }
    }

    /// <summary>The task that was asked for.</summary>
    public TaskCommands TaskOf(ParseResult parsed) => TaskCommands.Of(parsed.GetValue(Task));

    /// <summary>Opens data and encoder and tokenizes.</summary>
    /// <param name="parsed">What was given.</param>
    /// <param name="soft">Files of soft labels, or null.</param>
    /// <param name="cancellation">Stops it.</param>
    public LearningTask Open(ParseResult parsed, IReadOnlyList<string>? soft, CancellationToken cancellation)
    {
        var commands = TaskOf(parsed);
        int? limit = parsed.GetValue(Limit);
        int maxTokens = parsed.GetValue(MaxTokens) ?? commands.DefaultMaxTokens;
        if (limit < 1)
        {
            throw new InputException($"--limit is {limit}; it must be at least 1.");
        }

        CheckTokens(maxTokens, encoder: null);
        string data = parsed.GetValue(Data) ?? commands.DefaultData;
        Place.CheckThere(data);
        var task = commands.Open(data, limit, parsed.GetValue(Encoder), maxTokens, soft, cancellation);
        CheckTokens(parsed.GetValue(MaxTokens), task.Encoder.Config);
        Terminal.Note($"data: {task.Data.Name}, {task.Data.Train:N0} train, {task.Data.Dev:N0} dev, {task.Data.Test:N0} test" +
            (task.Data.Soft is { } texts ? $", and {texts:N0} texts with soft labels to train on" : ""));
        Terminal.Note($"encoder: {task.Encoder.Name}{(task.Encoder.IsRandom ? ", knows no Korean yet; for real results " +
            "give a pre-trained --encoder" : "")}");
        foreach (string note in task.Notes)
        {
            Terminal.Note(note);
        }

        return task;
    }

    /// <summary>Throws where no row can be so long.</summary>
    /// <param name="maxTokens">What was asked for; null: nothing.</param>
    /// <param name="encoder">What reads the rows, where that is known.</param>
    /// <exception cref="InputException">It is too short, or longer than the encoder reads.</exception>
    public static void CheckTokens(int? maxTokens, ElectraConfig? encoder)
    {
        if (maxTokens < 3)
        {
            throw new InputException($"--max-tokens is {maxTokens}; it must be at least 3.");
        }

        if (maxTokens > encoder?.MaxPositionEmbeddings)
        {
            throw new InputException($"--max-tokens is {maxTokens}, but the encoder reads {encoder.MaxPositionEmbeddings} at most; give " +
                "no more than that, or another encoder.");
        }
    }

    /// <summary>
    /// The precision that a name means, auto being what this machine is best at, or what an interrupted training began with.
    /// </summary>
    /// <param name="name">What was asked for.</param>
    /// <param name="state">The state of the training to go on with, if any.</param>
    public static Precision Resolve(string name, string? state)
    {
        var asked = MixedPrecision.Parse(name);
        return asked == Electra.Precision.Auto && state is not null ? Trainer.PrecisionOf(state) : MixedPrecision.Resolve(asked);
    }

    /// <summary>The options for one seed.</summary>
    /// <param name="parsed">What was given.</param>
    /// <param name="encoder">What is trained.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="state">The state of the training to go on with, if any.</param>
    /// <param name="defaultThreads">See <see cref="TrainingOptions.Threads"/>.</param>
    public TrainingOptions Options(
        ParseResult parsed, EncoderSource encoder, int seed, string? state = null, int? defaultThreads = null)
    {
        if (parsed.GetValue(BatchSize) is not null && parsed.GetValue(BatchTokens) is not null)
        {
            throw new InputException($"{BatchSize.Name} and {BatchTokens.Name} exclude each other: rows or tokens make a batch full.");
        }

        var (preTrained, random) = TaskOf(parsed).DefaultEpochs;
        var options = new TrainingOptions
        {
            Epochs = parsed.GetValue(Epochs) ?? (encoder.IsRandom ? random : preTrained),
            BatchSize = parsed.GetValue(BatchSize) ?? TaskOf(parsed).DefaultBatchSize,
            BatchTokens = parsed.GetValue(BatchTokens),
            Accumulation = parsed.GetValue(Accumulation),
            LearningRate = parsed.GetValue(LearningRate) ?? DefaultRate(encoder, TaskOf(parsed)),
            LayerDecay = parsed.GetValue(LayerDecay),
            WarmupProportion = parsed.GetValue(WarmupProportion),
            WeightDecay = parsed.GetValue(WeightDecay),
            Average = parsed.GetValue(Average),
            Patience = parsed.GetValue(Patience),
            Precision = Resolve(parsed.GetValue(Precision)!, state),
            Seed = seed,
            Threads = parsed.GetValue(Threads) ?? defaultThreads,
        };
        options.Validate();
        return options;
    }

    // Clark et al. 2020, table 7: 3e-4 for the small model, 1e-4 for the base model. Few narrow layers of fresh weights bear more.
    private static double DefaultRate(EncoderSource encoder, TaskCommands task) => (encoder.IsRandom, encoder.Config.HiddenSize) switch
    {
        (true, <= 128) => 1e-3,
        (_, <= 256) => encoder.Config.NumHiddenLayers <= 4 ? task.ShallowRate : 3e-4,
        _ => 1e-4,
    };
}
