using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Electra;

/// <summary>
/// How fast a head trains that has the machine for itself, as <c>electra bench --results</c> measured it and recorded it beside the runs:
/// runs that are trained side by side slow each other and tell no speed.
/// </summary>
/// <param name="Head">The head's name.</param>
/// <param name="Variant">Its variant, as in the runs.</param>
/// <param name="BatchSize">Rows a batch.</param>
/// <param name="Precision">How matrix products were computed: <c>fp32</c> or <c>bf16</c>.</param>
/// <param name="ExamplesPerSecond">Examples a second in training.</param>
/// <param name="Encoder">The encoder.</param>
/// <param name="Data">The data.</param>
/// <param name="Machine">The machine, with the threads that were measured.</param>
/// <param name="Versions">Versions of what computed.</param>
public sealed record MeasuredSpeed(
    string Head, string Variant, int BatchSize, string Precision, double ExamplesPerSecond, RunRecord.EncoderRecord Encoder,
    RunRecord.DataRecord Data, RunRecord.MachineRecord Machine, IReadOnlyDictionary<string, string> Versions)
{
    private static readonly JsonTypeInfo<MeasuredSpeed> Info =
        JsonFormats.TypeInfo<MeasuredSpeed>(TrainingJson.Default, JsonFormats.Records);
    private static readonly JsonTypeInfo<Key> KeyInfo = JsonFormats.TypeInfo<Key>(TrainingJson.Default, JsonFormats.States);

    /// <summary>The file beside the runs that has the speed of such a run, whether it is there or not.</summary>
    /// <param name="results">The folder of recorded runs.</param>
    /// <param name="run">A run of a head.</param>
    /// <remarks>
    /// Data, encoder, every option but the seed, and the class of machine decide its name; the threads of the run do not.
    /// </remarks>
    public static string PathOf(string results, RunRecord run)
    {
        var key = new Key(run.Data, run.Encoder?.Hash, run.Options! with { Seed = 0 }, run.Machine with { Threads = 0 });
        string hash = Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(key, KeyInfo)))[..8];
        return Path.Combine(results, "speeds", $"{run.Head}-{run.Variant}-{hash}.json");
    }

    /// <summary>Records what was measured for such a run, whole or not at all.</summary>
    /// <exception cref="InputException">The folder cannot be written to.</exception>
    public static void Write(string results, RunRecord run, double examplesPerSecond) => AtomicFile.WriteText(
        PathOf(results, run), JsonSerializer.Serialize(new MeasuredSpeed(run.Head, run.Variant, run.Options!.BatchSize,
            MixedPrecision.NameOf(run.Options.Precision), examplesPerSecond, run.Encoder!, run.Data,
            Electra.Machine.Describe(Devices.Best), Electra.Machine.Versions()), Info) + "\n");

    /// <summary>The runs, each with the speed that is recorded for it beside them.</summary>
    /// <exception cref="InputException">A file there is no recorded speed.</exception>
    public static IEnumerable<RunRecord> Added(string results, IEnumerable<RunRecord> runs) => runs.Select(run =>
        run.IsBaseline || PathOf(results, run) is var path && !File.Exists(path)
            ? run
            : run with { MeasuredPerSecond = Read(path).ExamplesPerSecond });

    /// <summary>Reads a recorded speed.</summary>
    /// <exception cref="InputException">The file is none.</exception>
    public static MeasuredSpeed Read(string path)
    {
        try
        {
            using var stream = InputFile.OpenRead(path);
            return JsonSerializer.Deserialize(stream, Info) is { ExamplesPerSecond: > 0 and < 1e15 } speed
                ? speed
                : throw new JsonException("it has no speed above 0");
        }
        catch (Exception e) when (InputFile.IsFileError(e) || e is JsonException)
        {
            string line = e is JsonException { LineNumber: long number } ? $":{number + 1}" : "";
            throw new InputException(
                $"{path}{line} is not a speed that electra bench recorded ({e.Message.TrimEnd('.')}); move it away, and measure again.", e);
        }
    }

    /// <summary>What is hashed.</summary>
    internal sealed record Key(
        RunRecord.DataRecord Data, string? Encoder, TrainingOptions Options, RunRecord.MachineRecord Machine);
}
