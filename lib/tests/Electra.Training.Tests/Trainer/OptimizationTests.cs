using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Electra.Tests;

/// <summary>What decays, and how fast the steps are.</summary>
public class OptimizationTests
{
    public static TheoryData<string, HeadVariant> All => Small.HeadsAndVariants;

    [Theory]
    [MemberData(nameof(All))]
    public void Every_parameter_is_in_one_decay_group_matrices_decay_and_vectors_do_not(string head, HeadVariant variant)
    {
        using var model = Small.Classifier(head, variant);
        var groups = DecayGroups.Of(model);
        var names = model.named_parameters().ToDictionary(named => named.name, named => named.parameter.dim());
        Assert.Equal(names.Where(named => named.Value > 1).Select(named => named.Key).Order(StringComparer.Ordinal),
            groups.Decayed.Select(named => named.Name).Order(StringComparer.Ordinal));
        Assert.Equal(names.Where(named => named.Value == 1).Select(named => named.Key).Order(StringComparer.Ordinal),
            groups.Plain.Select(named => named.Name).Order(StringComparer.Ordinal));
        Assert.All(groups.Decayed.Concat(groups.Plain), named => Assert.Same(model.get_parameter(named.Name), named.Parameter));
    }

    [Fact]
    public void The_groups_have_the_names_of_the_original()
    {
        using var model = Small.Classifier("bilstm", HeadVariant.MaskAware);
        var groups = DecayGroups.Of(model);
        string[] decayed = [.. groups.Decayed.Select(named => named.Name)];
        string[] plain = [.. groups.Plain.Select(named => named.Name)];
        Assert.Contains("electra.embeddings.word_embeddings.weight", decayed);
        Assert.Contains("electra.encoder.layer.1.attention.self.query.weight", decayed);
        Assert.Contains("classifier.LSTM.weight_hh_l0_reverse", decayed);
        Assert.Contains("electra.embeddings.LayerNorm.weight", plain);
        Assert.Contains("electra.embeddings.LayerNorm.bias", plain);
        Assert.Contains("electra.encoder.layer.0.output.LayerNorm.weight", plain);
        Assert.Contains("electra.encoder.layer.0.intermediate.dense.bias", plain);
        Assert.Contains("classifier.LSTM.bias_ih_l0_reverse", plain);
    }

    [Fact]
    public void Each_layer_has_its_share_of_the_learning_rate_of_the_one_above_it()
    {
        // As below with gradients of zero: w ← w · (1 − share · lr · decay).
        using var model = Small.Classifier("fc", HeadVariant.MaskAware);
        var before = Weights.Of(model);
        var options = new TrainingOptions { Epochs = 1, WarmupProportion = 0, LearningRate = 0.1, WeightDecay = 0.5, LayerDecay = 0.8 };
        new Trainer(model, options, _ => [[0]],
            batch => SmallTraining.Loss(model, batch) * 0).Run(cancellation: TestContext.Current.CancellationToken);
        (string Name, double Share)[] expected =
        [
            ("classifier.dense.weight", 1), ("classifier.out_proj.weight", 1), ("electra.encoder.layer.1.output.dense.weight", 0.8),
            ("electra.encoder.layer.0.attention.self.key.weight", 0.64), ("electra.embeddings_project.weight", 0.512),
            ("electra.embeddings.word_embeddings.weight", 0.512), ("electra.embeddings.position_embeddings.weight", 0.512),
        ];
        foreach (var (name, share) in expected)
        {
            float[] after = model.get_parameter(name)!.data<float>().ToArray();
            Assert.All(before[name].Zip(after), pair => Assert.Equal(pair.First * (1 - (share * 0.1 * 0.5)), pair.Second, 1e-6));
        }
    }

    [Fact]
    public void A_decay_of_one_is_none_and_an_interrupted_run_with_another_ends_in_the_same_bits()
    {
        var plain = Trained(SmallTraining.Options, null);
        Weights.AssertEqual(plain, Trained(SmallTraining.Options with { LayerDecay = 1 }, null));
        var decayed = Trained(SmallTraining.Options with { LayerDecay = 0.5 }, null);
        Assert.NotEqual(plain["electra.encoder.layer.0.output.dense.weight"], decayed["electra.encoder.layer.0.output.dense.weight"]);
        Weights.AssertEqual(decayed, Trained(SmallTraining.Options with { LayerDecay = 0.5 }, stop: 4));
    }

    [Fact]
    public void Weight_decay_shrinks_matrices_and_nothing_else()
    {
        // AdamW with gradients of zero only decays: w ← w · (1 − lr · decay), first step at full rate.
        using var model = Small.Classifier("fc", HeadVariant.MaskAware);
        var before = Weights.Of(model);
        var options = new TrainingOptions { Epochs = 1, WarmupProportion = 0, LearningRate = 0.1, WeightDecay = 0.5 };
        new Trainer(model, options, _ => [[0]],
            batch => SmallTraining.Loss(model, batch) * 0).Run(cancellation: TestContext.Current.CancellationToken);
        foreach (var (name, parameter) in model.named_parameters())
        {
            float factor = parameter.dim() > 1 ? 0.95f : 1;
            float[] after = parameter.data<float>().ToArray();
            Assert.All(before[name].Zip(after), pair => Assert.Equal(pair.First * factor, pair.Second, 1e-6f));
        }
    }

