using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using TorchSharp;
using static TorchSharp.torch;

namespace Electra;

/// <summary>
/// Pre-trains an encoder by replaced token detection and keeps everything in one folder: <c>discriminator/</c> and <c>generator/</c> in
/// Hugging Face's form (from the first evaluation on), <c>log.jsonl</c>, its measurements as <c>log.csv</c>, <c>pretraining.json</c> with
/// all settings, and <c>training.state</c> until the end. Source: Clark et al. 2020 (ELECTRA), section 2 and appendix A.
/// </summary>
public sealed class Pretrainer
{
    /// <summary>Below the folder: the encoder that pre-training is for, an <c>ElectraForPreTraining</c>.</summary>
    public const string DiscriminatorFolder = "discriminator";

    /// <summary>Below the folder: its generator, an <c>ElectraForMaskedLM</c>.</summary>
    public const string GeneratorFolder = "generator";

    private const string LastStateName = "last.state";
    private const string LogName = "log.jsonl";
    private const string TableName = "log.csv";
    private const string SettingsName = "pretraining.json";
    private const double AdamEpsilon = 1e-6; // Clark et al. 2020, table 6
    private const int ReportEvery = 50; // steps
    private const int HeldOutBatches = 50; // at most; half a million tokens are enough to measure on

    private static readonly JsonTypeInfo<SavedSettings> SettingsInfo =
        JsonFormats.TypeInfo<SavedSettings>(PretrainingJson.Default, JsonFormats.Records);

    private readonly PretrainingCorpus _corpus;
    private readonly ElectraTokenizer _tokenizer;
    private readonly ElectraConfig _config;
    private readonly PretrainingOptions _options;
    private readonly string _folder;
    private readonly Device _device = Devices.Best;

    /// <summary>Prepares a pre-training.</summary>
    /// <param name="corpus">The texts.</param>
    /// <param name="tokenizer">The vocabulary that they were tokenized with.</param>
    /// <param name="config">Sizes of the discriminator, and the dropout that its fine-tuning is going to have.</param>
    /// <param name="options">How to train.</param>
    /// <param name="folder">Where everything goes.</param>
    /// <exception cref="InputException">An option makes no sense, sizes contradict each other, or this machine has no room for
    /// them.</exception>
    public Pretrainer(PretrainingCorpus corpus, ElectraTokenizer tokenizer, ElectraConfig config, PretrainingOptions options, string folder)
    {
        options.Validate();
        config.Validate("the configuration");
        TrainingMemory.Check(config, "The configuration");
        if (options.Length > config.MaxPositionEmbeddings)
        {
            throw new InputException(
                $"Rows of {options.Length} tokens do not fit into {config.MaxPositionEmbeddings} positions; shorten the " +
                "rows or give more positions.");
        }

        if (tokenizer.VocabularySize != config.VocabSize)
        {
            throw new InputException(
                $"The vocabulary has {tokenizer.VocabularySize} tokens, but vocab_size is {config.VocabSize}; make them equal.");
        }

        (_corpus, _tokenizer, _config, _options, _folder) = (corpus, tokenizer,
            config with { PadTokenId = tokenizer.PadId }, options, folder);
    }

    /// <summary>
    /// The folder of an earlier pre-training whose <c>discriminator/</c> and <c>generator/</c> give the first weights, for more steps,
    /// texts of another kind or another vocabulary, with AdamW's averages and the head that names tokens where <c>last.state</c> is there
    /// and the vocabulary is the same; or a discriminator's folder alone; null: fresh weights.
    /// </summary>
    public string? StartFrom { get; init; }

    /// <summary>Type of the numbers in the saved models: fp32, or fp16 for half the size.</summary>
    public ScalarType SavedType { get; init; } = ScalarType.Float32;

    /// <summary>Called after every step.</summary>
    public Action<TrainingStep>? OnStep { get; init; }

    /// <summary>Called with every line of the log.</summary>
    public Action<PretrainingReport>? OnReport { get; init; }

    /// <summary>Called with a sentence when a state finds no room: the training goes on without it. Null: that is an error.</summary>
    public Action<string>? OnNote { get; init; }

    private int EvaluateEvery => Math.Min(_options.EvaluateEvery, _options.Steps);

