using System.Runtime.CompilerServices;
using TorchSharp;

namespace Electra.Tests;

/// <summary>
/// One thread for libtorch: the models here are so small that threads only wait for each other, for minutes when the machine is busy, and
/// sums come out the same on every machine.
/// </summary>
internal static class OneThread
{
    [ModuleInitializer]
    internal static void Set() => torch.set_num_threads(1);
}
