using TorchSharp;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Electra;

/// <summary>
/// Every token asks all tokens of its row and takes the answers' weighted mean: softmax(Q·Kᵀ / √D)·V, in A heads of size D.
/// Source: Vaswani et al. 2017, section 3.2; transformers, <c>ElectraSelfAttention</c>.
/// </summary>
public sealed class ElectraSelfAttention : nn.Module<Tensor, Tensor?, Tensor>
{
    private const int LongestSpelledOut = 128; // tokens: gradients need the scores, L² numbers a head, which the fused kernel makes again

    [ComponentName(Name = "query")]
    private readonly FastLinear _query;

    [ComponentName(Name = "key")]
    private readonly FastLinear _key;

    [ComponentName(Name = "value")]
    private readonly FastLinear _value;

    private readonly int _heads;
    private readonly double _dropout;

    /// <summary>Creates a freshly initialised attention.</summary>
    public ElectraSelfAttention(ElectraConfig config)
        : base(nameof(ElectraSelfAttention))
    {
        _heads = config.NumAttentionHeads;
        _dropout = config.AttentionProbsDropoutProb;
        _query = new FastLinear(config.HiddenSize, config.HiddenSize);
        _key = new FastLinear(config.HiddenSize, config.HiddenSize);
        _value = new FastLinear(config.HiddenSize, config.HiddenSize);
        RegisterComponents();
    }

    /// <summary>Attends: with libtorch's fused kernel, which in bf16 on a CPU is slower than the formula spelled out.</summary>
    /// <param name="hidden">B × L × H.</param>
    /// <param name="bias">B × 1 × 1 × L, added to the scores: 0 where attention may look, very negative where not; or null.</param>
    /// <returns>B × L × H.</returns>
    public override Tensor forward(Tensor hidden, Tensor? bias)
    {
        using var scope = NewDisposeScope();
        if (MixedPrecision.InUse == Precision.Bf16 && hidden.device_type == DeviceType.CPU && hidden.shape[1] <= LongestSpelledOut)
        {
            return ForwardWithProbabilities(hidden, bias).Context.MoveToOuterDisposeScope();
        }

        var (query, key, value) = Project(hidden);
        (query, key, value) = (MixedPrecision.Full(query), MixedPrecision.Full(key), MixedPrecision.Full(value));
        var context = nn.functional.scaled_dot_product_attention(query, key, value, bias, training ? _dropout : 0); // B × A × L × D
        return JoinHeads(context).MoveToOuterDisposeScope();
    }

    /// <summary>The same, spelled out, for when the probabilities are to be looked at.</summary>
    /// <param name="hidden">B × L × H.</param>
    /// <param name="bias">B × 1 × 1 × L, or null.</param>
    /// <returns>B × L × H, and the probabilities B × A × L × L, whose last axis sums to 1.</returns>
    public (Tensor Context, Tensor Probabilities) ForwardWithProbabilities(Tensor hidden, Tensor? bias)
    {
        using var scope = NewDisposeScope();
        var (query, key, value) = Project(hidden);
        var products = MixedPrecision.Product(query, key.transpose(-2, -1)); // B × A × L × L
        var scores = MixedPrecision.Full(products) / Math.Sqrt(query.shape[^1]); // B × A × L × L
        var probabilities = (bias is null ? scores : scores + bias).softmax(-1); // B × A × L × L
        var dropped = nn.functional.dropout(probabilities, _dropout, training);
        var context = JoinHeads(MixedPrecision.Product(dropped, value)); // B × L × H
        return (context.MoveToOuterDisposeScope(), probabilities.MoveToOuterDisposeScope());
    }

    private (Tensor Query, Tensor Key, Tensor Value) Project(Tensor hidden)
    {
        var input = MixedPrecision.Input(hidden);
        return (SplitHeads(_query.forward(input)), SplitHeads(_key.forward(input)), SplitHeads(_value.forward(input)));
    }

    private Tensor SplitHeads(Tensor x)
    {
        var (batch, tokens, size) = x.shape;
        return x.view(batch, tokens, _heads, size / _heads).transpose(1, 2); // B × A × L × D
    }

    private static Tensor JoinHeads(Tensor x)
    {
        var (batch, heads, tokens, size) = x.shape;
        return x.transpose(1, 2).reshape(batch, tokens, heads * size); // B × L × H
    }
}
