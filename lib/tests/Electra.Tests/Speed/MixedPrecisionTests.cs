using static TorchSharp.torch;

namespace Electra.Tests;

public class MixedPrecisionTests
{
    private static readonly long[] Shape = [2, 9];

    [Fact]
    public void Encoders_compute_in_bf16_within_the_scope_only()
    {
        using var scope = NewDisposeScope();
        using var model = Small.Classifier("fc", HeadVariant.MaskAware);
        model.eval();
        var full = Run(model);
        Tensor half;
        using (MixedPrecision.Use(Precision.Bf16))
        {
            using (MixedPrecision.Use(Precision.Fp32))
            {
                Assert.True(full.eq(Run(model)).all().item<bool>());
            }

            half = Run(model);
        }

        Assert.True(full.eq(Run(model)).all().item<bool>());
        Assert.False(full.eq(half).all().item<bool>());
        Assert.Equal(ScalarType.Float32, half.dtype);

        // bf16 has 8 significant bits; LayerNorm keeps values about 1, so a few roundings of 2⁻⁹ each remain.
        double difference = (full - half).abs().max().item<float>();
        Assert.InRange(difference, 0, 0.1);
    }

    [Fact]
    public void Gradients_are_fp32_and_near_those_of_fp32()
    {
        using var scope = NewDisposeScope();
        using var model = Small.Classifier("fc", HeadVariant.MaskAware);
        model.eval(); // without dropout
        var full = Gradients(model, Precision.Fp32);
        var half = Gradients(model, Precision.Bf16);
        Assert.All(half, gradient => Assert.Equal(ScalarType.Float32, gradient.dtype));
        var (a, b) = (cat([.. full.Select(gradient => gradient.flatten())]), cat([.. half.Select(gradient => gradient.flatten())]));
        Assert.InRange(((a * b).sum() / (a.norm() * b.norm())).item<float>(), 0.999, 1.001); // the same direction
        Assert.InRange((b.norm() / a.norm()).item<float>(), 0.98, 1.02); // and length
    }

    [Theory]
    [InlineData(1, 64)]
    [InlineData(7, 64)]
    [InlineData(33, 64)]
    [InlineData(128, 64)]
    [InlineData(129, 64)] // libtorch's fused kernel
    [InlineData(13, 8)]
    public void Attention_of_any_length_is_near_that_of_fp32_and_looks_at_no_padding(int tokens, int headSize)
    {
        using var scope = NewDisposeScope();
        random.manual_seed(8);
        var config = Small.Config with { HiddenSize = 4 * headSize, NumAttentionHeads = 4 };
        using var attention = new ElectraSelfAttention(config);
        attention.eval();
        var hidden = randn(3, tokens, config.HiddenSize); // B × L × H
        int length = (tokens + 1) / 2;
        var mask = arange(tokens).ge(length).to_type(ScalarType.Float32).view(1, 1, 1, tokens) * float.MinValue; // 1 × 1 × 1 × L
        using var grad = no_grad();
        var full = attention.forward(hidden, mask);
        using var use = MixedPrecision.Use(Precision.Bf16);
        var half = MixedPrecision.Full(attention.forward(hidden, mask));
        Assert.InRange((full - half).abs().max().item<float>(), 0, 0.02 * full.abs().max().item<float>());
        var padded = cat([hidden[.., ..length], randn(3, tokens - length, config.HiddenSize)], 1);
        Assert.True(half.eq(MixedPrecision.Full(attention.forward(padded, mask)))[.., ..length].all().item<bool>());
        var (context, probabilities) = attention.ForwardWithProbabilities(hidden, mask);
        Assert.Equal(ScalarType.Float32, probabilities.dtype);
        Assert.InRange((probabilities.sum(-1) - 1).abs().max().item<float>(), 0, 1e-5);
        Assert.InRange((full - MixedPrecision.Full(context)).abs().max().item<float>(), 0, 0.02 * full.abs().max().item<float>());
    }

    [Theory]
    [InlineData(Precision.Fp32)]
    [InlineData(Precision.Bf16)]
    public void Without_bf16_products_the_same_rounded_numbers_are_multiplied_and_the_result_is_rounded(Precision precision)
    {
        using var scope = NewDisposeScope();
        random.manual_seed(9);
        var (x, weight, bias, up) = (randn(40, 48), randn(24, 48), randn(24), randn(40, 24));
        Array.ForEach([x, weight, bias], one => one.requires_grad = true);
        using var use = MixedPrecision.UseWith(precision, native: false);
        var y = MixedPrecision.Linear(x, weight, bias); // 40 × 24
        (MixedPrecision.Full(y) * up).sum().backward();
        var type = precision == Precision.Bf16 ? ScalarType.BFloat16 : ScalarType.Float32;
        Assert.Equal(type, y.dtype);
        Tensor Double(Tensor one) => one.detach().to_type(type).to_type(ScalarType.Float64); // exact, then summed in fp64
        AssertRounded(Double(x).mm(Double(weight).t()) + Double(bias), y); // 40 × 24
        AssertRounded(Double(x).mm(Double(weight).t()), MixedPrecision.Product(x, weight.t())); // 40 × 24
        AssertRounded(Double(up).mm(Double(weight)), x.grad!); // 40 × 48
        AssertRounded(Double(up).t().mm(Double(x)), weight.grad!); // 24 × 48
        AssertRounded(Double(up).sum(dim: 0), bias.grad!); // 24

        // The order of sums in fp32 decides a few roundings otherwise.
        void AssertRounded(Tensor expected, Tensor actual)
        {
            var numbers = actual.detach().to_type(ScalarType.Float64);
            double step = precision == Precision.Bf16 ? Math.Pow(2, -8) : 1e-5;
            Assert.True(((numbers - expected).abs() <= (expected.abs() * step) + 1e-4).all().item<bool>());
            if (precision == Precision.Bf16)
            {
                Assert.True(numbers.eq(numbers.to_type(type).to_type(ScalarType.Float64)).all().item<bool>());
                Assert.InRange(numbers.eq(Double(expected)).to_type(ScalarType.Float64).mean().item<double>(), 0.98, 1);
            }
        }
    }

