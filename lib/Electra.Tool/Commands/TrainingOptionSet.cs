using System.CommandLine;

namespace Electra.Tool.Commands;

/// <summary>The options that <c>compare</c> and <c>train</c> share.</summary>
internal sealed class TrainingOptionSet
{
    private static readonly TrainingOptions Defaults = new();

    public Option<string> Data { get; } = new("--data") { Description = "Data set: reviews (the project's own), nsmc, or a folder with train.tsv and test.tsv.", DefaultValueFactory = _ => "reviews" };

    public Option<string?> Encoder { get; } = new("--encoder")
    {
        Description = "Checkpoint folder, owner/name[@revision] on the hub, random, or random:FOLDER (fresh weights in the sizes of that checkpoint). "
            + "Default: the shipped encoder, or random where none is shipped.",
    };

    public Option<int?> Limit { get; } = new("--limit") { Description = "Train on the first N rows only." };

    public Option<int?> Epochs { get; } = new("--epochs") { Description = "How often every training row is seen. Default: 3, from random weights 4." };

    public Option<int> BatchSize { get; } = new("--batch-size") { Description = "Rows a batch.", DefaultValueFactory = _ => Defaults.BatchSize };

    public Option<int> Accumulation { get; } = new("--accumulation") { Description = "Batches a step.", DefaultValueFactory = _ => Defaults.Accumulation };

    public Option<double?> LearningRate { get; } = new("--learning-rate") { Description = "Highest learning rate. Default: 3e-4 for hidden sizes up to 256, else 1e-4; for the small random encoder 1e-3." };

    public Option<double> WarmupProportion { get; } = new("--warmup") { Description = "Share of the steps in which the learning rate rises.", DefaultValueFactory = _ => Defaults.WarmupProportion };

    public Option<double> WeightDecay { get; } = new("--weight-decay") { Description = "AdamW's weight decay.", DefaultValueFactory = _ => Defaults.WeightDecay };

    public Option<int?> Patience { get; } = new("--patience") { Description = "Stop when so many epochs in a row did not improve the dev score." };

    public Option<int> MaxTokens { get; } = new("--max-tokens") { Description = "Cut longer rows to this many tokens.", DefaultValueFactory = _ => 128 };

    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { Data, Encoder, Limit, Epochs, BatchSize, Accumulation, LearningRate, WarmupProportion, WeightDecay, Patience, MaxTokens })
        {
            command.Options.Add(option);
        }
    }

    /// <summary>Opens data and encoder and tokenizes.</summary>
    public ReviewSplits Splits(ParseResult parsed, CancellationToken cancellation)
    {
        int? limit = parsed.GetValue(Limit);
        int maxTokens = parsed.GetValue(MaxTokens);
        if (limit < 1 || maxTokens < 3)
        {
            throw new InputException(limit < 1 ? $"--limit is {limit}; it must be at least 1." : $"--max-tokens is {maxTokens}; it must be at least 3.");
        }

        var data = ReviewData.Open(parsed.GetValue(Data)!, limit);
        var encoder = EncoderSource.Open(parsed.GetValue(Encoder), data.Train.Select(review => review.Document), cancellation);
        var splits = new ReviewSplits(data, encoder, maxTokens);
        Terminal.Note($"data: {data.Name}, {splits.Train.Rows.Count:N0} train, {splits.Dev.Rows.Count:N0} dev, {splits.Test.Rows.Count:N0} test");
        Terminal.Note($"encoder: {encoder.Name}{(encoder.IsRandom ? ", knows no Korean yet; for real results give a pre-trained --encoder" : "")}");
        if (splits.Truncated > 0)
        {
            Terminal.Note($"{splits.Truncated:N0} rows are longer than {splits.MaxTokens} tokens and cut; raise --max-tokens to keep them whole.");
        }

        return splits;
    }

    /// <summary>The options for one seed.</summary>
    public TrainingOptions Options(ParseResult parsed, EncoderSource encoder, int seed)
    {
        var options = new TrainingOptions
        {
            Epochs = parsed.GetValue(Epochs) ?? (encoder.IsRandom ? 4 : 3),
            BatchSize = parsed.GetValue(BatchSize),
            Accumulation = parsed.GetValue(Accumulation),
            LearningRate = parsed.GetValue(LearningRate) ?? DefaultRate(encoder),
            WarmupProportion = parsed.GetValue(WarmupProportion),
            WeightDecay = parsed.GetValue(WeightDecay),
            Patience = parsed.GetValue(Patience),
            Seed = seed,
        };
        options.Validate();
        return options;
    }

    // Clark et al. 2020, table 7: 3e-4 for the small model, 1e-4 for the base model. Few narrow layers of fresh weights bear more.
    private static double DefaultRate(EncoderSource encoder) => (encoder.IsRandom, encoder.Config.HiddenSize) switch
    {
        (true, <= 128) => 1e-3,
        (_, <= 256) => 3e-4,
        _ => 1e-4,
    };
}