    [Fact]
    public void A_fused_step_does_what_TorchSharps_own_does_and_leaves_what_has_no_gradient_alone()
    {
        using var scope = NewDisposeScope();
        random.manual_seed(4);
        long[][] shapes = [[1], [7, 5], [64], [33, 16], [3]]; // whole vectors of the processor and remainders
        Parameter[][] sets = [[.. shapes.Select(shape => nn.Parameter(randn(shape)))], []];
        sets[1] = [.. sets[0].Select(parameter => nn.Parameter(parameter.detach().clone()))];
        using var fused = new FusedAdamW(Groups(sets[0]), 0.1, 1e-6);
        using var own = new AdamW(Groups(sets[1]), 0.1, eps: 1e-6);
        for (int step = 0; step < 20; step++)
        {
            foreach (var (a, b) in sets[0].Zip(sets[1]).SkipLast(1))
            {
                a.grad = randn(a.shape) * Math.Pow(10, (step % 5) - 3);
                b.grad = a.grad!.clone();
            }

            foreach (AdamW optimizer in new[] { fused, own })
            {
                foreach (var group in optimizer.ParamGroups)
                {
                    group.LearningRate = 0.1 / (step + 1);
                }

                optimizer.step();
            }
        }

        foreach (var ((a, b), i) in sets[0].Zip(sets[1]).Select((pair, i) => (pair, i)))
        {
            Close.To(b, a, 1e-5, $"parameter {i}");
            var (left, right) = (States(fused)[i], States(own)[i]);
            Assert.Equal(i == shapes.Length - 1 ? 0 : 20, left.step);
            Assert.Equal(right.step, left.step);
            Close.To(right.exp_avg, left.exp_avg, 1e-6, $"average {i}");
            Close.To(right.exp_avg_sq, left.exp_avg_sq, 1e-6, $"average square {i}");
        }

        static AdamW.ParamGroup[] Groups(Parameter[] parameters) =>
            [new(parameters[..2], 0.1, eps: 1e-6, weight_decay: 0.1), new(parameters[2..], 0.1, eps: 1e-6, weight_decay: 0)];

        static AdamW.State[] States(AdamW optimizer) => [.. optimizer.state_dict().State.Cast<AdamW.State>()];
    }

    private static Dictionary<string, float[]> Trained(TrainingOptions options, int? stop)
    {
        using var folder = new TemporaryFolder();
        using var source = new CancellationTokenSource();
        using var model = Small.Classifier("fc", HeadVariant.MaskAware);
        var trainer = SmallTraining.Trainer(model, options, folder.File("state"), onStep: step =>
        {
            if (step.Step == stop)
            {
                source.Cancel();
            }
        });
        trainer.Run(cancellation: source.Token);
        if (stop is not null)
        {
            trainer.Run(resume: true, TestContext.Current.CancellationToken);
        }

        return Weights.Of(model);
    }

    [Fact]
    public void The_schedule_rises_to_its_peak_and_falls_to_zero()
    {
        var schedule = new LinearSchedule(0.5, 10, 110);
        Assert.Equal(0, schedule.At(0));
        Assert.Equal(0.05, schedule.At(1), 1e-15);
        Assert.Equal(0.45, schedule.At(9), 1e-15);
        Assert.Equal(0.5, schedule.At(10));
        Assert.Equal(0.495, schedule.At(11), 1e-15);
        Assert.Equal(0.25, schedule.At(60), 1e-15);
        Assert.Equal(0.005, schedule.At(109), 1e-15);
        Assert.Equal(0, schedule.At(110));
        Assert.Equal(0, schedule.At(1000));
    }

    [Fact]
    public void A_held_schedule_stays_at_its_peak_before_it_falls()
    {
        var schedule = new LinearSchedule(0.5, 10, 110, HeldSteps: 80);
        Assert.Equal(0.45, schedule.At(9), 1e-15);
        Assert.All(Enumerable.Range(10, 81), step => Assert.Equal(0.5, schedule.At(step)));
        Assert.Equal(0.475, schedule.At(91), 1e-15);
        Assert.Equal(0.025, schedule.At(109), 1e-15);
        Assert.Equal(0, schedule.At(110));
    }

    [Fact]
    public void The_schedule_is_a_broken_straight_line_for_any_numbers_of_steps()
    {
        foreach (int total in new[] { 1, 2, 7, 100 })
        {
            for (int warmup = 0; warmup <= total; warmup++)
            {
                var schedule = new LinearSchedule(3, warmup, total);
                for (int step = 0; step <= total; step++)
                {
                    double expected = step < warmup
                        ? 3.0 * step / warmup
                        : warmup == total ? 0 : 3 * (1 - ((double)(step - warmup) / (total - warmup)));
                    Assert.Equal(expected, schedule.At(step), 1e-12);
                }
            }
        }
    }
}
