namespace Electra.Tests;

/// <summary>With <see cref="TrainingOptions.Average"/> an epoch is measured and kept with the mean of its weights.</summary>
public class AverageTests
{
    private static readonly TrainingOptions Options = SmallTraining.Options with { Average = true };

    [Fact]
    public void What_is_measured_and_kept_is_the_mean_over_the_steps_of_the_epoch_and_the_training_goes_on_as_without()
    {
        var plainLosses = new List<double>();
        using (var plain = Small.Classifier("fc", HeadVariant.MaskAware))
        {
            SmallTraining.Trainer(plain, onStep: step => plainLosses.Add(step.Loss))
                .Run(cancellation: TestContext.Current.CancellationToken);
        }

        using var model = Small.Classifier("fc", HeadVariant.MaskAware);
        var weights = new List<Dictionary<string, float[]>>();
        var measured = new List<Dictionary<string, float[]>>();
        var losses = new List<double>();
        var history = SmallTraining.Trainer(model, Options,
            onStep: step =>
            {
                weights.Add(Weights.Of(model));
                losses.Add(step.Loss);
            },
            evaluate: () =>
            {
                measured.Add(Weights.Of(model));
                return measured.Count == 2 ? 0.9 : 0.5;
            }).Run(cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(plainLosses, losses);
        Assert.Equal(1, history.BestEpoch);
        for (int epoch = 0; epoch < 3; epoch++)
        {
            var steps = weights.Skip(epoch * SmallTraining.StepsPerEpoch).Take(SmallTraining.StepsPerEpoch).ToArray();
            foreach (var (name, mean) in measured[epoch])
            {
                double[] expected = [.. mean.Select((_, i) => steps.Average(step => (double)step[name][i]))];
                Assert.Equal(expected, mean.Select(value => (double)value).ToArray(), (a, b) => Math.Abs(a - b) < 1e-6);
            }
        }

        Weights.AssertEqual(measured[1], Weights.Of(model));
        Assert.NotEqual(weights[5]["classifier.out_proj.bias"], measured[1]["classifier.out_proj.bias"]); // or nothing was shown
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(4)]
    public void An_interrupted_run_ends_in_the_same_bits(int last)
    {
        using var folder = new TemporaryFolder();
        using var source = new CancellationTokenSource();
        using var whole = Small.Classifier("fc", HeadVariant.MaskAware);
        var expected = SmallTraining.Trainer(whole, Options).Run(cancellation: TestContext.Current.CancellationToken);
        using (var first = Small.Classifier("fc", HeadVariant.MaskAware))
        {
            Assert.True(SmallTraining.Trainer(first, Options, folder.File("state"), onStep: step =>
            {
                if (step.Step == last)
                {
                    source.Cancel();
                }
            }).Run(cancellation: source.Token).Cancelled);
        }

        using var second = Small.Classifier("fc", HeadVariant.MaskAware, seed: 9);
        var history = SmallTraining.Trainer(second, Options, folder.File("state"))
            .Run(resume: true, TestContext.Current.CancellationToken);
        Assert.Equal(expected.Epochs.Select(epoch => epoch.DevScore), history.Epochs.Select(epoch => epoch.DevScore));
        Weights.AssertEqual(Weights.Of(whole), Weights.Of(second));
    }

    [Fact]
    public void An_evaluation_that_fails_gives_the_model_its_weights_back()
    {
        using var model = Small.Classifier("fc", HeadVariant.MaskAware);
        Dictionary<string, float[]> last = [];
        var trainer = SmallTraining.Trainer(model, Options, onStep: _ => last = Weights.Of(model),
            evaluate: () => throw new InvalidOperationException());
        Assert.Throws<InvalidOperationException>(() => trainer.Run(cancellation: TestContext.Current.CancellationToken));
        Weights.AssertEqual(last, Weights.Of(model));
    }
}
