namespace NotebookKernel;

/// <summary>Memory that those who have shown no key may take together, in bytes.</summary>
internal sealed class Allowance(long bytes)
{
    private long _left = bytes;

    public bool TryTake(long bytes)
    {
        if (Interlocked.Add(ref _left, -bytes) >= 0)
        {
            return true;
        }

        Return(bytes);
        return false;
    }

    public void Return(long bytes) => Interlocked.Add(ref _left, bytes);
}
