using System.CommandLine;

namespace Electra.Tool.Commands;

internal static class PretrainCommand
{
    private const string CacheName = "corpus.safetensors";
    private static readonly PretrainingOptions Defaults = new();

    public static Command Create()
    {
        var input = new TextInput(TextInput.Plain);
        var output = new Option<string>("--output")
        {
            Description = "Folder for discriminator/, generator/ and log.jsonl.",
            Required = true,
        };
        var vocabulary = new Option<string?>("--vocab") { Description = "A vocab.txt. Default: one is made from the input." };
        var vocabularySize = new Option<int>("--vocab-size")
        {
            Description = "Word pieces of the vocabulary that is made.",
            DefaultValueFactory = _ => 8000,
        };
        var layers = new Option<int>("--layers") { Description = "Layers.", DefaultValueFactory = _ => 4 };
        var hidden = new Option<int>("--hidden") { Description = "Size of the hidden states.", DefaultValueFactory = _ => 256 };
        var embedding = new Option<int>("--embedding") { Description = "Size of the embeddings.", DefaultValueFactory = _ => 128 };
        var heads = new Option<int?>("--heads") { Description = "Attention heads. Default: hidden / 64." };
        var intermediate = new Option<int?>("--intermediate") { Description = "Size inside the feed-forward blocks. Default: 4 × hidden." };
        var positions = new Option<int>("--max-positions")
        {
            Description = "The longest row that the model can read.",
            DefaultValueFactory = _ => 256,
        };
        var generator = new Option<double>("--generator-size")
        {
            Description = "Width of the generator as a share of the discriminator's.",
            DefaultValueFactory = _ => Defaults.GeneratorSize,
        };
        var correction = new Option<double>("--correction")
        {
            Description = "Weight of naming the original tokens from the discriminator's hidden states, beside telling them; " +
                "0 is the paper's method.",
            DefaultValueFactory = _ => Defaults.CorrectionWeight,
        };
        var maskedSteps = new Option<int>("--masked-steps")
        {
            Description =
                "Steps at the start in which the discriminator's encoder alone learns, as a masked language model; needs --correction.",
        };
        var initializer = new Option<double>("--initializer-range")
        {
            Description = "Standard deviation of fresh weights; narrow encoders learn sooner from larger ones, about 1 / √hidden.",
            DefaultValueFactory = _ => 0.02,
        };
        var length = new Option<int>("--length") { Description = "Tokens a row.", DefaultValueFactory = _ => Defaults.Length };
        var single = new Option<bool>("--single-texts")
        {
            Description = "One text a row, as in fine-tuning, instead of rows packed with several: for short texts. A batch then has at " +
                "most batch size × length tokens.",
        };
        var batch = new Option<int>("--batch-size") { Description = "Rows a batch.", DefaultValueFactory = _ => Defaults.BatchSize };
        var steps = new Option<int>("--steps")
        {
            Description = "Steps, rounded up to a multiple of --evaluate-every.",
            DefaultValueFactory = _ => Defaults.Steps,
        };
        var evaluate = new Option<int>("--evaluate-every")
        {
            Description = "Measure on held-out texts and save the models after so many steps.",
            DefaultValueFactory = _ => Defaults.EvaluateEvery,
        };
        var heldOut = new Option<double>("--held-out")
        {
            Description = "Share of the texts that is only measured on.",
            DefaultValueFactory = _ => 0.005,
        };
        var rate = new Option<double>("--learning-rate")
        {
            Description = "Highest learning rate.",
            DefaultValueFactory = _ => Defaults.LearningRate,
        };
        var warmup = new Option<double>("--warmup")
        {
            Description = "Share of the steps in which the learning rate rises.",
            DefaultValueFactory = _ => Defaults.WarmupProportion,
        };
        var held = new Option<double>("--hold")
        {
            Description =
                "Share of the steps, after the warm-up, in which the learning rate stays at its highest; in the rest it falls to 0.",
            DefaultValueFactory = _ => Defaults.HeldProportion,
        };
        var dropout = new Option<double>("--dropout")
        {
            Description = "Dropout while pre-training.",
            DefaultValueFactory = _ => Defaults.Dropout,
        };
        var precision = TrainingOptionSet.PrecisionOption();
        var seed = new Option<int>("--seed") { Description = "Decides everything random.", DefaultValueFactory = _ => Defaults.Seed };
        var start = new Option<string?>("--start-from")
        {
            Description = "Output folder of an earlier pre-training, or an encoder's, that gives sizes and first weights, and its " +
                "vocabulary unless another is given: for more steps, or texts of another kind.",
        };
        var savedType = TrainingOptionSet.SaveAsOption();
        var resume = new Option<bool>("--resume")
        {
            Description = "Go on from where an interrupted pre-training of the same options stopped.",
        };
        var command = new Command("pretrain", "Pre-trains an encoder from raw text by replaced token detection.")
        {
            output, vocabulary, vocabularySize, layers, hidden, embedding, heads, intermediate, positions, generator, correction,
            maskedSteps, initializer,
            length, single, batch, steps, evaluate, heldOut, rate, warmup, held, dropout, precision, seed, start, savedType, resume,
        };
        input.AddTo(command);
        command.SetAction((parsed, cancellation) => Task.Run(() => Run(parsed, cancellation)));
        return command;

        int Run(ParseResult parsed, CancellationToken cancellation)
        {
            string folder = parsed.GetValue(output)!;
            bool goOn = parsed.GetValue(resume);
            using var taken = TrainingFolder.Lock(folder, Path.Combine(folder, Pretrainer.DiscriminatorFolder));
            TrainingFolder.Check(folder, Path.Combine(folder, Pretrainer.DiscriminatorFolder), goOn);
            Place.CheckFolder(folder);
            int width = parsed.GetValue(hidden);
            var options = new PretrainingOptions
            {
                Steps = parsed.GetValue(steps),
                EvaluateEvery = parsed.GetValue(evaluate),
                BatchSize = parsed.GetValue(batch),
                Length = parsed.GetValue(length),
                SingleTexts = parsed.GetValue(single),
                GeneratorSize = parsed.GetValue(generator),
                CorrectionWeight = parsed.GetValue(correction),
                MaskedSteps = parsed.GetValue(maskedSteps),
                LearningRate = parsed.GetValue(rate),
                WarmupProportion = parsed.GetValue(warmup),
                HeldProportion = parsed.GetValue(held),
                Dropout = parsed.GetValue(dropout),
                Precision = TrainingOptionSet.Resolve(parsed.GetValue(precision)!,
                    goOn ? Path.Combine(folder, TrainingFolder.StateName) : null),
                Seed = parsed.GetValue(seed),
            };
            options.Validate(); // before the work on the texts
            string? from = parsed.GetValue(start);
            if (from is not null
                && new Option[] { layers, hidden, embedding, heads, intermediate, positions, generator,
                    initializer }.FirstOrDefault(given => parsed.GetResult(given) is { Implicit: false }) is { } extra)
            {
                throw new InputException(
                    $"{extra.Name} does not go with {start.Name}: {from} has sizes of its own; leave one of the two out.");
            }

            if (from is null)
            {
                TrainingMemory.Check(Sizes(parsed.GetValue(vocabulary) is null ? parsed.GetValue(vocabularySize) : 0), "pretrain");
            }

            var source = input.Open(parsed, TextInput.Plain, otherwise: false)
                ?? throw new InputException("There is no text to learn from; give a file with --input, or - for standard input.");
            string[] texts = [.. source.Read().Select(row => row.TextAlone).Where(text => !string.IsNullOrWhiteSpace(text))];
            if (texts.Length == 0)
            {
                throw new InputException($"{source.Name} has no text; give a file with one text a line.");
            }

            string made = Path.Combine(folder, Pretrainer.DiscriminatorFolder, "vocab.txt");
            var tokenizer = parsed.GetValue(vocabulary) is { } file ? ElectraTokenizer.FromVocabulary(file)
                : goOn && File.Exists(made) ? ElectraTokenizer.FromFolder(Path.GetDirectoryName(made)!)
                : from is not null && parsed.GetResult(vocabularySize) is not { Implicit: false }
                    ? ElectraTokenizer.FromFolder(Pretrainer.DiscriminatorOf(from))
                : MakeVocabulary(texts, parsed.GetValue(vocabularySize), cancellation);
            var config = from is not null
                ? ElectraConfig.Read(Pretrainer.DiscriminatorOf(from)) with { VocabSize = tokenizer.VocabularySize }
                : Sizes(tokenizer.VocabularySize);
            if (from is not null && Path.Combine(from, Pretrainer.GeneratorFolder) is var earlier && Directory.Exists(earlier))
            {
                options = options with { GeneratorSize = ElectraConfig.Read(earlier).HiddenSize / (double)config.HiddenSize };
            }

            var corpus = Tokenize(texts, tokenizer, parsed.GetValue(heldOut), Path.Combine(folder, CacheName), cancellation);
            Terminal.Note($"{corpus.Train.Count:N0} texts with {corpus.Train.TokenCount:N0} tokens; held out {corpus.HeldOut.Count:N0} " +
                $"with {corpus.HeldOut.TokenCount:N0}");

            using var progress = new Progress("steps");
            bool first = true;
            string speed = "";
            var pretrainer = new Pretrainer(corpus, tokenizer, config, options, folder)
            {
                StartFrom = from,
                SavedType = TrainingOptionSet.SavedType(parsed.GetValue(savedType)!),
                OnNote = progress.Line,
                OnStep = step =>
                {
                    if (first)
                    {
                        progress.Skip(step.Step);
                    }

                    first = false;
                    progress.Report(
                        $"step {step.Step + 1}/{step.TotalSteps}, loss {step.Loss:0.000}{speed}", step.Step + 1, step.TotalSteps);
                },
                OnReport = report =>
                {
                    speed = $", {report.TokensPerSecond:N0} tokens/s";
                    if (report.IsMeasurement)
                    {
                        progress.Line(Describe(report));
                    }
                },
            };
            var (last, cancelled) = pretrainer.Run(goOn, cancellation);
            if (cancelled)
            {
                InputException.ThrowUnless(File.Exists(Path.Combine(folder, TrainingFolder.StateName)),
                    $"Interrupted, and {folder} has no room for a state to go on from; what was measured before is there.");
                throw new Interruption($"Interrupted; the same command with --resume goes on in {folder}.");
            }

            if (parsed.GetValue(Terminal.Json))
            {
                Terminal.WriteJson(new
                {
                    output = folder,
                    last!.Step,
                    last.Loss,
                    last.GeneratorLoss,
                    last.DiscriminatorLoss,
                    last.TokensPerSecond,
                    last.HeldOut,
                    last.CorrectionLoss
                });
            }
            else
            {
                Terminal.Print(Describe(last!));
                Terminal.Print(
                    $"The encoder is in {Path.Combine(folder, Pretrainer.DiscriminatorFolder)}: electra compare --encoder takes it.");
            }

            return 0;

            ElectraConfig Sizes(int vocabularySize) => new()
            {
                VocabSize = vocabularySize,
                InitializerRange = parsed.GetValue(initializer),
                EmbeddingSize = parsed.GetValue(embedding),
                HiddenSize = width,
                NumHiddenLayers = parsed.GetValue(layers),
                NumAttentionHeads = parsed.GetValue(heads) ?? Math.Max(1, width / 64),
                IntermediateSize = parsed.GetValue(intermediate) ?? 4 * width,
                MaxPositionEmbeddings = parsed.GetValue(positions),
                // in fine-tuning: libtorch's fused attention trains without dropout only, and the rest of a layer has enough of it
                AttentionProbsDropoutProb = 0,
            };
        }
    }

