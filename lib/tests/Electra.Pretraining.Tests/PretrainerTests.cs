using System.Text.Json;
using TorchSharp;

namespace Electra.Tests;

/// <summary>Pre-training learns, can be interrupted anywhere, and leaves folders that other programs can use.</summary>
public class PretrainerTests
{
    private static readonly PretrainingOptions Short = new() { Steps = 12, EvaluateEvery = 4, BatchSize = 4, Length = 16, Dropout = 0.1 };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void On_an_artificial_language_replaced_tokens_are_found_far_above_the_majority_rate(bool singleTexts)
    {
        using var folder = new TemporaryFolder();
        var options = new PretrainingOptions
        {
            Steps = 100,
            EvaluateEvery = 50,
            BatchSize = 16,
            Length = 32,
            LearningRate = 3e-3,
            WarmupProportion = 0.1,
            SingleTexts = singleTexts,
            GeneratorSize = 0.0625, // too small to learn the language so well that nothing can be found
        };
        var measured = new List<DetectionMetrics>();
        var pretrainer = new Pretrainer(Toy.Corpus(2000, longest: singleTexts ? 12 : 36), Toy.Tokenizer, Toy.Config, options, folder.Path)
        {
            OnReport = report => measured.AddRange(report.HeldOut is { } heldOut ? [heldOut] : []),
        };
        var (last, cancelled) = pretrainer.Run(cancellation: TestContext.Current.CancellationToken);

        Assert.False(cancelled);
        Assert.Equal(2, measured.Count);
        Assert.Equal(measured[^1], last!.HeldOut);
        Assert.True(measured[^1].Accuracy > measured[^1].MajorityRate + 0.05, $"{measured[^1]}");
        Assert.True(measured[^1].Recall > 0.5 && measured[^1].Precision > 0.7, $"{measured[^1]}");
        Assert.True(measured[^1].GeneratorLoss < Math.Log(Toy.Config.VocabSize), $"{measured[^1]}");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)] // interrupted one step before the generator begins to learn
    public void An_interrupted_training_ends_with_the_same_bits_and_the_same_log(int maskedSteps)
    {
        using var whole = new TemporaryFolder();
        using var interrupted = new TemporaryFolder();
        var options = maskedSteps == 0 ? Short : Short with { CorrectionWeight = 10, MaskedSteps = maskedSteps };
        Assert.False(Train(whole, stopAfter: null, options: options).Cancelled);

        Assert.True(Train(interrupted, stopAfter: 6, options: options).Cancelled); // between two evaluations
        File.AppendAllText(interrupted.File("log.jsonl"), "{\"step\":7,\"loss\":"); // as if it was killed while it wrote
        Assert.True(Train(interrupted, stopAfter: 2, resume: true, options).Cancelled); // at one
        Assert.False(Train(interrupted, stopAfter: null, resume: true, options).Cancelled);

        foreach (string file in new[] { "discriminator/model.safetensors", "generator/model.safetensors", "pretraining.json" })
        {
            Assert.Equal(File.ReadAllBytes(whole.File(file)), File.ReadAllBytes(interrupted.File(file)));
        }

        Assert.Equal(Log(whole), Log(interrupted));
        Assert.Equal([4, 8, 12], Log(whole).Select(line => line.Step));
        Assert.False(File.Exists(interrupted.File("training.state")));
    }

    [Fact]
    public void An_unfinished_training_is_neither_overwritten_nor_gone_on_with_under_other_settings()
    {
        using var folder = new TemporaryFolder();
        Assert.Throws<InputException>(() => Train(folder, stopAfter: null, resume: true)); // nothing there yet
        Train(folder, stopAfter: 5);
        Assert.Contains("--resume", Assert.Throws<InputException>(() => Train(folder, stopAfter: null)).Message, StringComparison.Ordinal);
        var other = new Pretrainer(Toy.Corpus(300), Toy.Tokenizer, Toy.Config, Short with { Length = 20 }, folder.Path);
        Assert.Contains("other settings",
            Assert.Throws<InputException>(() => other.Run(resume: true, TestContext.Current.CancellationToken)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void The_models_of_an_earlier_training_are_not_overwritten()
    {
        using var folder = new TemporaryFolder();
        Train(folder, stopAfter: null);
        string[] files = Directory.GetFiles(folder.Path, "*", SearchOption.AllDirectories);
        var before = files.ToDictionary(file => file, File.ReadAllBytes);
        Assert.Contains("another folder",
            Assert.Throws<InputException>(() => Train(folder, stopAfter: null, options: Short with { Seed = 2 })).Message,
            StringComparison.Ordinal);
        Assert.Contains("no interrupted", Assert.Throws<InputException>(() => Train(folder, stopAfter: null, resume: true)).Message,
            StringComparison.Ordinal);
        Assert.Equal(files, Directory.GetFiles(folder.Path, "*", SearchOption.AllDirectories));
        Assert.All(files, file => Assert.Equal(before[file], File.ReadAllBytes(file)));
    }

    [Theory]
    [InlineData(0, Precision.Fp32)]
    [InlineData(0, Precision.Bf16)]
    [InlineData(12, Precision.Fp32)] // all steps
    public void As_many_tensors_are_alive_after_the_last_step_as_after_the_first_evaluation(int maskedSteps, Precision precision)
    {
        using var folder = new TemporaryFolder();
        var alive = new List<long>();
        var pretrainer = new Pretrainer(Toy.Corpus(300), Toy.Tokenizer, Toy.Config,
            Short with { CorrectionWeight = 10, MaskedSteps = maskedSteps, Precision = precision }, folder.Path)
        {
            OnStep = _ => alive.Add(DisposeScopeManager.Statistics.ThreadTotalLiveCount),
        };
        long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        pretrainer.Run(cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        Assert.Equal(12, alive.Count);
        Assert.Equal(alive[4], alive[11]); // until the first evaluation no best weights are kept
    }

    [Fact]
    public void Trained_in_bf16_it_is_the_same_training_but_for_rounding()
    {
        using var full = new TemporaryFolder();
        using var half = new TemporaryFolder();
        Train(full, stopAfter: null, options: Short with { Dropout = 0 });
        Train(half, stopAfter: null, options: Short with { Dropout = 0, Precision = Precision.Bf16 });
        foreach (string name in new[] { "generator_loss", "discriminator_loss" })
        {
            Assert.Equal(Last(full, name), Last(half, name), 0.02);
            Assert.NotEqual(Last(full, name), Last(half, name));
        }
    }

    [Fact]
    public void A_discriminator_that_also_names_the_originals_learns_and_is_saved_without_that_head()
    {
        using var plain = new TemporaryFolder();
        using var folder = new TemporaryFolder();
        Train(plain, stopAfter: null);
        var options = Short with
        {
            Steps = 250,
            EvaluateEvery = 50,
            BatchSize = 16,
            Length = 32,
            LearningRate = 3e-3,
            Dropout = 0,
            CorrectionWeight = 10
        };
        new Pretrainer(Toy.Corpus(2000), Toy.Tokenizer, Toy.Config, options,
            folder.Path).Run(cancellation: TestContext.Current.CancellationToken);
        // far below guessing
        Assert.True(Log(folder)[^1].CorrectionLoss < Math.Log(Toy.Config.VocabSize) - 0.3, $"{Log(folder)[^1].CorrectionLoss}");
        Assert.Equal(SafetensorsFile.ReadHeader(plain.File("discriminator/model.safetensors")).Entries.Select(entry => entry.Name),
            SafetensorsFile.ReadHeader(folder.File("discriminator/model.safetensors")).Entries.Select(entry => entry.Name));
    }

    [Fact]
    public void In_the_masked_steps_the_encoder_learns_and_neither_its_head_nor_the_generator()
    {
        using var folder = new TemporaryFolder();
        var options = Short with { CorrectionWeight = 10, MaskedSteps = 8, Dropout = 0 };
        new Pretrainer(Toy.Corpus(300), Toy.Tokenizer, Toy.Config, options,
            folder.Path).Run(cancellation: TestContext.Current.CancellationToken);
        using var whole = new TemporaryFolder();
        new Pretrainer(Toy.Corpus(300), Toy.Tokenizer, Toy.Config, options with { MaskedSteps = 12 },
            whole.Path).Run(cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(Log(whole)[0], Log(folder)[0]); // the same up to the end of the first evaluation
        // and only then is there something to judge
        Assert.Equal([false, false, true], Log(folder).Select(line => line.HeldOut is not null));
        Assert.NotEqual(Log(whole)[^1].CorrectionLoss, Log(whole)[0].CorrectionLoss);
        string[] table = File.ReadAllLines(folder.File("log.csv"));
        Assert.Equal([1, 1, 8], table[1..].Select(line => line.Split(',')[4..].Count(cell => cell.Length > 0)));

        // Untouched by the masked steps, the head still says for every token about what it began with: the share of tokens that are hidden,
        // 0.15 · 0.85.
        using var scope = torch.NewDisposeScope();
        using var model = Checkpoint.Open(whole.File("discriminator")).CreateDiscriminator();
        Assert.Equal(Math.Log(0.1275 / 0.8725),
            model.get_parameter("discriminator_predictions.dense_prediction.bias")!.item<float>(), 1e-5);

        // The generator's layers are what the seed made.
        torch.random.manual_seed(options.Seed);
        using var fresh = new ReplacedTokenDetection(Toy.Config, options.GeneratorSize, options.CorrectionWeight);
        using var generator = new Generator(ReplacedTokenDetection.GeneratorConfig(Toy.Config, options.GeneratorSize));
        Checkpoint.Open(whole.File("generator")).LoadInto(generator);
        var own = fresh.Generator.named_parameters().Zip(generator.named_parameters())
            .Where(pair => !pair.First.name.Contains(".embeddings.", StringComparison.Ordinal)).ToList();
        Assert.True(own.Count > 10);
        Assert.All(own, pair => Assert.True(pair.First.parameter.equal(pair.Second.parameter).all().item<bool>(), pair.First.name));
    }

    public static TheoryData<PretrainingOptions, string> Refused => new()
    {
        { Short with { MaskedSteps = 4 }, "number of masked steps is 4" }, // without a correction weight
        { Short with { Steps = 20_001, EvaluateEvery = 2 },
            "number of evaluations is 10001; it must be at most 10000, so 3 steps or more between two" },
        { Short with { BatchSize = 10_001 }, "batch size is 10001" },
        { Short with { GeneratorSize = 2 }, "generator size is 2" },
        { Short with { EvaluateEvery = 0 }, "between evaluations is 0" },
    };

    [Theory]
    [MemberData(nameof(Refused), DisableDiscoveryEnumeration = true)]
    public void Options_that_make_no_sense_are_refused_before_any_work(PretrainingOptions options, string reason) =>
        Assert.Contains(reason, Assert.Throws<InputException>(options.Validate).Message, StringComparison.Ordinal);

    [Fact]
    public void Another_training_starts_from_the_weights_of_an_earlier_one()
    {
        using var first = new TemporaryFolder();
        using var second = new TemporaryFolder();
        Train(first, stopAfter: null);
        var measured = new List<DetectionMetrics>();

        // A learning rate of almost nothing and one step: what is measured then is the earlier training's result.
        var options = Short with { Steps = 1, EvaluateEvery = 1, LearningRate = 1e-12, WarmupProportion = 0 };
        new Pretrainer(Toy.Corpus(300), Toy.Tokenizer, Toy.Config, options, second.Path)
        {
            StartFrom = first.Path,
            OnReport = report => measured.AddRange(report.HeldOut is { } heldOut ? [heldOut] : []),
        }.Run(cancellation: TestContext.Current.CancellationToken);

        Assert.Equal(Last(first, "generator_loss"), measured[^1].GeneratorLoss, 1e-5);
        Assert.Equal(Last(first, "discriminator_loss"), measured[^1].DiscriminatorLoss, 1e-5);
        var other = new Pretrainer(Toy.Corpus(300), Toy.Tokenizer, Toy.Config with { NumHiddenLayers = 1 }, options, second.File("other"))
        {
            StartFrom = first.Path,
        };
        Assert.Throws<InputException>(() => other.Run(cancellation: TestContext.Current.CancellationToken));
    }

    [Fact]
    public void It_begins_with_the_averages_and_the_naming_head_of_an_earlier_one_that_left_its_last_state()
    {
        using var first = new TemporaryFolder();
        using var second = new TemporaryFolder();
        using var without = new TemporaryFolder();
        var options = Short with { CorrectionWeight = 10, MaskedSteps = 12, Dropout = 0 };
        Train(first, stopAfter: null, options: options);
        var frozen = options with { Steps = 1, EvaluateEvery = 1, MaskedSteps = 1, LearningRate = 1e-12, WarmupProportion = 0 };
        Start(second);
        Assert.Equal(Log(first)[^1].CorrectionLoss!.Value, Log(second)[^1].CorrectionLoss!.Value, 1e-5);
        var before = SafetensorsFile.Read(first.File("last.state"));
        var after = SafetensorsFile.Read(second.File("last.state"));
        string steps = before.Keys.First(key => key.StartsWith("adam_steps/discriminator.electra.encoder", StringComparison.Ordinal));
        Assert.Equal(before[steps].item<long>() + 1, after[steps].item<long>());

        File.Delete(first.File("last.state"));
        Start(without);
        Assert.NotEqual(Log(first)[^1].CorrectionLoss!.Value, Log(without)[^1].CorrectionLoss!.Value, 1e-3); // a fresh head

        void Start(TemporaryFolder folder) =>
            new Pretrainer(Toy.Corpus(300), Toy.Tokenizer, Toy.Config, frozen, folder.Path) { StartFrom = first.Path }
            .Run(cancellation: TestContext.Current.CancellationToken);
    }

    [Fact]
    public void A_discriminators_folder_alone_is_a_start_too_with_a_fresh_generator()
    {
        using var first = new TemporaryFolder();
        using var second = new TemporaryFolder();
        Train(first, stopAfter: null);
        var frozen = Short with { Steps = 1, EvaluateEvery = 1, LearningRate = 1e-12, WarmupProportion = 0 };
        new Pretrainer(Toy.Corpus(300), Toy.Tokenizer, Toy.Config, frozen, second.Path) { StartFrom = first.File("discriminator") }
            .Run(cancellation: TestContext.Current.CancellationToken);
        var before = SafetensorsFile.Read(first.File("discriminator/model.safetensors"));
        var after = SafetensorsFile.Read(second.File("discriminator/model.safetensors"));
        Assert.All(before, named => Assert.True((named.Value - after[named.Key]).abs().max().item<float>() < 1e-9, named.Key));
    }

    [Fact]
    public void In_a_vocabulary_of_other_order_it_is_the_same_model_and_a_new_piece_is_the_mean_of_its_parts()
    {
        using var first = new TemporaryFolder();
        using var second = new TemporaryFolder();
        Train(first, stopAfter: null);
        string[] old = File.ReadAllLines(first.File("discriminator/vocab.txt"));
        string joined = old[^2] + old[^1]; // spelled with two pieces only where the second one may stand inside a word
        string[] pieces = [.. old, "##" + old[^1], joined];
        var between = ElectraTokenizer.FromTokens([.. old[..5], .. old[5..].Reverse()]);
        var config = Toy.Config with { VocabSize = between.VocabularySize };
        var corpus = PretrainingCorpus.Create(Toy.Texts(300), between, 0.1, cancellation: TestContext.Current.CancellationToken);
        var frozen = Short with { Steps = 1, EvaluateEvery = 1, LearningRate = 1e-12, WarmupProportion = 0 };
        new Pretrainer(corpus, between, config, frozen,
            second.Path)
        { StartFrom = first.Path }.Run(cancellation: TestContext.Current.CancellationToken);
        using var scope = torch.NewDisposeScope();
        var rows = SafetensorsFile.Read(first.File("discriminator/model.safetensors"))["electra.embeddings.word_embeddings.weight"];
        var moved = SafetensorsFile.Read(second.File("discriminator/model.safetensors"))["electra.embeddings.word_embeddings.weight"];
        foreach (string piece in old)
        {
            Assert.True((rows[Toy.Tokenizer.IdOf(piece)!.Value] - moved[between.IdOf(piece)!.Value]).abs().max()
                .item<float>() < 1e-9, piece);
        }

        var transfer = new VocabularyTransfer(ElectraTokenizer.FromTokens(pieces[..^1]),
            ElectraTokenizer.FromTokens([.. pieces, "unspellable"]));
        var means = transfer.Apply(torch.arange(0, pieces.Length - 1, dtype: torch.ScalarType.Float32).unsqueeze(-1));
        Assert.Equal(pieces.Length + 1, means.shape[0]);
        Assert.Equal((old.Length - 2 + old.Length) / 2.0, means[pieces.Length - 1, 0].item<float>(), 1e-6);
        Assert.Equal(1, means[pieces.Length, 0].item<float>()); // [UNK]
        Assert.False(transfer.IsIdentity);
        Assert.True(new VocabularyTransfer(between, between).IsIdentity);
    }

    [Fact]
    public void Saved_as_fp16_the_files_are_half_as_large_and_read_as_the_nearest_numbers()
    {
        using var full = new TemporaryFolder();
        using var half = new TemporaryFolder();
        Train(full, stopAfter: null);
        new Pretrainer(Toy.Corpus(300), Toy.Tokenizer, Toy.Config, Short,
            half.Path)
        { SavedType = torch.ScalarType.Float16 }.Run(cancellation: TestContext.Current.CancellationToken);
        using var scope = torch.NewDisposeScope();
        using var fullModel = Checkpoint.Open(full.File("discriminator")).CreateDiscriminator();
        using var halfModel = Checkpoint.Open(half.File("discriminator")).CreateDiscriminator();
        foreach (var (a, b) in fullModel.parameters().Zip(halfModel.parameters()))
        {
            Assert.Equal(torch.ScalarType.Float32, b.dtype);
            Assert.True((a.detach().to_type(torch.ScalarType.Float16).to_type(torch.ScalarType.Float32) - b).abs()
                .max().item<float>() == 0);
        }

        Assert.InRange(new FileInfo(half.File("discriminator/model.safetensors")).Length
            / (double)new FileInfo(full.File("discriminator/model.safetensors")).Length, 0.4, 0.7);
    }

    [Fact]
    public void Its_settings_and_its_log_are_written_as_they_always_were()
    {
        using var folder = new TemporaryFolder();
        Train(folder, stopAfter: null);
        string settings = $$"""
            {
              "corpus": {
                "hash": "{{Toy.Corpus(300).Hash}}",
                "texts": 288,
                "tokens": 2304,
                "held_out_texts": 12,
                "held_out_tokens": 105
              },
              "start_from": null,
              "options": {
                "steps": 12,
                "evaluate_every": 4,
                "batch_size": 4,
                "length": 16,
                "single_texts": false,
                "generator_size": 0.25,
                "correction_weight": 0,
                "masked_steps": 0,
                "learning_rate": 0.0005,
                "warmup_proportion": 0.05,
                "held_proportion": 0,
                "weight_decay": 0.01,
                "dropout": 0.1,
                "precision": "fp32",
                "seed": 1
              },
              "config": {
                "model_type": "electra",
                "architectures": null,
                "vocab_size": 35,
                "embedding_size": 32,
                "hidden_size": 64,
                "num_hidden_layers": 2,
                "num_attention_heads": 2,
                "intermediate_size": 128,
                "hidden_act": "gelu",
                "hidden_dropout_prob": 0.1,
                "attention_probs_dropout_prob": 0.1,
                "classifier_dropout": null,
                "max_position_embeddings": 32,
                "type_vocab_size": 2,
                "initializer_range": 0.1,
                "layer_norm_eps": 1E-12,
                "pad_token_id": 0,
                "position_embedding_type": "absolute",
                "id2label": null,
                "label2id": null,
                "classifier_head": null,
                "classifier_variant": null
              },
              "saved_type": "Float32"
            }
            """;
        Assert.Equal(settings.ReplaceLineEndings("\n") + "\n", File.ReadAllText(folder.File("pretraining.json")));
        const string Number = "-?[0-9.]+(E-[0-9]+)?";
        string[] names = ["generator_loss", "generator_accuracy", "discriminator_loss", "accuracy", "majority_rate", "precision", "recall"];
        string heldOut = string.Join(',', names.Select(name => $"\"{name}\":{Number}"));
        string[] before = ["learning_rate", "loss", "generator_loss", "discriminator_loss", "tokens_per_second"];
        string report = string.Join(',', before.Select(name => $"\"{name}\":{Number}"));
        string line = $$$"""^\{"step":[0-9]+,{{{report}}},"held_out":\{{{{heldOut}}}\}\}$""";
        Assert.All(File.ReadAllLines(folder.File("log.jsonl")), found => Assert.Matches(line, found));
    }

    [Fact]
    public void The_measurements_are_also_a_table()
    {
        using var folder = new TemporaryFolder();
        Train(folder, stopAfter: null);
        string[] lines = File.ReadAllLines(folder.File("log.csv"));
        Assert.Equal(["step", "4", "8", "12"], lines.Select(line => line.Split(',')[0]));
        Assert.All(lines, line => Assert.Equal(lines[0].Split(',').Length, line.Split(',').Length));
        Assert.Equal(Last(folder, "accuracy"),
            double.Parse(lines[^1].Split(',')[7], System.Globalization.CultureInfo.InvariantCulture), 1e-4);
    }

    [Fact]
    public void Both_saved_folders_open_again_and_the_discriminator_is_an_encoder_for_fine_tuning()
    {
        using var folder = new TemporaryFolder();
        Train(folder, stopAfter: null);

        using var discriminator = Checkpoint.Open(folder.File("discriminator"));
        using var encoder = discriminator.CreateEncoder();
        Assert.Equal(["ElectraForPreTraining"], discriminator.Config.Architectures!);
        Assert.Equal(0.1, discriminator.Config.HiddenDropoutProb); // for fine-tuning, whatever pre-training dropped
        Assert.Equal(Toy.Tokenizer.VocabularySize, ElectraTokenizer.FromFolder(folder.File("discriminator")).VocabularySize);
        using var whole = discriminator.CreateDiscriminator();
        using var classifier = discriminator.CreateSequenceClassifier("fc", HeadVariant.MaskAware, ["0", "1"]);

        using var generator = Checkpoint.Open(folder.File("generator"));
        using var guesser = new Generator(generator.Config);
        generator.LoadInto(guesser);
        Assert.Equal(["ElectraForMaskedLM"], generator.Config.Architectures!);
        Assert.Equal(
            encoder.Embeddings.WordEmbeddings.data<float>().ToArray(), guesser.Encoder.Embeddings.WordEmbeddings.data<float>().ToArray());
    }

    [Fact]
    public void A_large_epsilon_holds_every_weight_back()
    {
        using var weights = torch.nn.Linear(4, 4);
        float[] before = weights.weight.data<float>().ToArray();
        new Trainer(weights, new TrainingOptions { Epochs = 5, LearningRate = 0.1, WeightDecay = 0 }, _ => [[0]],
            _ => weights.forward(torch.ones(1, 4)).pow(2).sum())
        {
            AdamEpsilon = 1e6,
        }.Run(cancellation: TestContext.Current.CancellationToken);
        // else 0.1 a step
        Assert.All(before.Zip(weights.weight.data<float>().ToArray()), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
    }

    [Fact]
    public void Options_that_contradict_each_other_are_refused()
    {
        var corpus = Toy.Corpus(300);
        // 32 positions
        Assert.Throws<InputException>(() => new Pretrainer(corpus, Toy.Tokenizer, Toy.Config, Short with { Length = 33 }, "nowhere"));
        Assert.Throws<InputException>(() => new Pretrainer(corpus, Toy.Tokenizer, Toy.Config with { VocabSize = 7 }, Short, "nowhere"));
        Assert.Throws<InputException>(() => new Pretrainer(corpus, Toy.Tokenizer, Toy.Config, Short with { Steps = 0 }, "nowhere"));
        Assert.Throws<InputException>(() => ReplacedTokenDetection.GeneratorConfig(Toy.Config, 0));
    }

    private static (PretrainingReport? Last, bool Cancelled) Train(TemporaryFolder folder, int? stopAfter, bool resume = false,
        PretrainingOptions? options = null)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        int steps = 0;
        var pretrainer = new Pretrainer(Toy.Corpus(300), Toy.Tokenizer, Toy.Config, options ?? Short, folder.Path)
        {
            OnStep = _ =>
            {
                if (++steps == stopAfter)
                {
                    stop.Cancel();
                }
            },
        };
        return pretrainer.Run(resume, stop.Token);
    }

    // A number of the last measurement in the log.
    private static double Last(TemporaryFolder folder, string name)
    {
        using var json = JsonDocument.Parse(Log(folder)[^1].HeldOut!);
        return json.RootElement.GetProperty(name).GetDouble();
    }

    // The measurements. Without the speed, and without the mean since the line before, which begins anew after an interruption.
    private static List<(int Step, double LearningRate, string? HeldOut, double? CorrectionLoss)> Log(TemporaryFolder folder) =>
    [
        .. File.ReadLines(folder.File("log.jsonl")).Select(line => JsonDocument.Parse(line).RootElement)
            .Select(line => (
                line.GetProperty("step").GetInt32(),
                line.GetProperty("learning_rate").GetDouble(),
                line.TryGetProperty("held_out", out var heldOut) ? heldOut.GetRawText() : null,
                line.TryGetProperty("correction_loss", out var loss) ? loss.GetDouble() : (double?)null))
            .Where(line => line.Item3 is not null || line.Item4 is not null),
    ];
}
