using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Electra.Tests;

/// <summary>From reviews to a record, with an encoder of random weights.</summary>
public class TrainingRunTests
{
    private static readonly ReviewData Data = Reviews(classes: 2);

    private static readonly ReviewSplits Splits = new(Data, Encoder(Data));

    private static readonly TrainingOptions Options = new() { Epochs = 1, BatchSize = 8, LearningRate = 1e-3, Seed = 3 };

    private static readonly Lazy<RunRecord> Record = new(() => Train(Options));

    [Fact]
    public void A_record_adds_up_and_is_what_the_returned_model_answers()
    {
        var options = Options with { Epochs = 2 };
        var (model, config, record) = new TrainingRun(Splits, "cnn", HeadVariant.Published,
            options).Train(cancellation: TestContext.Current.CancellationToken);
        using (model)
        {
            Assert.NotNull(record);
            Assert.NotNull(record.Encoder);
            Assert.Equal(("sequence", "cnn", "published", 3, options),
                (record.Task, record.Head, record.Variant, record.Seed, record.Options));
            Assert.Equal((Data.Name, Data.Hash, Data.Train.Count - 4, 4, Data.Test.Count),
                (record.Data.Name, record.Data.Hash, record.Data.Train, record.Data.Dev, record.Data.Test));
            var sizes = Splits.Encoder.Config;
            Assert.Equal(
                (Splits.Encoder.Name, Splits.Encoder.Hash, sizes.NumHiddenLayers, sizes.HiddenSize, sizes.EmbeddingSize, sizes.VocabSize),
                (record.Encoder.Name, record.Encoder.Hash, record.Encoder.Layers, record.Encoder.HiddenSize, record.Encoder.EmbeddingSize,
                    record.Encoder.VocabSize));

            // All rows at once, as in the run: padding changes the answers of a published head.
            int[] answers = [.. Prediction.Logits(model, Splits.Test.Rows, Splits.Encoder.Tokenizer.PadId,
                cancellation: TestContext.Current.CancellationToken).Select(Prediction.Label)];
            Assert.Equal(string.Concat(answers.Zip(Data.Test, (answer, review) => answer == review.Label ? '1' : '0')), record.Correct);
            Assert.Equal(record.Correct.Select(digit => digit == '1'), record.CorrectRows);
            Assert.Equal(record.Correct.Count(digit => digit == '1'), record.Metric.Right);
            Assert.Equal(Data.Test.Count, record.Metric.Total);
            Assert.Equal("accuracy", record.Metric.Name);
            Assert.Equal(record.Metric.Right / (double)record.Metric.Total, record.Metric.Value);
            Assert.Equal(2, record.Metric.Interval.Count);
            Assert.InRange(record.Metric.Value, record.Metric.Interval[0], record.Metric.Interval[1]);

            for (int label = 0; label < 2; label++)
            {
                for (int answer = 0; answer < 2; answer++)
                {
                    Assert.Equal(answers.Zip(Data.Test).Count(row => row.First == answer && row.Second.Label == label),
                        record.Confusion[label][answer]);
                }
            }

            Assert.Equal(2, record.History.Count);
            Assert.InRange(record.BestEpoch, 0, 1);
            Assert.Equal(record.History[record.BestEpoch].DevScore, record.DevScore);
            Assert.Equal(record.History.Max(epoch => epoch.DevScore), record.DevScore);
            Assert.All(record.History, epoch => Assert.Equal(0, epoch.DevScore!.Value * 4 % 1));
            Assert.Equal(record.History.Sum(epoch => epoch.Seconds), record.Seconds);
            Assert.True(record.ExamplesPerSecond is { Train: > 0, Test: > 0 });
            Assert.Equal(model.named_parameters().Sum(named => named.parameter.shape.Aggregate(1L, (product, size) => product * size)),
                record.Parameters);
            Assert.Equal((128, 0), (record.MaxTokens, record.Truncated));
            Assert.NotEmpty(record.Versions["torchsharp"]);
            Assert.Equal(Environment.ProcessorCount, record.Machine.Cores);
            Assert.Equal(("cnn", "published"), (config.ClassifierHead, config.ClassifierVariant));
            Assert.Equal(["negative", "positive"], config.Labels);
            Assert.Equal(["ElectraForSequenceClassification"], config.Architectures);
        }
    }

