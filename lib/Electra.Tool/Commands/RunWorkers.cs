using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;

namespace Electra.Tool.Commands;

/// <summary>
/// Makes runs side by side, each in a process of its own: libtorch has one random generator and one number of threads a process. A worker
/// is this program with the same arguments. It reads the numbers of runs, a line each, and writes what happens, a line of JSON each. When
/// its input ends while it is busy, it saves and stops: so it outlives neither an interrupt nor the death of who started it.
/// </summary>
internal static class RunWorkers
{
    /// <summary>What makes a worker of a comparison.</summary>
    public const string Option = "--worker";

    /// <summary>Makes runs.</summary>
    /// <param name="comparison">The comparison.</param>
    /// <param name="missing">
    /// Which of its runs, the slowest first. Every other worker takes them from the other end: they meet at runs of middle length, where
    /// none has long to wait for another.
    /// </param>
    /// <param name="jobs">How many at the same time.</param>
    /// <param name="arguments">What the program was started with, <c>compare</c> first, without what a worker is told anyway.</param>
    /// <param name="threads">Threads of each.</param>
    /// <param name="display">Told of everything.</param>
    /// <param name="cancellation">Stops all; what they have done is kept.</param>
    public static void Make(
        Comparison comparison, IReadOnlyList<Comparison.PlannedRun> missing, int jobs, IReadOnlyList<string> arguments, int threads,
        RunDisplay display, CancellationToken cancellation)
    {
        var left = new LinkedList<Comparison.PlannedRun>(missing);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Task[] workers = [.. Enumerable.Range(0, jobs).Select(worker => Task.Factory.StartNew(
            () =>
            {
                try
                {
                    Drive(comparison, () => Next(slowest: worker % 2 == 0), [.. arguments, "--jobs", $"{jobs}", Option], threads, display,
                        stop.Token);
                }
                catch
                {
                    stop.Cancel(); // the others save and stop
                    throw;
                }
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default))];
        try
        {
            Task.WaitAll(workers, CancellationToken.None);
        }
        catch (AggregateException e)
        {
            cancellation.ThrowIfCancellationRequested();
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(
                e.InnerExceptions.FirstOrDefault(inner => inner is not OperationCanceledException) ?? e.InnerExceptions[0]);
        }

        Comparison.PlannedRun? Next(bool slowest)
        {
            lock (left)
            {
                var taken = slowest ? left.First : left.Last;
                if (taken is not null)
                {
                    left.Remove(taken);
                }

                return taken?.Value;
            }
        }
    }

    /// <summary>Is a worker.</summary>
    /// <param name="comparison">The comparison.</param>
    /// <param name="input">Numbers of runs.</param>
    /// <param name="output">Where it says what happens.</param>
    /// <param name="cancellation">Stops it; what it has done is kept.</param>
    public static void Serve(Comparison comparison, TextReader input, TextWriter output, CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var numbers = new BlockingCollection<int>();
        bool busy = false;
        var reader = new Thread(() =>
        {
            while (input.ReadLine() is { } line)
            {
                numbers.Add(int.Parse(line, System.Globalization.CultureInfo.InvariantCulture), CancellationToken.None);
            }

            numbers.CompleteAdding();
            if (Volatile.Read(ref busy))
            {
                stop.Cancel();
            }
        })
        { IsBackground = true };
        reader.Start();
        var last = Stopwatch.StartNew();
        foreach (int number in numbers.GetConsumingEnumerable(stop.Token))
        {
            Volatile.Write(ref busy, true);
            var run = comparison.Plan[number];
            try
            {
                comparison.Run(
                    run,
                    step =>
                    {
                        if (step.Step == 0 || last.ElapsedMilliseconds > 100)
                        {
                            Say(new(number, Step: step));
                            last.Restart();
                        }
                    },
                    onNote: note => Say(new(number, Note: note)),
                    cancellation: stop.Token);
            }
            catch (InputException e)
            {
                Say(new(number, Failed: e.Message));
                throw;
            }

            Volatile.Write(ref busy, false);
            Say(new(number, Made: true));
        }

        void Say(Message message)
        {
            output.WriteLine(JsonSerializer.Serialize(message));
            output.Flush();
        }
    }

    private static void Drive(
        Comparison comparison, Func<Comparison.PlannedRun?> next, string[] arguments, int threads, RunDisplay display,
        CancellationToken cancellation)
    {
        if (next() is not { } run)
        {
            return;
        }

        using var process = Start(arguments, threads);
        string lastWords = "";
        process.ErrorDataReceived += (_, line) => lastWords = line.Data is { Length: > 0 } text ? text : lastWords;
        process.BeginErrorReadLine();
        using (cancellation.Register(process.StandardInput.Close))
        {
            for (var taken = run; taken is not null && !cancellation.IsCancellationRequested; taken = next())
            {
                display.Begin(taken);
                Tell(process, $"{comparison.Plan.Index().Single(planned => planned.Item == taken).Index}");
                if (!Follow(process, taken, display))
                {
                    break;
                }
            }
        }

        process.StandardInput.Close();
        process.WaitForExit();
        cancellation.ThrowIfCancellationRequested();
        if (process.ExitCode == Terminal.Interrupted)
        {
            throw new OperationCanceledException();
        }

        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"a training beside this one ended with code {process.ExitCode} ({lastWords})");
        }
    }

    // Reads what a worker says of a run, until that is made; false when it says no more.
    private static bool Follow(Process process, Comparison.PlannedRun run, RunDisplay display)
    {
        while (process.StandardOutput.ReadLine() is { } line)
        {
            var message = JsonSerializer.Deserialize<Message>(line)!;
            if (message.Failed is { } failed)
            {
                throw new InputException(failed);
            }

            if (message.Note is { } note)
            {
                display.Note(note);
            }

            if (message.Step is { } step)
            {
                display.Step(run, step);
            }

            if (message.Made)
            {
                display.Done(run, run.IsRecorded ? RunRecord.Read(run.Path) : null);
                return true;
            }
        }

        return false;
    }

    private static void Tell(Process process, string line)
    {
        try
        {
            process.StandardInput.WriteLine(line);
            process.StandardInput.Flush();
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // It has ended, or was stopped just now: its exit code says why.
        }
    }

    private static Process Start(string[] arguments, int threads)
    {
        string program = typeof(RunWorkers).Assembly.Location;
        string own = Environment.ProcessPath!;
        bool isHost = Path.GetFileNameWithoutExtension(own) == "dotnet";
        var start = new ProcessStartInfo(isHost || File.Exists(program) ? (isHost ? own : "dotnet") : own,
            File.Exists(program) ? [program, .. arguments] : arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["OMP_NUM_THREADS"] = $"{threads}";
        return Process.Start(start)!;
    }

    // What a worker says of a run; made: it is recorded, or another process is making it.
    private sealed record Message(int Member, TrainingStep? Step = null, string? Note = null, string? Failed = null, bool Made = false);
}
