using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Electra.Tool;

/// <summary>
/// Ctrl-C, and what a scheduler sends before it kills, SIGTERM or a warning by SIGUSR1 or SIGUSR2: the first lets the work end orderly,
/// which saves what is to go on from; the second ends the program at once, which harms no file, as all are written beside their place.
/// </summary>
internal sealed class Signals : IDisposable
{
    private readonly CancellationTokenSource _first = new();
    private readonly PosixSignalRegistration[] _registrations;
    private int _count;

    /// <summary>Listens from now on.</summary>
    public Signals() => _registrations =
        [.. ((PosixSignal[])[PosixSignal.SIGINT, PosixSignal.SIGTERM, .. Warnings()])
            .Select(signal => PosixSignalRegistration.Create(signal, Receive))];

    /// <summary>Cancelled by the first.</summary>
    public CancellationToken First => _first.Token;

    public void Dispose()
    {
        foreach (var registration in _registrations)
        {
            registration.Dispose();
        }

        _first.Dispose();
    }

    // SIGUSR1 and SIGUSR2 have no names in .NET, and other numbers on each system.
    private static PosixSignal[] Warnings() =>
        OperatingSystem.IsLinux() ? [(PosixSignal)10, (PosixSignal)12]
        : OperatingSystem.IsMacOS() ? [(PosixSignal)30, (PosixSignal)31]
        : [];

    private void Receive(PosixSignalContext context)
    {
        context.Cancel = true;
        if (Interlocked.Increment(ref _count) > 1)
        {
            using var own = Process.GetCurrentProcess();
            own.Kill(); // no handler may wait for the work that did not end
        }

        Terminal.Note("Interrupted: the step in hand is finished and saved; once more ends at once.");
        _first.Cancel();
    }
}