    /// <summary>Pre-trains. When cancelled, it stops after the step in hand and leaves a state to go on from.</summary>
    /// <param name="resume">Whether to go on from the folder's state; the end is then the same to the last bit as without the interruption
    /// (with dropout: on a CPU).</param>
    /// <param name="cancellation">Asks to stop.</param>
    /// <returns>The last report with a measurement, null when there is none yet; and whether it was cancelled.</returns>
    /// <exception cref="InputException">
    /// The folder cannot be written to, is not as <see cref="TrainingFolder.Check"/> wants it, or has a training with other settings; or
    /// the training diverges.
    /// </exception>
    public (PretrainingReport? Last, bool Cancelled) Run(bool resume = false, CancellationToken cancellation = default)
    {
        string state = Path.Combine(_folder, TrainingFolder.StateName);
        TrainingFolder.Check(_folder, Path.Combine(_folder, DiscriminatorFolder), resume);
        CheckSettings(resume);
        random.manual_seed(_options.Seed);
        using var model = new ReplacedTokenDetection(
            _config with { HiddenDropoutProb = _options.Dropout, AttentionProbsDropoutProb = _options.Dropout }, _options.GeneratorSize,
            _options.CorrectionWeight);
        Start(model);
        model.to(_device);
        var rows = Rows(_corpus.Train, _options.Seed);
        var log = new PretrainingLog(Path.Combine(_folder, LogName));
        var window = new ReportWindow();
        bool first = true;

        // What is an epoch to the trainer is here the time from one evaluation to the next.
        var trainer = new Trainer(
            model,
            _options.Training(_options.Evaluations),
            epoch => [.. Enumerable.Range(epoch * EvaluateEvery, EvaluateEvery).Select(number => new[] { number })],
            batch =>
            {
                var (masked, random) = Masked(rows, batch[0], SeededRandom.Masks, _options.Seed);
                window.Add(masked.Rows, _tokenizer.PadId);
                if (batch[0] < _options.MaskedSteps)
                {
                    return model.CorrectionWeight * model.RunMasked(masked, _tokenizer.PadId, _device);
                }

                var outcome = model.Run(masked, _tokenizer.PadId, random, _device);
                window.Add(outcome);
                return outcome.Loss;
            })
        {
            AdamEpsilon = AdamEpsilon,
            OnNote = OnNote,
            StateFile = state,
            HeldProportion = _options.HeldProportion,
            StartState = StartState(),
            LastStateFile = Path.Combine(_folder, LastStateName),
            OnStep = step =>
            {
                if (first)
                {
                    log.GoOnAfter(step.Step);
                    first = false;
                }

                window.Add(step);
                OnStep?.Invoke(step with { Examples = window.Rows });
                if ((step.Step + 1) % ReportEvery == 0 && (step.Step + 1) % EvaluateEvery > 0)
                {
                    Report(null, null);
                }
            },
            OnEpoch = report =>
            {
                window.Pause();
                var (heldOut, correctionLoss) = Evaluate(model, masked: (report.Epoch + 1) * EvaluateEvery <= _options.MaskedSteps);
                Save(model);
                Report(heldOut, correctionLoss);
            },
        };
        bool cancelled = trainer.Run(resume, cancellation).Cancelled;
        if (!cancelled)
        {
            File.Delete(state);
        }

        return (log.Read().LastOrDefault(report => report.IsMeasurement), cancelled);

        void Report(DetectionMetrics? heldOut, double? correctionLoss)
        {
            var report = window.Close(heldOut, correctionLoss);
            log.Append(report);
            if (report.IsMeasurement)
            {
                log.WriteTable(Path.Combine(_folder, TableName));
            }

            OnReport?.Invoke(report);
        }
    }

    private TextRows Rows(TokenizedTexts texts, int seed) => _options.SingleTexts
        ? new SingleRows(texts, _tokenizer, _options.BatchSize * _options.Length, _options.Length, seed)
        : new PackedRows(texts, _tokenizer, _options.BatchSize, _options.Length, seed);

    // A batch with the tokens to guess, and the chance that goes on to decide what is drawn.
    private (MaskedRows Batch, Random Random) Masked(TextRows rows, int number, int purpose, int seed)
    {
        var random = SeededRandom.For(seed, purpose, number);
        return (Masking.Apply(rows.Batch(number), _tokenizer, random), random);
    }

