using TorchSharp;

namespace Electra.Tests;

public class NativeLoadingTests
{
    [Fact]
    public void Libtorch_loads_and_computes() => Assert.Equal(6f, torch.ones(2, 3).sum().item<float>());
}
