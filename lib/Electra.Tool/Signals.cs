using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Electra.Tool;

/// <summary>
/// Ctrl-C and SIGTERM, which a scheduler sends before it kills: the first lets the work end orderly, which saves what is to go on from; the
/// second ends the program at once, which harms no file, as all are written beside their place.
/// </summary>
internal sealed class Signals : IDisposable
{
    private readonly CancellationTokenSource _first = new();
    private readonly PosixSignalRegistration[] _registrations;
    private int _count;

    /// <summary>Listens from now on.</summary>
    public Signals() => _registrations =
        [PosixSignalRegistration.Create(PosixSignal.SIGINT, Receive), PosixSignalRegistration.Create(PosixSignal.SIGTERM, Receive)];

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
