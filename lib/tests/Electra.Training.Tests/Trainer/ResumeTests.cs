using System.Text;
using static TorchSharp.torch;

namespace Electra.Tests;

/// <summary>An interrupted training ends like an uninterrupted one, and a state that does not belong here changes nothing.</summary>
public class ResumeTests
{
    private const int LastStep = (3 * SmallTraining.StepsPerEpoch) - 1;

    private static readonly Lazy<byte[]> FifthStep = new(InterruptedState);

    public static TheoryData<string, HeadVariant> All => Small.HeadsAndVariants;

    [Theory]
    [MemberData(nameof(All))]
    public void A_run_interrupted_after_a_step_ends_like_an_uninterrupted_one(string head, HeadVariant variant)
    {
        var expected = Uninterrupted(head, variant);
        foreach (int step in new[] { 0, 2, 4, LastStep }) // the first, the last of an epoch, one in the middle, the last
        {
            using var folder = new TemporaryFolder();
            using var source = new CancellationTokenSource();
            var steps = new List<TrainingStep>();
            using (var first = Small.Classifier(head, variant))
            {
                var trainer = SmallTraining.Trainer(first, stateFile: folder.File("state"), onStep: done =>
                {
                    steps.Add(done);
                    if (done.Step == step)
                    {
                        source.Cancel();
                    }
                });
                Assert.Equal(step < LastStep, trainer.Run(cancellation: source.Token).Cancelled);
            }

            Assert.Equal(step + 1, steps.Count);
            AssertSame(expected, Resume(head, variant, folder.File("state"), steps));
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_run_interrupted_after_an_epoch_and_once_more_ends_like_an_uninterrupted_one(string head, HeadVariant variant)
    {
        var expected = Uninterrupted(head, variant);
        using var folder = new TemporaryFolder();
        var steps = new List<TrainingStep>();
        for (int epoch = 0; epoch < 2; epoch++)
        {
            using var source = new CancellationTokenSource();
            using var model = Small.Classifier(head, variant, seed: epoch + 1);
            var trainer = SmallTraining.Trainer(model, stateFile: folder.File("state"), onStep: steps.Add, onEpoch: done =>
            {
                if (done.Epoch == epoch)
                {
                    source.Cancel();
                }
            });
            Assert.True(trainer.Run(resume: epoch > 0, source.Token).Cancelled);
        }

        AssertSame(expected, Resume(head, variant, folder.File("state"), steps));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void A_run_that_dies_while_it_evaluates_can_be_resumed_from_what_it_saved_before(int epoch)
    {
        var expected = Uninterrupted("fc", HeadVariant.MaskAware);
        using var folder = new TemporaryFolder();
        var steps = new List<TrainingStep>();
        int evaluations = 0;
        using (var first = Small.Classifier("fc", HeadVariant.MaskAware))
        {
            double Evaluate() =>
                evaluations++ == epoch ? throw new TimeZoneNotFoundException("the power is gone") : SmallTraining.Score(first);
            var trainer = SmallTraining.Trainer(first, stateFile: folder.File("state"), onStep: steps.Add, evaluate: Evaluate,
                saveInterval: TimeSpan.Zero);
            Assert.Throws<TimeZoneNotFoundException>(() => trainer.Run(cancellation: TestContext.Current.CancellationToken));
        }

        steps.RemoveAt(steps.Count - 1); // done again, as the state is that of the step before
        AssertSame(expected, Resume("fc", HeadVariant.MaskAware, folder.File("state"), steps));
    }

    [Fact]
    public void A_run_that_dies_in_the_middle_of_an_epoch_can_be_resumed_from_what_it_saved_before()
    {
        var expected = Uninterrupted("cnn", HeadVariant.Published);
        using var folder = new TemporaryFolder();
        var steps = new List<TrainingStep>();
        using (var first = Small.Classifier("cnn", HeadVariant.Published))
        {
            void OnStep(TrainingStep step)
            {
                if (step.Step == 4)
                {
                    throw new TimeZoneNotFoundException("the power is gone");
                }

                steps.Add(step);
            }

            var trainer = SmallTraining.Trainer(first, stateFile: folder.File("state"), onStep: OnStep, saveInterval: TimeSpan.Zero);
            Assert.Throws<TimeZoneNotFoundException>(() => trainer.Run(cancellation: TestContext.Current.CancellationToken));
        }

        AssertSame(expected, Resume("cnn", HeadVariant.Published, folder.File("state"), steps));
    }

    [Fact]
    public void A_disk_that_is_full_for_a_while_costs_a_training_nothing()
    {
        var expected = Uninterrupted("fc", HeadVariant.MaskAware);
        using var folder = new TemporaryFolder();
        using var source = new CancellationTokenSource();
        var notes = new List<string>();
        var steps = new List<TrainingStep>();
        using (var first = Small.Classifier("fc", HeadVariant.MaskAware))
        {
            void OnStep(TrainingStep step)
            {
                steps.Add(step);
                if (step.Step is 1 or 3)
                {
                    FullDisk.For(folder.File("state")); // and is not for the state after that
                }
                else if (step.Step == 6)
                {
                    source.Cancel();
                }
            }

            var trainer = SmallTraining.Trainer(first, stateFile: folder.File("state"), onStep: OnStep, saveInterval: TimeSpan.Zero,
                onNote: notes.Add);
            Assert.True(trainer.Run(cancellation: source.Token).Cancelled);
        }

        Assert.Equal(2, notes.Count);
        Assert.All(notes, note => Assert.Contains("No space left on device", note, StringComparison.Ordinal));
        AssertSame(expected, Resume("fc", HeadVariant.MaskAware, folder.File("state"), steps));
    }

    [Fact]
    public void A_finished_run_that_is_resumed_trains_no_further_and_keeps_the_best_weights()
    {
        var options = SmallTraining.Options with { Epochs = 6, Patience = 1 };
        double[] scores = [0.5, 0.7, 0.6, 0.9, 0.9, 0.9];
        using var folder = new TemporaryFolder();
        using var first = Small.Classifier("fc", HeadVariant.MaskAware);
        int evaluations = 0;
        var history = SmallTraining.Trainer(first, options, folder.File("state"), evaluate: () => scores[evaluations++],
            saveInterval: TimeSpan.Zero).Run(cancellation: TestContext.Current.CancellationToken);
        using var second = Small.Classifier("fc", HeadVariant.MaskAware, seed: 2);
        var again = SmallTraining.Trainer(second, options, folder.File("state"), onStep: _ => Assert.Fail("a step"))
            .Run(resume: true, TestContext.Current.CancellationToken);
        Assert.Equal(history.Epochs, again.Epochs);
        Assert.Equal(1, again.BestEpoch);
        Assert.False(again.Cancelled);
        Weights.AssertEqual(Weights.Of(first), Weights.Of(second));
    }

    [Fact]
    public void The_same_seed_gives_the_same_run_and_another_seed_another()
    {
        var (weights, history, steps) = Uninterrupted("bilstm", HeadVariant.MaskAware);
        var (sameWeights, sameHistory, sameSteps) = Uninterrupted("bilstm", HeadVariant.MaskAware);
        Weights.AssertEqual(weights, sameWeights);
        Assert.Equal(WithoutSeconds(history), WithoutSeconds(sameHistory));
        Assert.Equal(steps, sameSteps);
        var (otherWeights, otherHistory, otherSteps) = Uninterrupted("bilstm", HeadVariant.MaskAware,
            SmallTraining.Options with { Seed = 8 });
        Assert.NotEqual(weights["classifier.out_proj.weight"], otherWeights["classifier.out_proj.weight"]);
        Assert.NotEqual(history.Epochs[^1].Loss, otherHistory.Epochs[^1].Loss);
        Assert.NotEqual(steps[0].Loss, otherSteps[0].Loss);
    }

    [Fact]
    public void Dropout_alone_makes_another_seed_another_run()
    {
        // The same batches in the same order: only what is dropped differs.
        double First(int seed)
        {
            using var model = Small.Classifier("fc", HeadVariant.MaskAware);
            double loss = 0;
            var trainer = new Trainer(model, new TrainingOptions { Epochs = 1, Seed = seed }, _ => [[0, 1, 2]],
                batch => SmallTraining.Loss(model, batch))
            { OnStep = step => loss = step.Loss };
            trainer.Run(cancellation: TestContext.Current.CancellationToken);
            return loss;
        }

        Assert.Equal(First(1), First(1));
        Assert.NotEqual(First(1), First(2));
    }

    public static TheoryData<string> OtherOptions =>
    [
        "epochs", "batch size", "accumulation", "learning rate", "layer decay", "seed", "patience", "decay", "norm", "warm-up", "average",
        "batches",
    ];

    [Theory]
    [MemberData(nameof(OtherOptions))]
    public void The_state_of_a_run_with_other_options_or_other_data_is_an_error(string what)
    {
        using var folder = new TemporaryFolder();
        Interrupted(folder.File("state"));
        var options = what switch
        {
            "epochs" => SmallTraining.Options with { Epochs = 4 },
            "batch size" => SmallTraining.Options with { BatchSize = 5 },
            "accumulation" => SmallTraining.Options with { Accumulation = 1 },
            "learning rate" => SmallTraining.Options with { LearningRate = 0.02 },
            "seed" => SmallTraining.Options with { Seed = 8 },
            "patience" => SmallTraining.Options with { Patience = 3 },
            "decay" => SmallTraining.Options with { WeightDecay = 0.02 },
            "norm" => SmallTraining.Options with { MaxGradientNorm = 2 },
            "layer decay" => SmallTraining.Options with { LayerDecay = 0.8 },
            "average" => SmallTraining.Options with { Average = true },
            "warm-up" => SmallTraining.Options with { WarmupProportion = 0.2 },
            _ => SmallTraining.Options,
        };
        using var model = Small.Classifier("fc", HeadVariant.MaskAware, seed: 3);
        var before = Weights.Of(model);
        var trainer = new Trainer(model, options, epoch => [.. SmallTraining.Batches(options, epoch).Skip(what == "batches" ? 2 : 0)],
            batch => SmallTraining.Loss(model, batch))
        {
            StateFile = folder.File("state"),
        };
        var error = Assert.Throws<InputException>(() => trainer.Run(resume: true, TestContext.Current.CancellationToken));
        Assert.Contains(folder.File("state"), error.Message, StringComparison.Ordinal);
        Weights.AssertEqual(before, Weights.Of(model));
    }

    [Theory]
    [InlineData("cnn", 2, 12)] // another head
    [InlineData("fc", 3, 12)] // another number of labels: the last tensors
    [InlineData("fc", 2, 24)] // another size
    [InlineData("fc", 2, 0)] // fewer layers: all that the model needs is in the state
    public void The_state_of_another_model_is_an_error_and_leaves_the_weights_alone(string head, int labels, int hiddenSize)
    {
        using var folder = new TemporaryFolder();
        Interrupted(folder.File("state"));
        var config = hiddenSize == 0 ? Small.Config with { NumHiddenLayers = 1 } : Small.Config with { HiddenSize = hiddenSize };
        using var model = new SequenceClassifier(new ElectraEncoder(config),
            Electra.Heads.Create(head, config, labels, HeadVariant.MaskAware));
        var before = Weights.Of(model);
        var error = Assert.Throws<InputException>(
            () => SmallTraining.Trainer(model, stateFile: folder.File("state")).Run(resume: true, TestContext.Current.CancellationToken));
        Assert.Contains(folder.File("state"), error.Message, StringComparison.Ordinal);
        Weights.AssertEqual(before, Weights.Of(model));
    }

    public static TheoryData<string> Damages =>
    [
        "absent", "empty", "random bytes", "cut off", "no progress", "progress is no JSON", "progress is null", "progress without epochs",
        "progress with a null epoch",
        "progress ahead of its epochs", "progress before the first step", "best epoch that never was", "no random state",
        "random state of numbers", "short random state",
        "steps of Adam as fractions", "half precision", "best weights missing", "average missing",
    ];

    [Theory]
    [MemberData(nameof(Damages))]
    public void A_damaged_state_is_an_error_and_leaves_the_weights_alone(string damage)
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("state");
        Interrupted(path);
        Damage(path, damage);
        using var model = Small.Classifier("fc", HeadVariant.MaskAware, seed: 3);
        var before = Weights.Of(model);
        var error = Assert.Throws<InputException>(
            () => SmallTraining.Trainer(model, stateFile: path).Run(resume: true, TestContext.Current.CancellationToken));
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
        Weights.AssertEqual(before, Weights.Of(model));
    }

    [Fact]
    public void Whatever_byte_of_a_state_is_changed_the_error_says_so_and_the_weights_stay()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("state");
        Interrupted(path);
        byte[] sound = File.ReadAllBytes(path);
        var header = SafetensorsFile.ReadHeader(path);
        int random = (int)(header.DataOffset + header.Entries.Single(entry => entry.Name == "random").Begin);
        int[] places = [.. Enumerable.Range(0, sound.Length).Where(i =>
            (i < header.DataOffset ? i % 61 : i >= random && i < random + 32 ? 0 : i % 1499) == 0)]; // the generator's numbers about itself
        Assert.InRange(places.Length, 100, 10_000);
        using var model = Small.Classifier("fc", HeadVariant.MaskAware, seed: 3);
        var before = Weights.Of(model);
        foreach (int place in places)
        {
            File.WriteAllBytes(path, [.. sound[..place], (byte)(sound[place] ^ 0x40), .. sound[(place + 1)..]]);
            var error = Record.Exception(
                () => SmallTraining.Trainer(model, stateFile: path).Run(resume: true, TestContext.Current.CancellationToken));
            Assert.True(error is InputException && error.Message.Contains(path, StringComparison.Ordinal), $"byte {place}: {error}");
        }

        Weights.AssertEqual(before, Weights.Of(model));
    }

    [Theory]
    [InlineData(8, 0)] // numbers left in the block: 1 to 624
    [InlineData(8, 625)]
    [InlineData(12, 0)] // whether it has a seed
    [InlineData(16, 625)] // the next number of the block
    public void A_generator_that_libtorch_would_die_of_is_an_error_also_in_a_state_without_checksum(int place, int value)
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("state");
        Interrupted(path);
        using (var scope = NewDisposeScope())
        {
            var metadata = SafetensorsFile.ReadHeader(path).Metadata.Where(named => named.Key != "checksum").ToDictionary();
            var tensors = SafetensorsFile.Read(path);
            BitConverter.TryWriteBytes(tensors["random"].bytes[place..], value);
            SafetensorsFile.Write(path, tensors, metadata);
        }

        using var model = Small.Classifier("fc", HeadVariant.MaskAware, seed: 3);
        var error = Assert.Throws<InputException>(
            () => SmallTraining.Trainer(model, stateFile: path).Run(resume: true, TestContext.Current.CancellationToken));
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_state_of_a_version_that_wrote_no_checksum_goes_on()
    {
        var expected = Uninterrupted("fc", HeadVariant.MaskAware);
        using var folder = new TemporaryFolder();
        string path = folder.File("state");
        Interrupted(path);
        using (var scope = NewDisposeScope())
        {
            var metadata = SafetensorsFile.ReadHeader(path).Metadata.Where(named => named.Key != "checksum").ToDictionary();
            SafetensorsFile.Write(path, SafetensorsFile.Read(path), metadata);
        }

        var (weights, _, _) = Resume("fc", HeadVariant.MaskAware, path, []);
        Weights.AssertEqual(expected.Weights, weights);
    }

    [Theory]
    [InlineData(Precision.Fp32)]
    [InlineData(Precision.Bf16)]
    public void A_state_says_in_which_precision_it_goes_on(Precision precision)
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("state");
        using var model = Small.Classifier("fc", HeadVariant.MaskAware);
        using var source = new CancellationTokenSource();
        SmallTraining.Trainer(model, SmallTraining.Options with { Precision = precision }, stateFile: path, onStep: _ => source.Cancel())
            .Run(cancellation: source.Token);
        Assert.Equal(precision, Trainer.PrecisionOf(path));
        SafetensorsFile.Write(path, new Dictionary<string, Tensor> { ["a"] = ones(1) });
        Assert.Contains(path, Assert.Throws<InputException>(() => Trainer.PrecisionOf(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_state_that_cannot_be_written_is_an_error_and_leaves_nothing()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("file"), "not a folder");
        using var model = Small.Classifier("fc", HeadVariant.MaskAware);
        string path = Path.Combine(folder.File("file"), "state");
        var error = Assert.Throws<InputException>(
            () => SmallTraining.Trainer(model, stateFile: path, saveInterval: TimeSpan.Zero)
                .Run(cancellation: TestContext.Current.CancellationToken));
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
        Assert.Equal([folder.File("file")], Directory.GetFileSystemEntries(folder.Path));
        Assert.Equal("not a folder", File.ReadAllText(folder.File("file")));
    }

    private static (Dictionary<string, float[]> Weights, TrainingHistory History, List<TrainingStep> Steps) Uninterrupted(string head,
        HeadVariant variant, TrainingOptions? options = null)
    {
        using var model = Small.Classifier(head, variant);
        var steps = new List<TrainingStep>();
        var history = SmallTraining.Trainer(model, options, onStep: steps.Add).Run(cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(LastStep + 1, steps.Count);
        return (Weights.Of(model), history, steps);
    }

    private static (Dictionary<string, float[]> Weights, TrainingHistory History, List<TrainingStep> Steps) Resume(
        string head, HeadVariant variant, string stateFile, List<TrainingStep> steps)
    {
        using var model = Small.Classifier(head, variant, seed: 99); // none of these weights may survive
        var history = SmallTraining.Trainer(model, stateFile: stateFile, onStep: steps.Add)
            .Run(resume: true, TestContext.Current.CancellationToken);
        return (Weights.Of(model), history, steps);
    }

    private static void AssertSame(
        (Dictionary<string, float[]> Weights, TrainingHistory History, List<TrainingStep> Steps) expected,
        (Dictionary<string, float[]> Weights, TrainingHistory History, List<TrainingStep> Steps) actual)
    {
        Assert.Equal(expected.Steps, actual.Steps);
        Assert.Equal(WithoutSeconds(expected.History), WithoutSeconds(actual.History));
        Assert.Equal(expected.History.BestEpoch, actual.History.BestEpoch);
        Assert.False(actual.History.Cancelled);
        Weights.AssertEqual(expected.Weights, actual.Weights);
    }

    private static IEnumerable<TrainingEpoch> WithoutSeconds(TrainingHistory history) =>
        history.Epochs.Select(epoch => epoch with { Seconds = 0 });

    // Leaves the state after the fifth step: one epoch done, one begun.
    private static void Interrupted(string path) => File.WriteAllBytes(path, FifthStep.Value);

    private static byte[] InterruptedState()
    {
        using var folder = new TemporaryFolder();
        using var source = new CancellationTokenSource();
        using var model = Small.Classifier("fc", HeadVariant.MaskAware);
        SmallTraining.Trainer(model, stateFile: folder.File("state"), onStep: step =>
        {
            if (step.Step == 4)
            {
                source.Cancel();
            }
        }).Run(cancellation: source.Token);
        return File.ReadAllBytes(folder.File("state"));
    }

    private static void Damage(string path, string damage)
    {
        switch (damage)
        {
            case "absent":
                File.Delete(path);
                return;
            case "empty":
                File.WriteAllBytes(path, []);
                return;
            case "random bytes":
                File.WriteAllBytes(path, [.. Enumerable.Range(0, 5000).Select(i => (byte)(i * i * 31 / 7))]);
                return;
            case "cut off":
                File.WriteAllBytes(path, File.ReadAllBytes(path)[..^100]);
                return;
            default:
                break;
        }

        using var scope = NewDisposeScope();
        var metadata = new Dictionary<string, string>(SafetensorsFile.ReadHeader(path).Metadata);
        var tensors = new Dictionary<string, Tensor>(SafetensorsFile.Read(path));
        string progress = metadata["progress"];
        switch (damage)
        {
            case "no progress":
                metadata.Remove("progress");
                break;
            case "progress is no JSON":
                metadata["progress"] = "{";
                break;
            case "progress is null":
                metadata["progress"] = "null";
                break;
            case "progress without epochs":
                metadata["progress"] = Replace(progress, "\"Epochs\":[", "\"Epochs\":null,\"X\":[");
                break;
            case "progress with a null epoch":
                metadata["progress"] = """{"Step":5,"Epochs":[null],"BestEpoch":0}""";
                break;
            case "progress ahead of its epochs":
                metadata["progress"] = Replace(progress, "\"Step\":5", "\"Step\":7");
                break;
            case "progress before the first step":
                metadata["progress"] = Replace(progress, "\"Step\":5", "\"Step\":-5");
                break;
            case "best epoch that never was":
                metadata["progress"] = Replace(progress, "\"BestEpoch\":0", "\"BestEpoch\":1");
                break;
            case "no random state":
                tensors.Remove("random");
                break;
            case "random state of numbers":
                tensors["random"] = tensors["random"].to(ScalarType.Float32);
                break;
            case "short random state":
                tensors["random"] = tensors["random"][..100];
                break;
            case "steps of Adam as fractions":
                tensors[Last(tensors, "adam_steps/")] = tensor(4.5f);
                break;
            case "half precision":
                tensors[Last(tensors, "model/")] = tensors[Last(tensors, "model/")].to(ScalarType.Float16);
                break;
            case "best weights missing":
                tensors.Remove(Last(tensors, "best/"));
                break;
            case "average missing":
                tensors.Remove(Last(tensors, "average_square/"));
                break;
            default:
                throw new ArgumentException(damage, nameof(damage));
        }

        TrainingState.Write(path, tensors, metadata); // with a checksum of its own: each check stands for itself
    }

    private static string Last(Dictionary<string, Tensor> tensors, string prefix) =>
        tensors.Keys.Last(name => name.StartsWith(prefix, StringComparison.Ordinal));

    private static string Replace(string text, string old, string replacement)
    {
        Assert.Contains(old, text, StringComparison.Ordinal);
        return new StringBuilder(text).Replace(old, replacement).ToString();
    }
}