    private static ElectraTokenizer MakeVocabulary(string[] texts, int size, CancellationToken cancellation)
    {
        using var progress = new Progress("pieces");
        return ElectraTokenizer.FromTokens(
            VocabularyBuilder.Build(texts, size, progress: new Reporter(progress, size), cancellation: cancellation));
    }

    private static PretrainingCorpus Tokenize(string[] texts, ElectraTokenizer tokenizer, double heldOut, string cache,
        CancellationToken cancellation)
    {
        using var progress = new Progress("texts");
        return PretrainingCorpus.Create(texts, tokenizer, heldOut, cache, Show, cancellation);

        void Show(int done)
        {
            lock (progress)
            {
                progress.Report("tokenizing", done, texts.Length);
            }
        }
    }

    private static string Describe(PretrainingReport report)
    {
        var parts = new List<string>();
        if (report.HeldOut is { } measured)
        {
            parts.Add($"generator loss {measured.GeneratorLoss:0.000}, accuracy {measured.GeneratorAccuracy:0.0000}");
            parts.Add($"discriminator loss {measured.DiscriminatorLoss:0.0000}, accuracy {measured.Accuracy:0.0000} (all original " +
                $"{measured.MajorityRate:0.0000}), "
                + $"precision {measured.Precision:0.000}, recall {measured.Recall:0.000}");
        }

        if (report.CorrectionLoss is { } correction)
        {
            parts.Add($"correction loss {correction:0.000}");
        }

        return $"step {report.Step}: loss {report.Loss:0.000}; held out: {string.Join("; ", parts)}";
    }

    private sealed class Reporter(Progress progress, int size) : IProgress<VocabularyProgress>
    {
        public void Report(VocabularyProgress value) =>
            progress.Report(value.Pieces == 0 ? $"vocabulary: {value.Texts:N0} texts, {value.Words:N0} words" : "vocabulary", value.Pieces,
                value.Pieces == 0 ? null : size);
    }
}
