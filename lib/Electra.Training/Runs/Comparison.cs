using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Electra;

/// <summary>
/// Compares heads: trains every head in every variant with every seed, records each run in a folder, and does not repeat what is recorded
/// there. The task's baselines without an encoder stand beside them.
/// </summary>
public sealed class Comparison
{
    private static readonly JsonTypeInfo<Fingerprint> FingerprintInfo =
        JsonFormats.TypeInfo<Fingerprint>(TrainingJson.Default, JsonFormats.States);

    private readonly LearningTask _task;
    private readonly TrainingOptions _options;
    private readonly string _folder;

    /// <summary>Plans a comparison.</summary>
    /// <param name="task">The data, tokenized for an encoder, and what is to be learnt from them.</param>
    /// <param name="heads">Names of heads, see <see cref="Heads.Names"/> and <see cref="TokenHeads.Names"/>.</param>
    /// <param name="variants">Variants; a head without variants is trained once for all of them.</param>
    /// <param name="seeds">One run a seed.</param>
    /// <param name="options">How each is trained; its seed is replaced.</param>
    /// <param name="folder">Where runs are recorded.</param>
    /// <exception cref="InputException">A head does not exist, or nothing is to be compared.</exception>
    public Comparison(
        LearningTask task, IReadOnlyList<string> heads, IReadOnlyList<HeadVariant> variants, IReadOnlyList<int> seeds,
        TrainingOptions options, string folder)
    {
        if (heads.Count == 0 || variants.Count == 0 || seeds.Count == 0)
        {
            throw new InputException("There is nothing to compare; give at least one head, one variant and one seed.");
        }

        foreach (string head in heads)
        {
            task.Heads.Check(head);
        }

        (_task, _options, _folder) = (task, options, folder);
        Plan =
        [
            .. from head in heads.Distinct()
               from variant in task.Heads.HasVariants(head) ? variants.Distinct() : variants.Take(1)
               from seed in seeds.Distinct()
               select new PlannedRun(head, variant, seed, PathOf(head, task.Heads.HasVariants(head) ? Heads.NameOf(variant) : null, seed)),
            .. task.Baselines.Select(baseline => new PlannedRun(baseline.Name, null, 0, PathOf(baseline))),
        ];
        Variants = [.. variants.Distinct()];
    }

    /// <summary>
    /// The runs, heads first, the task's baselines last. A run's place does not depend on what is recorded, so it can be its number.
    /// </summary>
    public IReadOnlyList<PlannedRun> Plan { get; }

    /// <summary>Whether a head's run is recorded or was interrupted.</summary>
    public bool IsBegun => Plan.Any(run => !run.IsBaseline && (run.IsRecorded || File.Exists(run.StateFile)));

    /// <summary>Runs that are made at the same time on this machine, see <see cref="RunRecord.Jobs"/>; null where nobody knows.</summary>
    public int? Jobs { get; set; }

    /// <summary>The variants that the table has.</summary>
    public IReadOnlyList<HeadVariant> Variants { get; }

    /// <summary>
    /// The run of a plan, from its record or else by making it now, which records it. No run is made by two processes at a time.
    /// </summary>
    /// <param name="planned">One of <see cref="Plan"/>.</param>
    /// <param name="onStep">Called after every training step.</param>
    /// <param name="onEpoch">Called after every epoch.</param>
    /// <param name="onNote">Called with sentences about what was ignored, freshly initialised or chosen on the dev split.</param>
    /// <param name="cancellation">Stops the training; what it has done so far is kept, and the next call goes on from there.</param>
    /// <returns>Null when another process is training it now.</returns>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    /// <exception cref="InputException">The encoder, the results folder or a record in it cannot be used, or the training
    /// diverges.</exception>
    public RunRecord? Run(
        PlannedRun planned, Action<TrainingStep>? onStep = null, Action<TrainingEpoch>? onEpoch = null, Action<string>? onNote = null,
        CancellationToken cancellation = default)
    {
        using var taken = Take(planned.Path);
        if (planned.IsRecorded || taken is null) // looked at after it was taken: another process may have ended it just before
        {
            return planned.IsRecorded ? RunRecord.Read(planned.Path) : null;
        }

        if (planned.Variant is not { } variant)
        {
            return MakeBaseline(_task.Baselines.Single(baseline => baseline.Name == planned.Head), planned.Path, onNote, cancellation);
        }

        AtomicFile.Sweep(planned.StateFile);
        var run = new TrainingRun(_task, planned.Head, variant, _options with { Seed = planned.Seed })
        {
            OnStep = onStep,
            OnEpoch = onEpoch,
            OnNote = onNote,
            StateFile = planned.StateFile,
        };
        var (model, _, record) = run.Train(resume: File.Exists(planned.StateFile), cancellation);
        model.Dispose();
        if (record is null)
        {
            throw new OperationCanceledException(cancellation);
        }

        record = record with { Jobs = Jobs };
        try
        {
            record.Write(planned.Path);
        }
        catch (InputException e)
        {
            string left = File.Exists(planned.StateFile)
                ? "the training is kept, and the same command goes on from there"
                : $"all that is left of this run is its test {record.Metric.Name}, {record.Metric.Value:0.0000}";
            throw new InputException($"{e.Message.TrimEnd('.')}; {left}.", e);
        }

        File.Delete(planned.StateFile);
        return record;
    }

