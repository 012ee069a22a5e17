using System.Diagnostics;
using System.Runtime.InteropServices;

namespace NotebookKernel;

/// <summary>The Jupyter kernel: answers one client program until it says shutdown.</summary>
public static class KernelServer
{
    /// <summary>Listens where a connection file says, and runs cells in the current folder.</summary>
    /// <param name="connectionFile">What Jupyter wrote for this kernel.</param>
    /// <param name="cancel">Ends the kernel.</param>
    /// <returns>A task that ends with the kernel.</returns>
    /// <exception cref="NotebookException">The connection file cannot be used, or a port is taken.</exception>
    public static async Task RunAsync(string connectionFile, CancellationToken cancel = default)
    {
        // Interrupts come as messages; a Ctrl+C in the terminal is for the client.
        using var signal = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => context.Cancel = true);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        using var term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
        {
            context.Cancel = true;
            ended.Cancel();
        });
        _ = EndWithParentAsync(ended);
        await using var kernel = new JupyterKernel(ConnectionFile.Read(connectionFile));
        await kernel.RunAsync(ended.Token);
    }

    /// <summary>A client that was killed leaves no kernel behind.</summary>
    private static async Task EndWithParentAsync(CancellationTokenSource ended)
    {
        if (OperatingSystem.IsWindows() || !int.TryParse(Environment.GetEnvironmentVariable("JPY_PARENT_PID"), out int id) || id <= 1)
        {
            return;
        }

        try
        {
            using var parent = Process.GetProcessById(id);
            await parent.WaitForExitAsync(ended.Token);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            // Already gone.
        }

        await ended.CancelAsync();
    }
}
