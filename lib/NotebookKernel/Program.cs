namespace NotebookKernel;

/// <summary>The programs behind the library: the process that runs cells, and the Jupyter kernel.</summary>
internal static class Program
{
    private static async Task<int> Main(string[] args)
    {
        try
        {
            switch (args)
            {
                case ["host", var input, var output]:
                    Host.Run(input, output);
                    return 0;
                case ["serve", var connectionFile]:
                    await KernelServer.RunAsync(connectionFile);
                    return 0;
                default:
                    Console.Error.WriteLine("Use 'electra notebooks' and 'electra kernel', or 'serve CONNECTION_FILE'.");
                    return 2;
            }
        }
        catch (NotebookException e)
        {
            Console.Error.WriteLine(e.Message);
            return 2;
        }
    }
}
