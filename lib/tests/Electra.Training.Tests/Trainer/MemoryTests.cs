using TorchSharp;

namespace Electra.Tests;

/// <summary>No tensor outlives its use: what is alive does not grow from step to step, nor from run to run.</summary>
public class MemoryTests
{
    public static TheoryData<string, HeadVariant> All => Small.HeadsAndVariants;

    [Theory]
    [MemberData(nameof(All))]
    public void As_many_tensors_are_alive_after_step_50_as_after_step_5(string head, HeadVariant variant)
    {
        using var model = Small.Classifier(head, variant);
        var alive = new Dictionary<int, (long, long)>();
        var trainer = new Trainer(model, SmallTraining.Options with { Epochs = 1, Accumulation = 1, Average = true },
            _ => [.. Enumerable.Range(0, 51).Select(i => new[] { i % 18, (i + 1) % 18 })], batch => SmallTraining.Loss(model, batch))
        {
            OnStep = step => alive[step.Step] = Alive(),
        };
        trainer.Run(cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(51, alive.Count);
        Assert.Equal(alive[5], alive[50]);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void As_many_tensors_are_alive_after_a_run_as_before(string head, HeadVariant variant)
    {
        using var folder = new TemporaryFolder();
        long allowed = head == "cnn" ? LeftByConv2d() : 0;
        var before = Alive();
        using (var model = Small.Classifier(head, variant))
        {
            using var source = new CancellationTokenSource();
            SmallTraining.Trainer(model, stateFile: folder.File("state"), onStep: step =>
            {
                if (step.Step == 4)
                {
                    source.Cancel();
                }
            }).Run(cancellation: source.Token);
            SmallTraining.Trainer(model, stateFile: folder.File("state")).Run(resume: true, TestContext.Current.CancellationToken);
        }

        Assert.Equal(before, Alive(without: allowed));
    }

    [Fact]
    public void As_many_tensors_are_alive_after_a_checkpoint_was_saved_opened_and_closed_as_before()
    {
        using var folder = new TemporaryFolder();
        var before = Alive();
        var config = Small.Config with { ClassifierHead = "bilstm" };
        using (var model = Small.Classifier("bilstm", HeadVariant.MaskAware))
        {
            Checkpoint.Save(folder.Path, model, config, SmallTokenizer.Cased);
        }

        using (var checkpoint = Checkpoint.Open(folder.Path))
        {
            using var model = checkpoint.CreateSequenceClassifier();
            Prediction.Logits(model, [TokenEncoding.FromIds([2, 5, 6, 3]), TokenEncoding.FromIds([2, 3])], padId: 0,
                cancellation: TestContext.Current.CancellationToken);
        }

        Assert.Equal(before, Alive());
    }

    private static (long Total, long Tensors) Alive(long without = 0)
    {
        var statistics = DisposeScopeManager.Statistics;
        return (statistics.ThreadTotalLiveCount - without, statistics.TensorStatistics.ThreadTotalLiveCount - without);
    }

    // TorchSharp's convolution leaves a tensor to the garbage collector.
    private static long LeftByConv2d()
    {
        var (before, _) = Alive();
        using (torch.nn.Conv2d(1, 2, (2, 3)))
        {
        }

        return Alive().Total - before;
    }
}
