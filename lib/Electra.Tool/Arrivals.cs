using System.Threading.Channels;

namespace Electra.Tool;

/// <summary>
/// What comes at its own pace, as a pipe's lines do, in groups: whatever is there is taken at once, and nothing waits for more.
/// </summary>
internal static class Arrivals
{
    /// <summary>
    /// Groups of at least one, in the order of the source; it is read ahead on a thread of its own, by one group at most.
    /// </summary>
    /// <param name="source">What comes; where it ends with an error, the error follows what came before it.</param>
    /// <param name="most">The size of a full group.</param>
    public static IEnumerable<T[]> InGroups<T>(IEnumerable<T> source, int most)
    {
        var waiting = Channel.CreateBounded<T>(most);
        _ = Task.Factory.StartNew(Read, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        var group = new List<T>(most);
        while (waiting.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            while (group.Count < most && waiting.Reader.TryRead(out var item))
            {
                group.Add(item);
            }

            yield return [.. group];
            group.Clear();
        }

        void Read()
        {
            try
            {
                foreach (var item in source)
                {
                    waiting.Writer.WriteAsync(item).AsTask().GetAwaiter().GetResult();
                }

                waiting.Writer.Complete();
            }
            catch (Exception e)
            {
                waiting.Writer.Complete(e);
            }
        }
    }
}
