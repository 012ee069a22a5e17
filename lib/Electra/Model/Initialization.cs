using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Electra;

/// <summary>Fresh weights as Hugging Face draws them. Source: transformers, <c>ElectraPreTrainedModel._init_weights</c>.</summary>
public static class Initialization
{
    /// <summary>
    /// Linear and embedding weights: normal with mean 0 and <c>initializer_range</c>; biases and the row of [PAD]: 0; LayerNorm: 1 and 0.
    /// Other modules (convolution, LSTM) keep PyTorch's own initialisation.
    /// </summary>
    /// <param name="root">A module with all that it is made of.</param>
    /// <param name="config">Gives <c>initializer_range</c>.</param>
    public static void Normal(nn.Module root, ElectraConfig config)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        foreach (var module in root.modules())
        {
            switch (module)
            {
                case FastLinear linear:
                    linear.Initialize(config.InitializerRange);
                    break;
                case Linear linear:
                    linear.weight.normal_(0, config.InitializerRange);
                    linear.bias?.zero_();
                    break;
                case Embedding embedding:
                    embedding.weight!.normal_(0, config.InitializerRange);
                    if (embedding.weight.shape[0] == config.VocabSize)
                    {
                        embedding.weight[config.PadTokenId].zero_();
                    }

                    break;
                default:
                    break;
            }
        }
    }
}
