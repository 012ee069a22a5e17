using TorchSharp;

namespace Electra;

/// <summary>Where tensors are computed.</summary>
public static class Devices
{
    /// <summary>The first GPU where a CUDA build of TorchSharp finds one, or else the CPU.</summary>
    public static torch.Device Best { get; } = torch.cuda.is_available() ? torch.CUDA : torch.CPU;
}
