using System.Diagnostics;
using Spectre.Console;

namespace Electra.Tool;

/// <summary>
/// How far long work is, on standard error: on a terminal one line that is rewritten, in a pipe a plain line every ten seconds.
/// </summary>
internal sealed class Progress : IDisposable
{
    private static readonly TimeSpan TerminalInterval = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan PipeInterval = TimeSpan.FromSeconds(10);

    private readonly string _unit;
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private readonly bool _live = !Console.IsErrorRedirected;
    private TimeSpan _next = TimeSpan.FromSeconds(1); // what is done by then needs no progress
    private long _skipped;
    private int _written;

    /// <summary>Begins.</summary>
    /// <param name="unit">What is counted: reviews, rows, bytes.</param>
    public Progress(string unit) => _unit = unit;

    /// <summary>Reports.</summary>
    /// <param name="what">What is being done.</param>
    /// <param name="done">Units done, those of <see cref="Skip"/> among them.</param>
    /// <param name="total">All units; null where that is not known.</param>
    public void Report(string what, long done, long? total)
    {
        if (_watch.Elapsed < _next || done >= total)
        {
            return;
        }

        _next = _watch.Elapsed + (_live ? TerminalInterval : PipeInterval);
        Write(Describe(what, done, total, _skipped, _watch.Elapsed.TotalSeconds, _unit));
    }

    /// <summary>Units that an earlier program did: they count as done, but tell nothing of how fast this one is.</summary>
    public void Skip(long units) => _skipped += units;

    /// <summary>The line.</summary>
    /// <param name="what">What is being done.</param>
    /// <param name="done">Units done.</param>
    /// <param name="total">All units; null where that is not known.</param>
    /// <param name="skipped">How many of those done were done before.</param>
    /// <param name="seconds">Since the beginning.</param>
    /// <param name="unit">What is counted.</param>
    internal static string Describe(string what, long done, long? total, long skipped, double seconds, string unit)
    {
        double rate = (done - skipped) / Math.Max(1e-3, seconds);
        string left = total is long all && rate > 0 ? $", {Duration((all - done) / rate)} left" : "";
        string share = total is long whole ? $"{(double)done / Math.Max(1, whole):P0}, " : "";
        return $"{what}: {share}{rate.ToString(rate < 10 ? "N2" : "N0")} {unit}/s{left}";
    }

    /// <summary>A line that stays.</summary>
    public void Line(string text)
    {
        Clear();
        Terminal.Error.WriteLine(text);
    }

    /// <summary>Takes the line off the terminal, before something else is printed there.</summary>
    public void Clear()
    {
        if (_written > 0)
        {
            Console.Error.Write($"\r{new string(' ', _written)}\r");
            _written = 0;
        }
    }

    public void Dispose() => Clear();

    private static string Duration(double seconds) => seconds switch
    {
        < 90 => $"{seconds:N0} s",
        < 5400 => $"{seconds / 60:N0} min",
        _ => $"{seconds / 3600:N1} h",
    };

    private void Write(string line)
    {
        if (!_live)
        {
            Terminal.Error.WriteLine(line);
            return;
        }

        Clear();
        string cut = line[..Math.Min(line.Length, Math.Max(1, Terminal.Error.Profile.Width - 1))];
        Console.Error.Write(Terminal.Clean(cut));
        _written = cut.Length;
    }
}
