using static TorchSharp.torch;

namespace Electra.Tests;

/// <summary>Which epoch wins, when a training stops, and what is refused.</summary>
public class TrainerTests
{
    [Fact]
    public void Training_in_bf16_follows_training_in_fp32()
    {
        var losses = new[] { Precision.Fp32, Precision.Bf16 }.Select(precision =>
        {
            using var model = Small.Classifier("fc", HeadVariant.MaskAware);
            var options = SmallTraining.Options with { Precision = precision, LearningRate = 0.002, Epochs = 6 };
            var seen = new List<double>();
            SmallTraining.Trainer(model, options, onEpoch: epoch => seen.Add(epoch.Loss))
                .Run(cancellation: TestContext.Current.CancellationToken);
            return seen;
        }).ToArray();
        Assert.NotEqual(losses[0], losses[1]);
        // bf16 has 8 significant bits: a rounding changes a number by up to 0.4 %, and linear layers and attention have several in a row.
        Assert.All(losses[0].Zip(losses[1]), pair => Assert.InRange(pair.Second / pair.First, 0.98, 1.02));
    }

    [Theory]
    [InlineData(new[] { 0.5, 0.7, 0.6 }, 1)]
    [InlineData(new[] { 0.9, 0.7, 0.8 }, 0)]
    [InlineData(new[] { 0.1, 0.2, 0.3 }, 2)]
    [InlineData(new[] { 0.5, 0.7, 0.7 }, 2)] // of equally good ones the later
    [InlineData(new[] { 0.0, 0.0, 0.0 }, 2)]
    [InlineData(new[] { -3.0, -2.0, -2.5 }, 1)]
    public void The_weights_of_the_best_epoch_are_restored(double[] scores, int best)
    {
        var (model, history, snapshots) = Train(scores, SmallTraining.Options);
        using (model)
        {
            Assert.Equal(best, history.BestEpoch);
            Assert.Equal(scores, history.Epochs.Select(epoch => epoch.DevScore!.Value));
            Assert.Equal([0, 1, 2], history.Epochs.Select(epoch => epoch.Epoch));
            Assert.False(history.Cancelled);
            Weights.AssertEqual(snapshots[best], Weights.Of(model));
            Assert.NotEqual(snapshots[0]["classifier.out_proj.bias"], snapshots[1]["classifier.out_proj.bias"]); // or nothing was shown
            Assert.False(model.training);
        }
    }

