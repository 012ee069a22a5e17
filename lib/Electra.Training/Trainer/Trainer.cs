using System.Diagnostics;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Electra;

/// <summary>
/// Trains any model: AdamW with decay groups, linear warm-up and decay, clipping, accumulation, the best epoch chosen on a dev score.
/// It knows nothing of texts or labels; the caller says which batches there are, what a batch's loss is, and how good the model is now.
/// Source: the original's training script; Loshchilov and Hutter 2019 (AdamW).
/// </summary>
public sealed class Trainer
{
    private readonly nn.Module _model;
    private readonly TrainingOptions _options;
    private readonly Func<int, IReadOnlyList<int[]>> _batches;
    private readonly Func<int[], Tensor> _loss;

    /// <summary>Prepares a training.</summary>
    /// <param name="model">What is trained.</param>
    /// <param name="options">How.</param>
    /// <param name="batches">The batches of an epoch (counted from 0), as positions of examples; equally many in each epoch, and the same
    /// when asked again.</param>
    /// <param name="loss">The mean loss of a batch, a single number that gradients flow from.</param>
    /// <exception cref="InputException">An option makes no sense.</exception>
    public Trainer(nn.Module model, TrainingOptions options, Func<int, IReadOnlyList<int[]>> batches, Func<int[], Tensor> loss)
    {
        options.Validate();
        InputException.Require(options.Method == TrainingOptions.PresentMethod, "method", options.Method,
            $"{TrainingOptions.PresentMethod}, by which this version trains");
        (_model, _options, _batches, _loss) = (model, options, batches, loss);
    }

    /// <summary>
    /// The score on the dev split, greater is better, called after each epoch with the model in evaluation mode and without gradients;
    /// null: the last epoch counts as the best. It may throw <see cref="OperationCanceledException"/> when the training is cancelled: the
    /// epoch is then evaluated when the training goes on.
    /// </summary>
    public Func<double>? Evaluate { get; init; }

    /// <summary>
    /// Where the state for going on later is kept: saved every few minutes, when cancelled, and after the last step, for whatever happens
    /// before the result is safe; null: nowhere.
    /// </summary>
    public string? StateFile { get; init; }

    /// <summary>
    /// What else a state and the training that goes on from it must have in common, such as data and kind of model; null: nothing.
    /// </summary>
    public string? Identity { get; init; }

    /// <summary>AdamW's epsilon, which keeps rarely used weights from making large steps.</summary>
    public double AdamEpsilon { get; init; } = 1e-8;

    /// <summary>Share of the steps, after the warm-up, in which the learning rate stays at its highest before it falls.</summary>
    public double HeldProportion { get; init; }

    /// <summary>
    /// The <see cref="LastStateFile"/> of an earlier training, whose weights and AdamW averages this one begins with, as far as names and
    /// shapes are the same; null: it begins with the model as it is, and no averages.
    /// </summary>
    public string? StartState { get; init; }

    /// <summary>Where the state is kept after the last step, for another training to begin with; null: nowhere.</summary>
    public string? LastStateFile { get; init; }

    /// <summary>Called after every step.</summary>
    public Action<TrainingStep>? OnStep { get; init; }

    /// <summary>Called after every epoch.</summary>
    public Action<TrainingEpoch>? OnEpoch { get; init; }

    /// <summary>
    /// Called with a sentence when a state finds no room: the training goes on without it. Null: that is an error, unless all is trained.
    /// </summary>
    public Action<string>? OnNote { get; init; }

