using TorchSharp;
using static TorchSharp.torch;

namespace Electra.Tests;

/// <summary>Weights that are promised to stay are multiplied by another product, which gives the same numbers and leaves nothing.</summary>
public class FixedWeightsTests
{
    private const double Tolerance = 1e-5;

    [Theory]
    [InlineData(1, 64, 64)]
    [InlineData(33, 128, 64)]
    [InlineData(64, 256, 1024)]
    public void OneDnn_multiplies_as_libtorch_does(int rows, int inputs, int outputs)
    {
        Assert.SkipUnless(OneDnn.IsThere, "this libtorch has no oneDNN");
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        random.manual_seed(1);
        var (x, weight, bias) = (randn(2, rows, inputs), randn(outputs, inputs) / Math.Sqrt(inputs), randn(outputs));
        var exact = x.to(ScalarType.Float64).matmul(weight.to(ScalarType.Float64).t()) + bias; // 2 × rows × outputs
        var reordered = OneDnn.Reorder(weight);
        Close.To(exact, OneDnn.Linear(x, reordered, bias), Tolerance, "linear");
        Close.To(exact / 2 * (1 + special.erf(exact / Math.Sqrt(2))), OneDnn.LinearGelu(x, reordered, bias), Tolerance, "with GELU");
        Close.To(exact, OneDnn.Linear(x[.., ..1].expand(2, rows, inputs) * 0 + x, reordered, bias), Tolerance, "any layout");
    }

    [Fact]
    public void A_model_answers_the_same_within_the_promise_and_after_it()
    {
        Assert.SkipUnless(OneDnn.IsThere, "this libtorch has no oneDNN");
        using var scope = NewDisposeScope();
        using var model = Classifier();
        model.eval();
        var before = Run(model);
        using (new FixedWeights(model, true))
        {
            var within = Run(model);
            Close.To(before, within, Tolerance, "logits");
            using (new FixedWeights(model, true))
            {
                Same(within, Run(model));
            }

            Same(within, Run(model)); // the outer promise holds
            Scale(model, 2);
            Same(within, Run(model)); // who breaks it sees that the copies are read
            Scale(model, 0.5);
            using var half = MixedPrecision.Use(Precision.Bf16);
            var bf16 = Run(model);
            using var without = Classifier();
            without.eval();
            Same(bf16, Run(without)); // another product, as ever
        }

        Same(before, Run(model));
        Scale(model, 1.5);
        var changed = Run(model);
        Assert.False(changed.eq(before).all().item<bool>());
        using var again = new FixedWeights(model, true);
        Close.To(changed, Run(model), Tolerance, "logits of other weights");
    }

    [Fact]
    public void Gradients_flow_as_ever_and_workers_change_no_bit()
    {
        Assert.SkipUnless(OneDnn.IsThere, "this libtorch has no oneDNN");
        using var scope = NewDisposeScope();
        using var model = Classifier();
        model.eval();
        using var weights = new FixedWeights(model, true);
        var (ids, labels) = (Ids(), zeros(3, ScalarType.Int64));
        SequenceClassifier.Loss(model.forward(ids, ones_like(ids), null), labels).backward();
        Assert.All(model.parameters(), parameter => Assert.NotNull(parameter.grad));

        TokenEncoding[] rows = [.. Enumerable.Range(3, 20).Select(length => TokenEncoding.FromIds([.. Enumerable.Repeat(7, length)]))];
        var stop = TestContext.Current.CancellationToken;
        Assert.Equal(Prediction.Logits(model, rows, padId: 0, batchSize: 4, cancellation: stop),
            Prediction.Logits(model, rows, padId: 0, batchSize: 4, workers: 3, cancellation: stop));
    }

    [Fact]
    public void Nothing_is_left_of_the_copies()
    {
        Assert.SkipUnless(OneDnn.IsThere, "this libtorch has no oneDNN");
        using var model = Classifier();
        model.eval();
        using var ids = ones([2, 5], ScalarType.Int64);
        using var grad = no_grad();
        Once();
        long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        Once();
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);

        void Once()
        {
            using var weights = new FixedWeights(model, true);
            model.forward(ids, ids, null).Dispose();
        }
    }

    [Theory]
    [InlineData(111, 100, true)] // 1.1 times as fast
    [InlineData(109, 100, false)]
    [InlineData(50, 100, false)]
    public void It_is_taken_where_it_is_as_much_faster_as_is_promised(double own, double other, bool pays)
    {
        int threads = get_num_threads();
        int calls = 0;
        Assert.Equal(pays, OneDnn.Measure(isOwn => // the best rate counts: another program may disturb all others
        {
            Assert.Equal(1, get_num_threads());
            return (isOwn ? own : other) * (calls++ / 2 == 5 ? 1 : 0.1);
        }));
        Assert.Equal(threads, get_num_threads());
    }

    [Fact]
    public void The_measurement_draws_no_random_numbers()
    {
        using var scope = NewDisposeScope();
        random.manual_seed(6);
        var state = get_rng_state();
        _ = OneDnn.PaysOff;
        Assert.True(state.eq(get_rng_state()).all().item<bool>());
    }

    // Of sizes that oneDNN is trusted with.
    private static SequenceClassifier Classifier()
    {
        random.manual_seed(1);
        var config = Small.Config with
        {
            EmbeddingSize = 64,
            HiddenSize = 128,
            IntermediateSize = 192,
            NumAttentionHeads = 4,
            InitializerRange = 0.1,
        };
        return new(new ElectraEncoder(config), Electra.Heads.Create("fc", config, 2, HeadVariant.MaskAware));
    }

    private static void Scale(SequenceClassifier model, double factor)
    {
        using var grad = no_grad();
        foreach (var (_, weight) in model.named_parameters()
            .Where(one => one.name.EndsWith("intermediate.dense.weight", StringComparison.Ordinal)))
        {
            weight.mul_(factor);
        }
    }

    private static Tensor Run(SequenceClassifier model)
    {
        using var grad = no_grad();
        var ids = Ids();
        return model.forward(ids, ones_like(ids), null);
    }

    private static Tensor Ids() => (arange(3 * 7, dtype: ScalarType.Int64) + 5).view(3, 7); // B × L

    private static void Same(Tensor expected, Tensor actual) => Assert.True(expected.eq(actual).all().item<bool>());
}