    [Theory]
    [InlineData("fc")]
    [InlineData("bilstm")]
    public void A_model_computes_the_same_with_bf16_products_and_without_them_but_for_the_order_of_sums(string head)
    {
        using var scope = NewDisposeScope();
        using var model = Small.Classifier(head, HeadVariant.MaskAware);
        model.eval(); // without dropout
        var (full, half, emulated) = (Gradients(null), Gradients(true), Gradients(false));
        Assert.False(full.eq(emulated).all().item<bool>());
        Assert.InRange(((half - emulated).norm() / (half - full).norm()).item<float>(), 0, 0.7);

        Tensor Gradients(bool? native)
        {
            var precision = native is null ? Precision.Fp32 : Precision.Bf16;
            return cat([.. MixedPrecisionTests.Gradients(model, precision, native).Select(gradient => gradient.flatten())]);
        }
    }

    [Theory]
    [InlineData(100, 9, false)] // libtorch's loops have a hundredth
    [InlineData(100, 11, true)]
    public void Bf16_is_multiplied_as_such_unless_that_is_hopeless(double fp32, double bf16, bool native) =>
        Assert.Equal(native, MixedPrecision.MeasureNative((type, _) => type == ScalarType.Float32 ? fp32 : bf16));

    [Theory]
    [InlineData("auto", Precision.Auto)]
    [InlineData("fp32", Precision.Fp32)]
    [InlineData("bf16", Precision.Bf16)]
    public void Names_are_read_back(string name, Precision precision)
    {
        Assert.Equal(precision, MixedPrecision.Parse(name));
        Assert.Equal(name, MixedPrecision.NameOf(precision));
    }

    [Fact]
    public void Another_name_is_refused_with_a_list_of_names()
    {
        string message = Assert.Throws<InputException>(() => MixedPrecision.Parse("fp16")).Message;
        Assert.Contains("\"fp16\"", message, StringComparison.Ordinal);
        Assert.Contains("auto, fp32, bf16", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(100, 129, false)]
    [InlineData(100, 130, true)] // 1.3 times as fast
    [InlineData(100, 3, false)] // without instructions for it
    public void Auto_takes_bf16_where_its_products_are_as_much_faster_as_is_promised(double fp32, double bf16, bool pays)
    {
        int calls = 0;
        Assert.Equal(pays, MixedPrecision.Measure((type, _) => // the best rate counts: another program may disturb all others
        {
            Assert.Equal(1, get_num_threads());
            return (type == ScalarType.Float32 ? fp32 : bf16) * (calls++ / 2 == 5 ? 1 : 0.1);
        }));
    }

    [Fact]
    public void Auto_is_what_the_measurement_says_and_draws_no_random_numbers()
    {
        using var scope = NewDisposeScope();
        random.manual_seed(6);
        var state = get_rng_state();
        int threads = get_num_threads();
        _ = MixedPrecision.Measure(MixedPrecision.Rate);
        Assert.Equal(threads, get_num_threads());
        Assert.True(state.eq(get_rng_state()).all().item<bool>());
        Assert.Equal(MixedPrecision.PaysOff ? Precision.Bf16 : Precision.Fp32, MixedPrecision.Resolve(Precision.Auto));
        Assert.Equal(Precision.Fp32, MixedPrecision.Resolve(Precision.Fp32));
        Assert.Equal(Precision.Bf16, MixedPrecision.Resolve(Precision.Bf16));
    }

    private static Tensor Run(SequenceClassifier model)
    {
        using var grad = no_grad();
        return model.forward(Ids(), ones(Shape, dtype: ScalarType.Int64), null);
    }

    private static Tensor[] Gradients(SequenceClassifier model, Precision precision, bool? native = null)
    {
        using var use = MixedPrecision.UseWith(precision, native);
        model.zero_grad();
        SequenceClassifier.Loss(model.forward(Ids(), ones(Shape, dtype: ScalarType.Int64), null), tensor(new long[] { 0, 1 })).backward();
        return [.. model.parameters().Select(parameter => parameter.grad!.clone())];
    }

    private static Tensor Ids() => (arange(Shape[0] * Shape[1], dtype: ScalarType.Int64) + 5).view(Shape); // B × L
}