    // What is recorded is only read, also where nothing can be written.
    private static FileLock? Take(string path)
    {
        try
        {
            if (File.Exists(path))
            {
                return null;
            }

            var taken = FileLock.Take(Path.ChangeExtension(path, ".lock"));
            if (taken is not null)
            {
                AtomicFile.Sweep(path); // what was killed while it recorded this
            }

            return taken;
        }
        catch (Exception e) when (InputFile.IsFileError(e))
        {
            throw new InputException($"{Path.GetDirectoryName(path)} cannot be written to ({e.Message.TrimEnd('.')}); choose another " +
                "folder.", e);
        }
    }

    private RunRecord MakeBaseline(
        LearningTask.Baseline baseline, string path, Action<string>? onNote, CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        var trained = baseline.Train(onNote, cancellation);
        double seconds = Math.Max(1e-6, watch.Elapsed.TotalSeconds); // the overlap of letters learns nothing, in no time
        watch.Restart();
        var result = trained.Test();
        var record = RunRecord.Of(
            _task, baseline.Name, RunRecord.Baseline, result, seconds, _task.Data.Train / seconds, watch.Elapsed.TotalSeconds) with
        {
            Encoder = baseline.ReadsEncoder ? RunRecord.EncoderRecord.Of(_task.Encoder) : null,
            BaselineDevScore = trained.DevScore,
            Jobs = Jobs,
        };
        record.Write(path);
        return record;
    }

    // What makes two runs the same run: the data, the encoder, and every option. The hash keeps runs of other settings apart in one folder.
    private string PathOf(string head, string? variant, int seed) => PathOf(
        [head, variant, $"seed{seed}"],
        new(_task.Data.Hash, _task.Data.Train, _task.Encoder.Hash, _task.MaxTokens, _options with { Seed = seed }, _task.Data.SoftHash));

    private string PathOf(LearningTask.Baseline baseline) => PathOf(
        [baseline.Name],
        new(_task.Data.Hash, _task.Data.Train, baseline.ReadsEncoder ? _task.Encoder.Hash : null,
            baseline.ReadsEncoder ? _task.MaxTokens : null, Soft: _task.Data.SoftHash));

    private string PathOf(string?[] parts, Fingerprint settings)
    {
        string fingerprint = Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(settings, FingerprintInfo)))[..8];
        string name = string.Concat(_task.Data.Name.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' ? c : '_'));
        return Path.Combine(_folder, string.Join('-', parts.Prepend(name).Append(fingerprint).Where(part => part is not null)) + ".json");
    }

    /// <summary>One training of a comparison, or one baseline.</summary>
    /// <param name="Head">The head's name, or the baseline's.</param>
    /// <param name="Variant">Its variant; null for a baseline.</param>
    /// <param name="Seed">The seed; 0 for a baseline.</param>
    /// <param name="Path">The file that records it.</param>
    public sealed record PlannedRun(string Head, HeadVariant? Variant, int Seed, string Path)
    {
        /// <summary>Whether it is a baseline.</summary>
        public bool IsBaseline => Variant is null;

        /// <summary>What it is called: <c>cnn mask-aware seed 1</c>.</summary>
        public string Name => Variant is { } variant ? $"{Head} {Heads.NameOf(variant)} seed {Seed}" : Head;

        /// <summary>Whether it is recorded.</summary>
        public bool IsRecorded => File.Exists(Path);

        /// <summary>The file that has its state while it is interrupted.</summary>
        public string StateFile => System.IO.Path.ChangeExtension(Path, ".state");
    }

    /// <summary>What is hashed; a baseline has neither encoder nor options.</summary>
    internal sealed record Fingerprint(
        string Data,
        int Train,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Hash = null,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? MaxTokens = null,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] TrainingOptions? Options = null,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Soft = null);
}