    /// <summary>
    /// How often the state is saved: what a sudden end may cost. A state is three times as large as the model, and shorter trainings do
    /// without.
    /// </summary>
    internal TimeSpan SaveInterval { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// The precision that an interrupted training computes in: what it asked for may have been <see cref="Precision.Auto"/>, which a busy
    /// machine can answer differently.
    /// </summary>
    /// <param name="stateFile">Its <see cref="StateFile"/>.</param>
    /// <exception cref="InputException">It is no state of a training.</exception>
    public static Precision PrecisionOf(string stateFile) => TrainingState.PrecisionOf(stateFile);

    /// <summary>
    /// Trains to the end and leaves the weights of the best epoch in the model. When cancelled, it stops after the step in hand or in an
    /// evaluation, saves its
    /// state, and leaves the weights of the best epoch so far, or the present ones when no epoch is finished.
    /// </summary>
    /// <param name="resume">Whether to go on from <see cref="StateFile"/>; the end is then the same to the last bit as without the
    /// interruption (with dropout: on a CPU).</param>
    /// <param name="cancellation">Asks to stop.</param>
    /// <exception cref="InputException">The loss or a gradient is no longer finite, or the state cannot be read, written, or belongs to
    /// other options.</exception>
    public TrainingHistory Run(bool resume = false, CancellationToken cancellation = default)
    {
        using var threads = new ThreadCount(_options.Threads);
        using var scope = NewDisposeScope();
        var groups = Groups();
        using var optimizer = CreateOptimizer(groups);
        int stepsPerEpoch = (_batches(0).Count + _options.Accumulation - 1) / _options.Accumulation;
        int totalSteps = _options.Epochs * stepsPerEpoch;
        var schedule = new LinearSchedule(_options.LearningRate, (int)(totalSteps * _options.WarmupProportion), totalSteps,
            (int)(totalSteps * HeldProportion));
        var state = new TrainingState([.. groups.SelectMany(group => group.Parameters)], optimizer, _options, stepsPerEpoch, Identity);
        random.manual_seed(_options.Seed);
        if (resume && StateFile is not null)
        {
            state.Load(StateFile);
        }
        else if (StartState is not null)
        {
            state.Begin(StartState);
        }

        var progress = state.Progress;
        var lastSave = Stopwatch.StartNew();
        bool cancelled = false;
        while (progress.Epochs.Count < _options.Epochs && !progress.StoppedEarly && !cancelled)
        {
            int epoch = progress.Epochs.Count;
            _model.train();
            foreach (var batches in _batches(epoch).Chunk(_options.Accumulation).Skip(progress.Step - (epoch * stepsPerEpoch)))
            {
                long started = Stopwatch.GetTimestamp();
                var step = Step(optimizer, groups, batches, schedule.At(progress.Step));
                progress.LossSum += step.Loss;
                progress.Step++;
                state.AddToMeans(progress.Step - (epoch * stepsPerEpoch));
                progress.Seconds += Stopwatch.GetElapsedTime(started).TotalSeconds;
                OnStep?.Invoke(step with { Epoch = epoch, Step = progress.Step - 1, TotalSteps = totalSteps });
                cancelled = cancellation.IsCancellationRequested;
                if (cancelled)
                {
                    break;
                }

                bool last = progress.Step % stepsPerEpoch == 0; // saved below, with what the epoch brought
                if (!last && lastSave.Elapsed > SaveInterval && StateFile is not null)
                {
                    Save();
                }
            }

            if (progress.Step == (epoch + 1) * stepsPerEpoch)
            {
                try
                {
                    EndEpoch(state, epoch, stepsPerEpoch);
                }
                catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
                {
                    cancelled = true;
                }
            }

            bool ended = progress.Epochs.Count == _options.Epochs || progress.StoppedEarly;
            if ((cancelled || ended || lastSave.Elapsed > SaveInterval) && StateFile is not null)
            {
                Save();
            }
        }

        state.RestoreBest();
        if (progress.Epochs.Count == _options.Epochs && LastStateFile is not null)
        {
            state.Save(LastStateFile);
        }

        _model.eval();
        return new TrainingHistory(progress.Epochs, progress.BestEpoch, cancelled && progress.Epochs.Count < _options.Epochs);

        // A full disk may have room again later, or for the result, which is smaller.
        void Save()
        {
            bool ended = !cancelled && (progress.Epochs.Count == _options.Epochs || progress.StoppedEarly);
            try
            {
                state.Save(StateFile!);
            }
            catch (InputException e) when (OnNote is not null || ended)
            {
                OnNote?.Invoke($"The state of the training is not saved: {e.Message}");
            }

            lastSave.Restart();
        }
    }

    private ParameterGroup[] Groups()
    {
        var kinds = DecayGroups.Of(_model);
        int layers = LayerRates.Layers(kinds.Decayed.Select(named => named.Name));
        return [.. Split(kinds.Decayed, _options.WeightDecay), .. Split(kinds.Plain, 0)];

        IEnumerable<ParameterGroup> Split(IEnumerable<(string Name, Parameter Parameter)> parameters, double weightDecay) => parameters
            .GroupBy(named => _options.LayerDecay is { } decay ? LayerRates.Share(named.Name, layers, decay) : 1)
            .Select(same => new ParameterGroup([.. same], same.Key, weightDecay));
    }

    private FusedAdamW CreateOptimizer(IEnumerable<ParameterGroup> groups) => new(
        [
            .. groups.Select(group => new AdamW.ParamGroup(group.Parameters.Select(named => named.Parameter), _options.LearningRate,
                eps: AdamEpsilon, weight_decay: group.WeightDecay)),
        ],
        _options.LearningRate,
        AdamEpsilon);

    private TrainingStep Step(AdamW optimizer, ParameterGroup[] groups, int[][] batches, double learningRate)
    {
        using var scope = NewDisposeScope();
        foreach (var parameter in _model.parameters())
        {
            parameter.grad = null; // not zeros, which would have to be written, and read again to add to them
        }

        double sum = 0;
        foreach (var batch in batches)
        {
            using var batchScope = NewDisposeScope();
            using var precision = MixedPrecision.Use(_options.Precision);
            var loss = _loss(batch);
            (loss / batches.Length).backward();
            sum += loss.item<float>();
        }

        CheckFinite(sum, "the loss");
        double norm = nn.utils.clip_grad_norm_(_model.parameters(), _options.MaxGradientNorm);
        CheckFinite(norm, "the norm of the gradients"); // before they reach the weights
        foreach (var (group, own) in optimizer.ParamGroups.Zip(groups))
        {
            group.LearningRate = learningRate * own.Share;
        }

        optimizer.step();
        return new TrainingStep(0, 0, 0, sum / batches.Length, learningRate, norm, batches.Sum(batch => batch.Length));

        void CheckFinite(double value, string what)
        {
            if (!double.IsFinite(value))
            {
                throw new InputException(
                    $"The training has diverged: {what} is {value}; lower the learning rate ({_options.LearningRate}) and start again.");
            }
        }
    }

    private void EndEpoch(TrainingState state, int epoch, int steps)
    {
        double? score = null;
        using var means = state.UseMeans();
        if (Evaluate is not null)
        {
            _model.eval();
            using var scope = NewDisposeScope();
            using var grad = no_grad();
            score = Evaluate();
        }

        var progress = state.Progress;
        var report = new TrainingEpoch(epoch, progress.LossSum / steps, score, progress.Seconds);
        progress.Epochs.Add(report);
        (progress.LossSum, progress.Seconds) = (0, 0);
        bool best = progress.BestEpoch < 0 || score is null
            || score >= progress.Epochs[progress.BestEpoch].DevScore; // of equally good ones the later, at whose rate the weights settled
        if (best)
        {
            progress.BestEpoch = epoch;
            state.KeepAsBest();
        }

        // A tie is no improvement: patience counts from the first epoch that was as good as the best.
        int improved = progress.Epochs.FindIndex(one => one.DevScore == progress.Epochs[progress.BestEpoch].DevScore);
        progress.StoppedEarly = score is not null && epoch - improved >= (_options.Patience ?? int.MaxValue);
        OnEpoch?.Invoke(report);
    }

    // Parameters that have their share of the learning rate and their weight decay in common.
    private sealed record ParameterGroup(IReadOnlyList<(string Name, Parameter Parameter)> Parameters, double Share, double WeightDecay);
}
