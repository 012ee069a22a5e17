using TorchSharp;
using static TorchSharp.torch;

namespace Electra;

/// <summary>
/// Promises that a model's weights stay as they are until this is disposed, and that many rows will be read with them, without gradients.
/// Its linear layers then keep a copy of their weights in the order that the fastest product wants, where one on this CPU is clearly faster
/// than libtorch's own; results differ in the last digits of fp32. Elsewhere, and in bf16, nothing is different.
/// </summary>
/// <example><c>using var fixedWeights = new FixedWeights(model); // then model.forward(…), again and again</c></example>
public sealed class FixedWeights : IDisposable
{
    private readonly FastLinear[] _layers = [];

    /// <summary>Copies the weights where that pays.</summary>
    /// <param name="model">Any model.</param>
    /// <param name="paysOff">Whether it pays, where that product is there; null: what a measurement says, once a process.</param>
    public FixedWeights(nn.Module model, bool? paysOff = null)
    {
        if (MixedPrecision.InUse == Precision.Fp32 && model.parameters().All(one => one.device_type == DeviceType.CPU)
            && OneDnn.IsThere && (paysOff ?? OneDnn.PaysOff))
        {
            _layers = [.. model.modules().OfType<FastLinear>()];
            Array.ForEach(_layers, layer => layer.Reorder(true));
        }
    }

    /// <summary>Forgets the copies.</summary>
    public void Dispose() => Array.ForEach(_layers, layer => layer.Reorder(false));
}
