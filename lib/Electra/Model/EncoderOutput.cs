using static TorchSharp.torch;

namespace Electra;

/// <summary>What an encoder makes of a batch.</summary>
/// <param name="LastHiddenState">B × L × H: what comes out of the last layer.</param>
/// <param name="HiddenStates">What goes into the first layer and what comes out of each, layers + 1 tensors B × L × H, when asked for; else
/// empty.</param>
/// <param name="Attentions">The attention probabilities of each layer, B × A × L × L, when asked for; else empty.</param>
public sealed record EncoderOutput(Tensor LastHiddenState, IReadOnlyList<Tensor> HiddenStates, IReadOnlyList<Tensor> Attentions);
