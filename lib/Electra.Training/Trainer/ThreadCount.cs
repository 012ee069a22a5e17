using TorchSharp;

namespace Electra;

/// <summary>How many threads libtorch computes with, until it is disposed: their number changes how sums are rounded.</summary>
internal sealed class ThreadCount : IDisposable
{
    private readonly int _before = torch.get_num_threads();

    /// <summary>Sets it.</summary>
    /// <param name="threads">Null leaves it as it is.</param>
    public ThreadCount(int? threads)
    {
        if (threads is { } count)
        {
            torch.set_num_threads(count);
        }
    }

    public void Dispose()
    {
        if (torch.get_num_threads() != _before)
        {
            torch.set_num_threads(_before);
        }
    }
}
