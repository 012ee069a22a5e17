namespace Electra;

/// <summary>How far a training is; part of its saved state.</summary>
internal sealed class TrainingProgress
{
    /// <summary>Steps done.</summary>
    public int Step { get; set; }

    /// <summary>Sum of the losses of the present epoch.</summary>
    public double LossSum { get; set; }

    /// <summary>Seconds of training in the present epoch.</summary>
    public double Seconds { get; set; }

    /// <summary>The epochs done.</summary>
    public List<TrainingEpoch> Epochs { get; set; } = [];

    /// <summary>The best epoch, from 0, or -1.</summary>
    public int BestEpoch { get; set; } = -1;

    /// <summary>Whether the dev score has not improved for too long.</summary>
    public bool StoppedEarly { get; set; }
}