    private (DetectionMetrics? HeldOut, double? CorrectionLoss) Evaluate(ReplacedTokenDetection model, bool masked)
    {
        using var grad = no_grad();
        model.eval();
        var rows = Rows(_corpus.HeldOut, seed: 0); // the same masks whatever the training's seed
        int batches = Math.Min(rows.BatchesPerPass, HeldOutBatches);
        double named = 0, correctionLoss = 0;
        if (!masked)
        {
            return (DetectionMetrics.Of(Outcomes()), named > 0 ? correctionLoss / named : null);
        }

        for (int number = 0; number < batches; number++)
        {
            using var scope = NewDisposeScope();
            var batch = Masked(rows, number, SeededRandom.HeldOutMasks, seed: 0).Batch;
            Add(batch, model.RunMasked(batch, _tokenizer.PadId, _device));
        }

        return (null, correctionLoss / named);

        IEnumerable<DetectionOutcome> Outcomes()
        {
            for (int number = 0; number < batches; number++)
            {
                using var scope = NewDisposeScope();
                var (batch, random) = Masked(rows, number, SeededRandom.HeldOutMasks, seed: 0);
                var outcome = model.Run(batch, _tokenizer.PadId, random, _device);
                Add(batch, outcome.CorrectionLoss);
                yield return outcome;
            }
        }

        void Add(MaskedRows batch, Tensor? loss)
        {
            if (loss is not null)
            {
                named += batch.Positions.Length;
                correctionLoss += batch.Positions.Length * loss.item<float>();
            }
        }
    }

    private void Start(ReplacedTokenDetection model)
    {
        if (StartFrom is null)
        {
            return;
        }

        foreach (string folder in StartFolders())
        {
            using var scope = NewDisposeScope();
            using var checkpoint = Checkpoint.Open(folder);
            var transfer = new VocabularyTransfer(ElectraTokenizer.FromFolder(folder), _tokenizer);
            nn.Module part = Path.GetFileName(folder) == GeneratorFolder ? model.Generator : model.Discriminator;
            checkpoint.LoadInto(part, transfer.IsIdentity ? null : transfer.Apply); // the embeddings, which both have, twice
        }
    }

    /// <summary>Where a start from a folder finds its discriminator: below it, or there.</summary>
    public static string DiscriminatorOf(string startFrom) =>
        Directory.Exists(Path.Combine(startFrom, DiscriminatorFolder)) ? Path.Combine(startFrom, DiscriminatorFolder) : startFrom;

    private IEnumerable<string> StartFolders() => StartFrom is null ? []
        : DiscriminatorOf(StartFrom) == StartFrom ? [StartFrom]
        : [Path.Combine(StartFrom, GeneratorFolder), Path.Combine(StartFrom, DiscriminatorFolder)];

    // Its rows are those of the earlier vocabulary.
    private string? StartState() =>
        StartFrom is not null && Path.Combine(StartFrom, LastStateName) is var file && File.Exists(file)
        && new VocabularyTransfer(ElectraTokenizer.FromFolder(DiscriminatorOf(StartFrom)), _tokenizer).IsIdentity ? file : null;

    private void Save(ReplacedTokenDetection model)
    {
        Checkpoint.Save(Path.Combine(_folder, DiscriminatorFolder), model.Discriminator,
            _config with { Architectures = ["ElectraForPreTraining"] }, _tokenizer, SavedType);
        var generator = ReplacedTokenDetection.GeneratorConfig(_config,
            _options.GeneratorSize) with
        { Architectures = ["ElectraForMaskedLM"] };
        Checkpoint.Save(Path.Combine(_folder, GeneratorFolder), model.Generator, generator, _tokenizer, SavedType);
    }

    // SHA-256 of the weights that are started from, or null.
    private string? StartHash() => StartFrom is null ? null : Convert.ToHexStringLower(SHA256.HashData(
        [.. StartFolders().SelectMany(folder => SHA256.HashData(InputFile.ReadBytes(Checkpoint.FindWeights(folder))))]));

    private void CheckSettings(bool resume)
    {
        var (train, heldOut) = (_corpus.Train, _corpus.HeldOut);
        var corpus = new SavedCorpus(_corpus.Hash, train.Count, train.TokenCount, heldOut.Count, heldOut.TokenCount);
        var saved = new SavedSettings(corpus, StartHash(), _options, _config, SavedType.ToString());
        string settings = JsonSerializer.Serialize(saved, SettingsInfo) + "\n";
        string file = Path.Combine(_folder, SettingsName);
        if (!resume)
        {
            AtomicFile.WriteText(file, settings);
            _tokenizer.Save(Path.Combine(_folder, DiscriminatorFolder));
        }
        else if (!File.Exists(file) || File.ReadAllText(file) != settings)
        {
            throw new InputException(
                $"{file} has other settings than those given now; repeat the options, texts and vocabulary that the " +
                "pre-training was started with.");
        }
    }

    internal sealed record SavedSettings(
        SavedCorpus Corpus, string? StartFrom, PretrainingOptions Options, ElectraConfig Config, string SavedType);

    internal sealed record SavedCorpus(string Hash, int Texts, int Tokens, int HeldOutTexts, int HeldOutTokens);
}
