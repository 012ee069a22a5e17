using System.Diagnostics;

namespace Electra;

/// <summary>Adds up what the next report tells.</summary>
internal sealed class ReportWindow
{
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private double _generatorLoss;
    private double _discriminatorLoss;
    private double _loss;
    private long _tokens;
    private int _steps;
    private TrainingStep? _last;

    /// <summary>Rows of the last batch.</summary>
    public int Rows { get; private set; }

    public void Add(DetectionOutcome outcome)
    {
        _generatorLoss += outcome.GeneratorLoss.item<float>();
        _discriminatorLoss += outcome.DiscriminatorLoss.item<float>();
        _tokens += outcome.Attended?.sum().item<long>() ?? outcome.Replaced.numel();
        Rows = (int)outcome.Replaced.shape[0];
    }

    public void Add(TrainingStep step)
    {
        _loss += step.Loss;
        _steps++;
        _last = step;
    }

    /// <summary>Stops the time: what follows is no training.</summary>
    public void Pause() => _watch.Stop();

    /// <summary>The report, after at least one step; a new window begins.</summary>
    public PretrainingReport Close(DetectionMetrics? heldOut)
    {
        var report = new PretrainingReport(
            _last!.Step + 1,
            _last.LearningRate,
            _loss / _steps,
            _generatorLoss / _steps,
            _discriminatorLoss / _steps,
            _tokens / Math.Max(1e-3, _watch.Elapsed.TotalSeconds),
            heldOut);
        (_loss, _generatorLoss, _discriminatorLoss, _tokens, _steps) = (0, 0, 0, 0, 0);
        _watch.Restart();
        return report;
    }
}
