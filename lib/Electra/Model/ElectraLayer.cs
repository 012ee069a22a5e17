using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Electra;

/// <summary>
/// One layer: attention over the row, then a feed-forward block on every token by itself. Source: transformers, <c>ElectraLayer</c>.
/// </summary>
public sealed class ElectraLayer : nn.Module<Tensor, Tensor?, Tensor>
{
    [ComponentName(Name = "attention")]
    private readonly AttentionBlock _attention;

    [ComponentName(Name = "intermediate")]
    private readonly Intermediate _intermediate;

    [ComponentName(Name = "output")]
    private readonly AddAndNorm _output;

    /// <summary>Creates a freshly initialised layer.</summary>
    public ElectraLayer(ElectraConfig config)
        : base(nameof(ElectraLayer))
    {
        _attention = new AttentionBlock(config);
        _intermediate = new Intermediate(config);
        _output = new AddAndNorm(config.IntermediateSize, config);
        RegisterComponents();
    }

    /// <summary>Runs the layer.</summary>
    /// <param name="hidden">B × L × H.</param>
    /// <param name="bias">B × 1 × 1 × L, added to the attention scores, or null.</param>
    /// <returns>B × L × H.</returns>
    public override Tensor forward(Tensor hidden, Tensor? bias)
    {
        using var scope = NewDisposeScope();
        var attended = _attention.Output.forward(_attention.Self.forward(hidden, bias), hidden); // B × L × H
        return FeedForward(attended).MoveToOuterDisposeScope();
    }

    /// <summary>The same, with the attention probabilities (B × A × L × L).</summary>
    public (Tensor Hidden, Tensor Probabilities) ForwardWithProbabilities(Tensor hidden, Tensor? bias)
    {
        using var scope = NewDisposeScope();
        var (context, probabilities) = _attention.Self.ForwardWithProbabilities(hidden, bias);
        var attended = _attention.Output.forward(context, hidden); // B × L × H
        return (FeedForward(attended).MoveToOuterDisposeScope(), probabilities.MoveToOuterDisposeScope());
    }

    private Tensor FeedForward(Tensor attended) => _output.forward(_intermediate.forward(attended), attended);

    // The two modules below only give the parameters the names that checkpoints have: attention.self.*, attention.output.*,
    // intermediate.dense.*
    private sealed class AttentionBlock : nn.Module
    {
        [ComponentName(Name = "self")]
        public readonly ElectraSelfAttention Self;

        [ComponentName(Name = "output")]
        public readonly AddAndNorm Output;

        public AttentionBlock(ElectraConfig config)
            : base(nameof(AttentionBlock))
        {
            Self = new ElectraSelfAttention(config);
            Output = new AddAndNorm(config.HiddenSize, config);
            RegisterComponents();
        }
    }

    private sealed class Intermediate : nn.Module<Tensor, Tensor>
    {
        [ComponentName(Name = "dense")]
        private readonly FastLinear _dense;

        private readonly Func<Tensor, Tensor> _activated;

        public Intermediate(ElectraConfig config)
            : base(nameof(Intermediate))
        {
            _dense = new FastLinear(config.HiddenSize, config.IntermediateSize);
            var activation = Activation.Get(config.HiddenAct);
            _activated = config.HiddenAct == Activation.Gelu ? _dense.ForwardGelu : x => activation(_dense.forward(x));
            RegisterComponents();
        }

        public override Tensor forward(Tensor x) => _activated(x); // B × L × intermediate size
    }
}