    [Theory]
    [InlineData(Precision.Fp32)]
    [InlineData(Precision.Bf16)]
    public void A_record_says_where_bf16_was_fp32_of_rounded_numbers(Precision precision)
    {
        var record = precision == Precision.Fp32 ? Record.Value : Train(Options with { Precision = precision });
        Assert.Equal(precision == Precision.Bf16 && !MixedPrecision.IsNative ? "emulated" : null, record.Machine.Bf16);
        Assert.Equal(record.Machine.Bf16 is not null, record.ToJson().Contains("\"bf16\": \"emulated\"", StringComparison.Ordinal));
    }

    [Fact]
    public void A_record_survives_its_file_to_the_last_bit()
    {
        using var folder = new TemporaryFolder();
        var record = Record.Value with { Seconds = 0.1 + 0.2, ExamplesPerSecond = new(1 / 3.0, double.Epsilon) };
        record.Write(folder.File("run.json"));
        var read = RunRecord.Read(folder.File("run.json"));
        Assert.Equal(record.ToJson(), read.ToJson());
        Assert.Equal(record.History, read.History);
        Assert.Equal(record.Metric.Interval, read.Metric.Interval);
        Assert.Equal((record.Seconds, record.ExamplesPerSecond, record.Options, record.Machine),
            (read.Seconds, read.ExamplesPerSecond, read.Options, read.Machine));
        Assert.Equal(record.Correct, read.Correct);
        read.Write(folder.File("again.json"));
        Assert.Equal(File.ReadAllBytes(folder.File("run.json")), File.ReadAllBytes(folder.File("again.json")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("{\n\"task\": }")]
    public void A_file_that_is_no_record_is_an_error_that_names_it(string text)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("run.json"), text);
        Assert.Contains(folder.File("run.json"), Assert.Throws<InputException>(() => RunRecord.Read(folder.File("run.json"))).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"best_epoch\": 0", "\"best_epoch\": 1")]
    [InlineData("\"best_epoch\": 0", "\"best_epoch\": -1")]
    [InlineData("\"task\"", "\"tusk\"")]
    [InlineData("\"seed\": 3", "\"seed\": \"3\"")]
    [InlineData("\"correct\": \"", "\"correct\": \"1")]
    [InlineData("\"head\": \"fc\"", "\"head\": null")]
    public void A_record_that_was_changed_by_hand_into_nonsense_is_an_error_that_names_it(string old, string replacement)
    {
        using var folder = new TemporaryFolder();
        string json = Record.Value.ToJson();
        Assert.Contains(old, json, StringComparison.Ordinal);
        File.WriteAllText(folder.File("run.json"), json.Replace(old, replacement, StringComparison.Ordinal));
        Assert.Contains(folder.File("run.json"), Assert.Throws<InputException>(() => RunRecord.Read(folder.File("run.json"))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_seed_gives_the_same_result_and_another_seed_another_training()
    {
        var (first, second, other) = (Train(Options), Train(Options), Train(Options with { Seed = 4 }));
        Assert.Equal(first.Metric.Interval, second.Metric.Interval);
        Assert.Equal(first.Metric with { Interval = [] }, second.Metric with { Interval = [] });
        Assert.Equal(first.Correct, second.Correct);
        Assert.Equal(first.Confusion, second.Confusion);
        Assert.Equal(first.History.Select(epoch => epoch with { Seconds = 0 }), second.History.Select(epoch => epoch with { Seconds = 0 }));
        Assert.NotEqual(first.History[0].Loss, other.History[0].Loss);
    }

    [Fact]
    public void A_cancelled_run_has_no_record_and_ends_like_an_uninterrupted_one_when_resumed()
    {
        using var folder = new TemporaryFolder();
        using var source = new CancellationTokenSource();
        var run = new TrainingRun(Splits, "bilstm", HeadVariant.MaskAware, Options)
        {
            StateFile = folder.File("state"),
            OnStep = _ => source.Cancel(),
        };
        var (model, _, none) = run.Train(cancellation: source.Token);
        model.Dispose();
        Assert.Null(none);
        (model, _, var resumed) = new TrainingRun(Splits, "bilstm", HeadVariant.MaskAware,
            Options)
        { StateFile = folder.File("state") }.Train(resume: true, TestContext.Current.CancellationToken);
        model.Dispose();
        (model, _, var expected) = new TrainingRun(Splits, "bilstm", HeadVariant.MaskAware,
            Options).Train(cancellation: TestContext.Current.CancellationToken);
        model.Dispose();
        Assert.Equal(expected!.Correct, resumed!.Correct);
        Assert.Equal(expected.History[0] with { Seconds = 0 }, resumed.History[0] with { Seconds = 0 });
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_run_that_is_cancelled_while_it_is_evaluated_goes_on_from_there(bool inTest)
    {
        var options = Options with { Epochs = 2 };
        using var folder = new TemporaryFolder();
        using var source = new CancellationTokenSource();
        bool trained = false;
        int steps = 0;
        TrainingRun Run(Action<TrainingStep> onStep, Action<TrainingEpoch>? onEpoch = null) => new(
            Splits, "fc", HeadVariant.MaskAware, options)
        {
            StateFile = folder.File("state"),
            OnStep = onStep,
            OnEpoch = onEpoch,
            OnTrained = (_, config) => trained = config.ClassifierHead == "fc",
        };

        // The dev split of the first epoch, after its last step; the test, after the last epoch.
        var (model, _, none) = Run(
            step => Stop(!inTest && (step.Step + 1) % (step.TotalSteps / options.Epochs) == 0),
            epoch => Stop(inTest && epoch.Epoch == options.Epochs - 1)).Train(cancellation: source.Token);
        model.Dispose();
        Assert.Null(none);
        Assert.Equal(inTest, trained);
        (model, _, var resumed) = Run(_ => steps++).Train(resume: true, TestContext.Current.CancellationToken);
        model.Dispose();
        Assert.True(trained);
        Assert.Equal(inTest, steps == 0);
        (model, _, var expected) = new TrainingRun(Splits, "fc", HeadVariant.MaskAware, options)
            .Train(cancellation: TestContext.Current.CancellationToken);
        model.Dispose();
        Assert.Equal(expected!.Correct, resumed!.Correct);
        Assert.Equal(expected.History.Select(epoch => epoch with { Seconds = 0 }),
            resumed.History.Select(epoch => epoch with { Seconds = 0 }));
        Assert.Equal(expected.BestEpoch, resumed.BestEpoch);

        void Stop(bool now)
        {
            if (now)
            {
                source.Cancel();
            }
        }
    }

    [Fact]
    public void A_head_of_ones_own_trains_saves_and_loads_by_its_name()
    {
        Electra.Heads.Register("test-mean", (config, labels, variant) => new MeanHead(config, labels, variant));
        using var folder = new TemporaryFolder();
        var (model, config, record) = new TrainingRun(Splits, "test-mean", HeadVariant.MaskAware,
            Options).Train(cancellation: TestContext.Current.CancellationToken);
        using (model)
        {
            Assert.Equal("test-mean", record!.Head);
            Checkpoint.Save(folder.Path, model, config, Splits.Encoder.Tokenizer);
            using var checkpoint = Checkpoint.Open(folder.Path);
            using var opened = checkpoint.CreateSequenceClassifier();
            Assert.Equal(HeadVariant.MaskAware, Assert.IsType<MeanHead>(opened.Head).Variant);
            Assert.Empty(checkpoint.Notes);
            Weights.AssertEqual(Weights.Of(model), Weights.Of(opened));
            var tokenizer = ElectraTokenizer.FromFolder(folder.Path);
            var rows = LabeledEncodings.Of(tokenizer, Data.Test, 128).Rows;
            Assert.Equal(
                Prediction.Logits(model, Splits.Test.Rows, tokenizer.PadId, cancellation: TestContext.Current.CancellationToken),
                Prediction.Logits(opened, rows, tokenizer.PadId, cancellation: TestContext.Current.CancellationToken));
        }
    }

    [Fact]
    public void A_run_with_an_unknown_head_or_an_option_that_makes_no_sense_is_an_error_before_it_starts()
    {
        Assert.Contains("mlp", Assert.Throws<InputException>(() => new TrainingRun(Splits, "mlp", HeadVariant.Published, Options)).Message,
            StringComparison.Ordinal);
        Assert.Contains("epochs",
            Assert.Throws<InputException>(() => new TrainingRun(Splits, "fc", HeadVariant.Published, Options with { Epochs = 0 })).Message,
            StringComparison.Ordinal);
        Assert.Contains("Mean Head",
            Assert.Throws<InputException>(
                () => Electra.Heads.Register("Mean Head", (config, labels, _) => new FcHead(config, labels))).Message,
                StringComparison.Ordinal);
    }

    [Fact]
    public void Splits_have_every_review_once_and_count_what_was_cut()
    {
        var three = Reviews(classes: 3);
        var splits = new ReviewSplits(three, Encoder(three), maxTokens: 6);
        Assert.Equal(three.Train.Select(review => review.Id).Order(StringComparer.Ordinal),
            splits.TrainReviews.Concat(splits.DevReviews).Select(review => review.Id).Order(StringComparer.Ordinal));
        Assert.Equal(splits.TrainReviews.Select(review => review.Label), splits.Train.Labels);
        Assert.Equal(splits.DevReviews.Select(review => review.Label), splits.Dev.Labels);
        Assert.Equal(three.Test.Select(review => review.Label), splits.Test.Labels);
        Assert.Equal(["LABEL_0", "LABEL_1", "LABEL_2"], splits.Labels);
        Assert.Equal(6, splits.MaxTokens);
        var whole = new ReviewSplits(three, splits.Encoder, maxTokens: 100_000);
        Assert.Equal(splits.Encoder.Config.MaxPositionEmbeddings, whole.MaxTokens);
        Assert.Equal(0, whole.Truncated);
        var lengths = whole.Train.Lengths.Concat(whole.Dev.Lengths).Concat(whole.Test.Lengths).ToList();
        Assert.Equal(lengths.Count(length => length > 6), splits.Truncated);
        Assert.InRange(splits.Truncated, 1, lengths.Count - 1);
        Assert.Equal(lengths.Select(length => Math.Min(length, 6)),
            splits.Train.Lengths.Concat(splits.Dev.Lengths).Concat(splits.Test.Lengths));
    }

    [Fact]
    public void Predictions_come_in_the_order_of_the_rows_whatever_the_batches()
    {
        var (model, _) = Splits.Encoder.CreateSequenceClassifier("cnn", HeadVariant.MaskAware, ["a", "b", "c"], seed: 1);
        using (model)
        {
            var rows = Splits.Train.Rows;
            int done = 0;
            float[][] batched = Prediction.Logits(model, rows, Splits.Encoder.Tokenizer.PadId, batchSize: 5, count => done = count,
                cancellation: TestContext.Current.CancellationToken);
            Assert.Equal(rows.Count, done);
            for (int i = 0; i < rows.Count; i++)
            {
                float[] alone = Prediction.Logits(model, [rows[i]], Splits.Encoder.Tokenizer.PadId,
                    cancellation: TestContext.Current.CancellationToken)[0];
                Assert.Equal(3, alone.Length);
                Assert.All(alone.Zip(batched[i]), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
            }

            Assert.True(batched.Select(row => row[0]).Distinct().Count() > 1); // or the order would not show
        }

        double[] probabilities = Prediction.Probabilities([1000, 1000 + (float)Math.Log(3), -1000]);
        Assert.Equal(0.25, probabilities[0], 1e-5);
        Assert.Equal(0.75, probabilities[1], 1e-5);
        Assert.Equal(0, probabilities[2]);
        Assert.Equal(1, Prediction.Label([0, 2, 1]));
        Assert.Equal(1, Prediction.Label([0, 2, 2]));
    }

    [Fact]
    public void A_random_encoder_is_the_same_for_the_same_texts_and_seed_and_under_every_head()
    {
        var again = Encoder(Data);
        Assert.True(again.IsRandom);
        Assert.Equal(Splits.Encoder.Hash, again.Hash);
        Assert.NotEqual(Encoder(Reviews(classes: 3)).Hash, again.Hash);
        var weights = new List<Dictionary<string, float[]>>();
        foreach (var (head, seed) in new[] { ("fc", 1), ("bilstm", 1), ("fc", 2) })
        {
            var (model, notes) = again.CreateSequenceClassifier(head, HeadVariant.MaskAware, ["a", "b"], seed);
            using (model)
            {
                weights.Add(Weights.Of(model.Encoder));
                Assert.Empty(notes);
            }
        }

        Weights.AssertEqual(weights[0], weights[1]);
        Assert.NotEqual(weights[0]["embeddings.word_embeddings.weight"], weights[2]["embeddings.word_embeddings.weight"]);
    }

    [Fact]
    public void A_folder_gives_its_weights_or_only_its_sizes()
    {
        string folder = Reference.Golden("electra-projected");
        var trained = EncoderSource.Open(folder, [], TestContext.Current.CancellationToken);
        var fresh = EncoderSource.Open($"random:{folder}", [], TestContext.Current.CancellationToken);
        Assert.Equal((false, true), (trained.IsRandom, fresh.IsRandom));
        Assert.Equal("electra-projected", trained.Name);
        Assert.Contains("electra-projected", fresh.Name, StringComparison.Ordinal);
        Assert.NotEqual(trained.Hash, fresh.Hash);
        Assert.Equal(trained.Config.ToJson(), fresh.Config.ToJson());
        using var checkpoint = Checkpoint.Open(folder);
        using var encoder = checkpoint.CreateEncoder();
        var (model, notes) = trained.CreateSequenceClassifier("cnn", HeadVariant.MaskAware, ["a", "b"], seed: 1);
        using (model)
        {
            Weights.AssertEqual(Weights.Of(encoder), Weights.Of(model.Encoder));
            Assert.Contains(notes, note => note.Contains("freshly initialised", StringComparison.Ordinal));
            Assert.Contains(notes, note => note.Contains("must be trained", StringComparison.Ordinal));
        }

        (model, _) = fresh.CreateSequenceClassifier("cnn", HeadVariant.MaskAware, ["a", "b"], seed: 1);
        using (model)
        {
            Assert.NotEqual(Weights.Of(encoder)["embeddings.word_embeddings.weight"],
                Weights.Of(model.Encoder)["embeddings.word_embeddings.weight"]);
        }
    }

    [Fact]
    public void An_encoder_that_is_not_there_or_whose_vocabulary_is_too_large_is_an_error()
    {
        using var folder = new TemporaryFolder();
        Assert.Contains(folder.File("absent"),
            Assert.Throws<InputException>(
                () => EncoderSource.Open(folder.File("absent"), [], TestContext.Current.CancellationToken)).Message,
                StringComparison.Ordinal);
        Assert.Contains(folder.File("absent"),
            Assert.Throws<InputException>(
                () => EncoderSource.Open($"random:{folder.File("absent")}", [], TestContext.Current.CancellationToken)).Message,
                StringComparison.Ordinal);
        SmallTokenizer.Cased.Save(folder.Path);
        (Small.Config with { VocabSize = SmallTokenizer.Vocabulary.Length - 1 }).Write(folder.Path);
        string message = Assert.Throws<InputException>(
            () => EncoderSource.Open(folder.Path, [], TestContext.Current.CancellationToken)).Message;
        Assert.Contains("vocab.txt", message, StringComparison.Ordinal);
        Assert.Contains("vocab_size", message, StringComparison.Ordinal);
    }

    private static RunRecord Train(TrainingOptions options)
    {
        var (model, _, record) = new TrainingRun(Splits, "fc", HeadVariant.MaskAware,
            options).Train(cancellation: TestContext.Current.CancellationToken);
        model.Dispose();
        return record!;
    }

    [Fact]
    public void A_run_goes_on_only_with_the_data_and_the_model_that_it_began_with()
    {
        using var folder = new TemporaryFolder();
        string state = folder.File("state");
        using var source = new CancellationTokenSource();
        var (begun, _, record) = new TrainingRun(Splits, "cnn", HeadVariant.Published, Options)
        {
            StateFile = state,
            OnStep = _ => source.Cancel()
        }.Train(cancellation: source.Token);
        begun.Dispose();
        Assert.Null(record);
        TrainingRun[] others =
        [
            new(Splits, "cnn", HeadVariant.MaskAware, Options) { StateFile = state }, // parameters of the same names and shapes
            new(new ReviewSplits(Data with { Hash = "corrected" }, Splits.Encoder), "cnn", HeadVariant.Published,
                Options) { StateFile = state },
        ];
        Assert.All(others,
            run => Assert.Contains(state,
                Assert.Throws<InputException>(() => run.Train(resume: true, TestContext.Current.CancellationToken)).Message,
                StringComparison.Ordinal));
        var (ended, _, whole) = new TrainingRun(Splits, "cnn", HeadVariant.Published, Options) { StateFile = state }.Train(resume: true,
            TestContext.Current.CancellationToken);
        ended.Dispose();
        Assert.NotNull(whole);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_run_whose_record_finds_no_room_says_what_is_left_of_it(bool state)
    {
        using var folder = new TemporaryFolder();
        var comparison = new Comparison(Splits, ["fc"], [HeadVariant.MaskAware], [1], Options, folder.Path);
        var planned = comparison.Plan[0];
        int steps = 0;
        var error = Assert.Throws<InputException>(() => comparison.Run(planned, onStep: _ => FillUp(), onNote: _ => { },
            cancellation: TestContext.Current.CancellationToken));
        Assert.Contains("No space left on device", error.Message, StringComparison.Ordinal);
        Assert.Contains(state ? "the same command goes on" : "its test accuracy, 0.", error.Message, StringComparison.Ordinal);
        Assert.Equal(state ? [planned.StateFile] : [], Directory.GetFiles(folder.Path));
        steps = 1;
        var record = comparison.Run(planned, onStep: _ => Assert.False(state, "a step"),
            cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(record!.ToJson(), RunRecord.Read(planned.Path).ToJson());
        Assert.Equal([planned.Path], Directory.GetFiles(folder.Path));

        void FillUp()
        {
            if (steps++ == 0)
            {
                FullDisk.For(planned.Path);
                if (!state)
                {
                    FullDisk.For(planned.StateFile);
                }
            }
        }
    }

    [Fact]
    public void A_run_does_not_say_of_the_head_that_it_trains_that_it_must_be_trained()
    {
        using var folder = new TemporaryFolder();
        var config = Small.Config with { VocabSize = SmallTokenizer.Vocabulary.Length };
        using (var encoder = new ElectraEncoder(config))
        {
            Checkpoint.Save(folder.Path, encoder, config, SmallTokenizer.Cased);
        }

        var notes = new List<string>();
        var splits = new ReviewSplits(Data, EncoderSource.Open(folder.Path, [], TestContext.Current.CancellationToken));
        var (model, _, _) = new TrainingRun(splits, "fc", HeadVariant.MaskAware, Options) { OnNote = notes.Add }
            .Train(cancellation: TestContext.Current.CancellationToken);
        model.Dispose();
        Assert.Equal("The head fc is freshly initialised: the checkpoint has none.", Assert.Single(notes));
    }

    [Fact]
    public void Encoders_that_cut_texts_differently_have_different_hashes()
    {
        using var folder = new TemporaryFolder();
        using (var encoder = new ElectraEncoder(Small.Config with { VocabSize = SmallTokenizer.Vocabulary.Length }))
        {
            Checkpoint.Save(folder.Path, encoder, Small.Config with { VocabSize = SmallTokenizer.Vocabulary.Length }, SmallTokenizer.Cased);
        }

        string file = folder.File("tokenizer_config.json"), settings = File.ReadAllText(file);
        string cased = EncoderSource.Open(folder.Path, [], TestContext.Current.CancellationToken).Hash;
        File.WriteAllText(file, settings.Replace("\"do_lower_case\": false", "\"do_lower_case\": true", StringComparison.Ordinal));
        Assert.NotEqual(cased, EncoderSource.Open(folder.Path, [], TestContext.Current.CancellationToken).Hash);
        File.WriteAllText(file, settings);
        Assert.Equal(cased, EncoderSource.Open(folder.Path, [], TestContext.Current.CancellationToken).Hash);
    }

    [Fact]
    public void Random_weights_come_with_a_vocabulary_that_has_room_for_thousands_of_characters()
    {
        // each at the start of a word and inside one
        string[] texts = [.. Enumerable.Range(0, 3000).Select(i => $"{(char)('가' + i)}{(char)('가' + ((i + 1) % 3000))}")];
        var encoder = EncoderSource.Open("random", texts, TestContext.Current.CancellationToken);
        Assert.True(encoder.Tokenizer.VocabularySize > 5900);
        Assert.DoesNotContain(encoder.Tokenizer.UnknownId, encoder.Tokenizer.Tokenize(texts[7]).Select(token => token.Id));
    }

    private static EncoderSource Encoder(ReviewData data) => EncoderSource.Open("random", data.Train.Select(review => review.Document));

    // Sentences of 2 to 9 words, whose last one tells the label most of the time.
    private static ReviewData Reviews(int classes)
    {
        string[] words = ["영화", "배우", "연기", "음악", "장면", "이야기", "결말", "감독", "정말", "조금"];
        string[] verdicts = ["별로다", "좋았다", "그저 그랬다"];
        Review Make(int i) => new(
            $"{i}",
            string.Join(' ', Enumerable.Range(0, 1 + (i * 5 % 8)).Select(k => words[(i + (k * k * 3)) % words.Length])
                .Append(verdicts[i % 7 == 0 ? 0 : i % classes])),
            i % classes);
        return new ReviewData($"made up {classes}", [.. Enumerable.Range(0, 42).Select(Make)],
            [.. Enumerable.Range(100, 12).Select(Make)], "hash");
    }

    /// <summary>The mean over tokens, and a layer that has no name of the project's heads.</summary>
    private sealed class MeanHead : ClassificationHead
    {
        [ComponentName(Name = "score")]
        private readonly Linear _score;

        public MeanHead(ElectraConfig config, int labels, HeadVariant variant)
            : base(nameof(MeanHead))
        {
            Variant = variant;
            _score = nn.Linear(config.HiddenSize, labels);
            RegisterComponents();
        }

        public HeadVariant Variant { get; }

        public override Tensor forward(Tensor lastHiddenState, Tensor attentionMask)
        {
            using var scope = NewDisposeScope();
            var weights = attentionMask.to_type(ScalarType.Float32).unsqueeze(-1); // B × L × 1
            var mean = (lastHiddenState * weights).sum(1) / weights.sum(1); // B × H
            return _score.forward(mean).MoveToOuterDisposeScope(); // B × C
        }
    }
}
