using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Electra;

/// <summary>
/// The usual head: dropout and one linear layer for every token. It looks at no other position, so both variants are this one. Its
/// parameters are <c>weight</c> and <c>bias</c> without a layer's name before them, as in Hugging Face's <c>classifier</c> and
/// <c>qa_outputs</c>. Source: transformers, <c>ElectraForTokenClassification</c>; its <c>ElectraForQuestionAnswering</c> has no dropout
/// here.
/// </summary>
public sealed class LinearTokenHead : TokenHead
{
    [ComponentName(Name = "dropout")]
    private readonly FastDropout _dropout;

    [ComponentName(Name = "weight")]
    private readonly Parameter _weight; // C × H

    [ComponentName(Name = "bias")]
    private readonly Parameter _bias; // C

    /// <summary>Creates a freshly initialised head.</summary>
    /// <param name="config">Gives H, the dropout and the initialisation.</param>
    /// <param name="labels">C, the number of labels.</param>
    public LinearTokenHead(ElectraConfig config, int labels)
        : base(nameof(LinearTokenHead))
    {
        _dropout = new FastDropout(config.HeadDropout);
        _weight = nn.Parameter(randn(labels, config.HiddenSize) * config.InitializerRange);
        _bias = nn.Parameter(zeros(labels));
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor lastHiddenState, Tensor attentionMask)
    {
        using var scope = NewDisposeScope();
        return nn.functional.linear(_dropout.forward(lastHiddenState), _weight, _bias).MoveToOuterDisposeScope(); // B × L × C
    }
}
