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
    private int _detections; // the steps that were not masked ones
    private TrainingStep? _last;

    /// <summary>Rows of the last batch.</summary>
    public int Rows { get; private set; }

    public void Add(TokenRows rows, int padId)
    {
        Rows = rows.Rows;
        _tokens += rows.Ids.Count(id => id != padId);
    }

    public void Add(DetectionOutcome outcome)
    {
        _generatorLoss += outcome.GeneratorLoss.item<float>();
        _discriminatorLoss += outcome.DiscriminatorLoss.item<float>();
        _detections++;
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
    public PretrainingReport Close(DetectionMetrics? heldOut, double? correctionLoss)
    {
        var report = new PretrainingReport(
            _last!.Step + 1,
            _last.LearningRate,
            _loss / _steps,
            Mean(_generatorLoss),
            Mean(_discriminatorLoss),
            _tokens / Math.Max(1e-3, _watch.Elapsed.TotalSeconds),
            heldOut,
            correctionLoss);
        (_loss, _generatorLoss, _discriminatorLoss, _tokens, _steps, _detections) = (0, 0, 0, 0, 0, 0);
        _watch.Restart();
        return report;

        double? Mean(double sum) => _detections == 0 ? null : sum / _detections;
    }
}