    [Fact]
    public void Without_evaluation_the_last_epoch_wins()
    {
        using var model = Small.Classifier("fc", HeadVariant.MaskAware);
        var last = new Dictionary<string, float[]>();
        var trainer = new Trainer(model, SmallTraining.Options, epoch => SmallTraining.Batches(SmallTraining.Options, epoch),
            batch => SmallTraining.Loss(model, batch))
        {
            OnEpoch = _ => last = Weights.Of(model),
        };
        var history = trainer.Run(cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(2, history.BestEpoch);
        Assert.All(history.Epochs, epoch => Assert.Null(epoch.DevScore));
        Weights.AssertEqual(last, Weights.Of(model));
    }

    [Theory]
    [InlineData(null, new[] { 0.5, 0.9, 0.4, 0.9, 0.8, 0.9, 0.1 }, 7, 5)] // of equally good ones the last
    [InlineData(1, new[] { 0.5, 0.4, 0.9, 0.9, 0.9, 0.9, 0.9 }, 2, 0)]
    [InlineData(2, new[] { 0.5, 0.4, 0.3, 0.9, 0.9, 0.9, 0.9 }, 3, 0)]
    [InlineData(2, new[] { 0.5, 0.4, 0.6, 0.5, 0.4, 0.9, 0.9 }, 5, 2)] // counted from the best
    [InlineData(2, new[] { 0.5, 0.5, 0.5, 0.9, 0.9, 0.9, 0.9 }, 3, 2)] // a tie is kept, but is no improvement
    [InlineData(7, new[] { 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1 }, 7, 0)]
    [InlineData(null, new[] { 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1 }, 7, 0)]
    public void Patience_stops_after_so_many_epochs_without_improvement(int? patience, double[] scores, int epochs, int best)
    {
        var (model, history, snapshots) = Train(scores, SmallTraining.Options with { Epochs = scores.Length, Patience = patience });
        using (model)
        {
            Assert.Equal(epochs, history.Epochs.Count);
            Assert.Equal(best, history.BestEpoch);
            Assert.False(history.Cancelled);
            Weights.AssertEqual(snapshots[best], Weights.Of(model));
        }
    }

    [Fact]
    public void A_cancelled_run_leaves_the_best_weights_so_far_or_the_present_ones_when_no_epoch_is_finished()
    {
        foreach (int stop in new[] { 1, 4 })
        {
            using var source = new CancellationTokenSource();
            using var model = Small.Classifier("fc", HeadVariant.MaskAware);
            Dictionary<string, float[]> present = [], best = [];
            var history = SmallTraining.Trainer(
                model,
                onStep: step =>
                {
                    present = Weights.Of(model);
                    if (step.Step == stop)
                    {
                        source.Cancel();
                    }
                },
                onEpoch: _ => best = Weights.Of(model)).Run(cancellation: source.Token);
            Assert.True(history.Cancelled);
            Assert.Equal(stop < SmallTraining.StepsPerEpoch ? -1 : 0, history.BestEpoch);
            Weights.AssertEqual(stop < SmallTraining.StepsPerEpoch ? present : best, Weights.Of(model));
        }
    }

    [Fact]
    public void Steps_tell_where_they_are_and_use_the_scheduled_learning_rate()
    {
        var options = SmallTraining.Options with { WarmupProportion = 0.5 }; // 4 of 9 steps
        using var model = Small.Classifier("fc", HeadVariant.MaskAware);
        var steps = new List<TrainingStep>();
        SmallTraining.Trainer(model, options, onStep: steps.Add).Run(cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(Enumerable.Range(0, 9), steps.Select(step => step.Step));
        Assert.Equal([0, 0, 0, 1, 1, 1, 2, 2, 2], steps.Select(step => step.Epoch));
        Assert.All(steps, step => Assert.Equal(9, step.TotalSteps));
        double[] shares = [0, 1 / 4.0, 2 / 4.0, 3 / 4.0, 5 / 5.0, 4 / 5.0, 3 / 5.0, 2 / 5.0, 1 / 5.0];
        foreach (var (share, step) in shares.Zip(steps))
        {
            Assert.Equal(0.01 * share, step.LearningRate, 1e-15);
        }

        Assert.All(steps.Chunk(SmallTraining.StepsPerEpoch), epoch => Assert.Equal(18, epoch.Sum(step => step.Examples)));
    }

    [Fact]
    public void A_first_step_of_learning_rate_zero_changes_nothing()
    {
        using var model = Small.Classifier("fc", HeadVariant.MaskAware);
        var before = Weights.Of(model);
        bool seen = false;
        SmallTraining.Trainer(model, SmallTraining.Options with { WarmupProportion = 0.5 }, onStep: step =>
        {
            if (step.Step == 0)
            {
                Weights.AssertEqual(before, Weights.Of(model));
                seen = true;
            }
        }).Run(cancellation: TestContext.Current.CancellationToken);
        Assert.True(seen);
    }

    [Fact]
    public void Gradients_that_are_not_finite_are_an_error_before_they_reach_the_weights()
    {
        using var weights = nn.Linear(2, 1, hasBias: false);
        using (no_grad())
        {
            weights.weight.zero_();
        }

        // at 0: a loss of 0 with an infinite slope
        var trainer = new Trainer(weights, new TrainingOptions { Epochs = 1 }, _ => [[0]], _ => weights.forward(ones(1, 2)).sum().sqrt());
        Assert.Contains("gradients",
            Assert.Throws<InputException>(() => trainer.Run(cancellation: TestContext.Current.CancellationToken)).Message,
            StringComparison.Ordinal);
        Assert.Equal([0f, 0f], weights.weight.data<float>().ToArray());
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    public void A_loss_that_is_no_longer_finite_is_an_error_that_names_the_learning_rate(double value)
    {
        using var model = Small.Classifier("fc", HeadVariant.MaskAware);
        int calls = 0;
        var trainer = new Trainer(
            model,
            SmallTraining.Options with { LearningRate = 0.0123 },
            epoch => SmallTraining.Batches(SmallTraining.Options, epoch),
            batch => calls++ == 3 ? SmallTraining.Loss(model, batch) * value : SmallTraining.Loss(model, batch));
        var error = Assert.Throws<InputException>(() => trainer.Run(cancellation: TestContext.Current.CancellationToken));
        Assert.Contains("learning rate (0.0123)", error.Message, StringComparison.Ordinal);
        Assert.Equal(4, calls);
    }

    public static TheoryData<string, string> Invalid => new()
    {
        { "epochs", "Epochs = 0" }, { "epochs", "Epochs = -1" }, { "epochs", "Epochs = max" },
        { "batch size", "BatchSize = 0" }, { "batch size", "BatchSize = max" },
        { "accumulation", "Accumulation = 0" }, { "accumulation", "Accumulation = max" },
        { "learning rate", "LearningRate = 0" }, { "learning rate", "LearningRate = NaN" }, { "learning rate", "LearningRate = inf" },
        { "warm-up proportion", "WarmupProportion = -0.1" }, { "warm-up proportion", "WarmupProportion = 1.1" },
        { "warm-up proportion", "WarmupProportion = NaN" },
        { "weight decay", "WeightDecay = -0.1" }, { "weight decay", "WeightDecay = NaN" }, { "weight decay", "WeightDecay = inf" },
        { "gradient norm", "MaxGradientNorm = 0" }, { "gradient norm", "MaxGradientNorm = NaN" },
        { "gradient norm", "MaxGradientNorm = inf" },
        { "patience", "Patience = 0" },
    };

    [Theory]
    [MemberData(nameof(Invalid))]
    public void An_option_that_makes_no_sense_is_an_error_that_names_it_and_its_value(string name, string setting)
    {
        var options = Set(setting);
        using var model = Small.Classifier("fc", HeadVariant.MaskAware);
        foreach (Action use in (Action[])[options.Validate, () => SmallTraining.Trainer(model, options)])
        {
            string message = Assert.Throws<InputException>(use).Message;
            Assert.Contains(name, message, StringComparison.Ordinal);
            Assert.Contains("must be", message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("Epochs = 1")]
    [InlineData("BatchSize = 1")]
    [InlineData("WarmupProportion = 0")]
    [InlineData("WarmupProportion = 1")]
    [InlineData("WeightDecay = 0")]
    [InlineData("Patience = 1")]
    [InlineData("Accumulation = 100")] // more than there are batches
    public void The_outermost_options_that_make_sense_train(string setting)
    {
        var options = Set(setting);
        using var model = Small.Classifier("fc", HeadVariant.MaskAware);
        var history = SmallTraining.Trainer(model, options).Run(cancellation: TestContext.Current.CancellationToken);
        Assert.NotEmpty(history.Epochs);
        Assert.All(history.Epochs, epoch => Assert.True(double.IsFinite(epoch.Loss)));
    }

    private static TrainingOptions Set(string setting)
    {
        var (name, value) = (setting.Split(" = ")[0], setting.Split(" = ")[1]);
        int Whole() => value == "max" ? int.MaxValue : int.Parse(value, null);
        double Number() => value switch { "NaN" => double.NaN, "inf" => double.PositiveInfinity, _ => double.Parse(value, null) };
        return name switch
        {
            "Epochs" => SmallTraining.Options with { Epochs = Whole() },
            "BatchSize" => SmallTraining.Options with { BatchSize = Whole() },
            "Accumulation" => SmallTraining.Options with { Accumulation = Whole() },
            "Patience" => SmallTraining.Options with { Patience = Whole() },
            "LearningRate" => SmallTraining.Options with { LearningRate = Number() },
            "WarmupProportion" => SmallTraining.Options with { WarmupProportion = Number() },
            "WeightDecay" => SmallTraining.Options with { WeightDecay = Number() },
            "MaxGradientNorm" => SmallTraining.Options with { MaxGradientNorm = Number() },
            _ => throw new ArgumentException(name, nameof(setting)),
        };
    }

    private static (SequenceClassifier Model, TrainingHistory History, List<Dictionary<string, float[]>> Snapshots) Train(
        double[] scores, TrainingOptions options)
    {
        var model = Small.Classifier("fc", HeadVariant.MaskAware);
        var snapshots = new List<Dictionary<string, float[]>>();
        var history = SmallTraining.Trainer(
            model,
            options,
            onEpoch: _ => snapshots.Add(Weights.Of(model)),
            evaluate: () =>
            {
                Assert.False(model.training);
                Assert.False(is_grad_enabled());
                return scores[snapshots.Count];
            }).Run(cancellation: TestContext.Current.CancellationToken);
        Assert.True(is_grad_enabled());
        return (model, history, snapshots);
    }
}
