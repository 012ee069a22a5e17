using System.Diagnostics;

namespace Electra.Tool.Commands;

/// <summary>How far the runs of a comparison are, be they trained one after the other or side by side.</summary>
internal sealed class RunDisplay : IDisposable
{
    private readonly Lock _lock = new();
    private readonly LearningTask _task;
    private readonly Progress _progress;
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private readonly HashSet<string> _notes = [];
    private readonly Dictionary<string, long> _done = [];
    private readonly Dictionary<string, TimeSpan> _begun = [];
    private readonly int _epochs;
    private readonly int _runs;
    private readonly long _perRun;
    private readonly long _total;
    private int _made;

    /// <summary>Begins.</summary>
    public RunDisplay(Comparison comparison, LearningTask task, TrainingOptions training)
    {
        (_task, _progress, _epochs, _runs) = (task, new Progress(task.Unit), training.Epochs, comparison.Plan.Count);
        _perRun = (long)task.TrainLengths.Count * training.Epochs;
        _total = comparison.Plan.Count(run => !run.IsRecorded && !run.IsBaseline) * _perRun;
        _made = comparison.Plan.Count(run => run.IsRecorded);
    }

    /// <summary>A run was begun.</summary>
    public void Begin(Comparison.PlannedRun run)
    {
        lock (_lock)
        {
            _begun[run.Path] = _watch.Elapsed;
        }
    }

    /// <summary>A run has made a step.</summary>
    public void Step(Comparison.PlannedRun run, TrainingStep step)
    {
        lock (_lock)
        {
            if (!_done.ContainsKey(run.Path))
            {
                _progress.Skip(_perRun * step.Step / step.TotalSteps); // an interrupted run goes on
            }

            _done[run.Path] = _perRun * (step.Step + 1L) / step.TotalSteps;
            _progress.Report($"{_made}/{_runs} made, {run.Name}, epoch {step.Epoch + 1}/{_epochs}, loss {step.Loss:0.000}",
                _done.Values.Sum(), _total);
        }
    }

    /// <summary>A sentence, once.</summary>
    public void Note(string note)
    {
        lock (_lock)
        {
            if (_notes.Add(note))
            {
                _progress.Line(note);
            }
        }
    }

    /// <summary>A run is recorded, or left to another process, which is making it.</summary>
    public void Done(Comparison.PlannedRun run, RunRecord? record)
    {
        lock (_lock)
        {
            if (record is null)
            {
                _progress.Line($"{run.Name}: left to another process, which is making it");
                return;
            }

            _made++;
            string result = $"{_made}/{_runs} {run.Name}: test {_task.Metric} {record.Metric.Value:0.0000}";
            if (!run.IsBaseline && !_done.ContainsKey(run.Path))
            {
                _progress.Line($"{result}, recorded before"); // by another process, a moment ago
                return;
            }

            if (!run.IsBaseline)
            {
                _done[run.Path] = _perRun;
            }

            string seconds = _begun.TryGetValue(run.Path, out var begun) ? $", {(_watch.Elapsed - begun).TotalSeconds:0} s" : "";
            string epoch = run.IsBaseline ? "" : $" after epoch {record.BestEpoch + 1}";
            string speed = record.Jobs == 1 && !run.IsBaseline ? $", {record.ExamplesPerSecond.Train:N0} {_task.Unit}/s" : "";
            _progress.Line($"{result}{epoch}{seconds}{speed}");
        }
    }

    public void Dispose() => _progress.Dispose();
}
