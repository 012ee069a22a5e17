namespace NotebookKernel;

/// <summary>The child process of <see cref="Worker"/>.</summary>
internal static class Program
{
    private static async Task<int> Main(string[] args)
    {
        if (args is ["run", .. var paths])
        {
            IReadOnlyList<NotebookResult> results = await NotebookRunner.RunAsync(paths, new RunOptions { Write = true }, p => Console.WriteLine(p));
            return results.Any(r => r.Failures.Count > 0) ? 1 : 0;
        }

        if (args is ["host", var input, var output])
        {
            await Host.RunAsync(input, output);
            return 0;
        }

        return 2;
    }
}
