using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Electra;

/// <summary>The reports of a pre-training, one JSON object a line.</summary>
internal sealed class PretrainingLog
{
    private static readonly JsonTypeInfo<PretrainingReport> Info =
        JsonFormats.TypeInfo<PretrainingReport>(PretrainingJson.Default, JsonFormats.Lines);

    private readonly string _path;

    public PretrainingLog(string path) => _path = path;

    /// <summary>
    /// Keeps the lines up to a step: what an interrupted run wrote after its last saved state is going to be written again.
    /// </summary>
    public void GoOnAfter(int step) =>
        AtomicFile.WriteText(_path, string.Concat(Read().Where(report => report.Step <= step).Select(Line)));

    public void Append(PretrainingReport report)
    {
        try
        {
            File.AppendAllText(_path, Line(report));
        }
        catch (Exception e) when (InputFile.IsFileError(e))
        {
            throw new InputException($"{_path} cannot be written ({e.Message.TrimEnd('.')}); free some space and go on with --resume.", e);
        }
    }

    /// <summary>All reports; a line that was not written to its end is left out.</summary>
    public IReadOnlyList<PretrainingReport> Read() =>
        File.Exists(_path) ? [.. File.ReadLines(_path).Select(Parse).OfType<PretrainingReport>()] : [];

    /// <summary>Writes the measurements as a table: comma-separated, with a header.</summary>
    public void WriteTable(string path)
    {
        var rows = Read().Where(report => report.IsMeasurement).Select(report => string.Create(
            CultureInfo.InvariantCulture,
            $"{report.Step},{report.LearningRate:0.######e+0},{report.Loss:0.000},{report.TokensPerSecond:0}," +
            $"{report.HeldOut?.GeneratorLoss:0.0000},{report.HeldOut?.GeneratorAccuracy:0.0000}," +
            $"{report.HeldOut?.DiscriminatorLoss:0.0000},{report.HeldOut?.Accuracy:0.0000},{report.HeldOut?.MajorityRate:0.0000}," +
            $"{report.HeldOut?.Precision:0.000},{report.HeldOut?.Recall:0.000},{report.CorrectionLoss:0.0000}\n"));
        AtomicFile.WriteText(
            path,
            "step,learning_rate,loss,tokens_per_second,generator_loss,generator_accuracy,discriminator_loss,accuracy,majority_rate," +
            "precision,recall,correction_loss\n" + string.Concat(rows));
    }

    private static string Line(PretrainingReport report) => JsonSerializer.Serialize(report, Info) + "\n";

    private static PretrainingReport? Parse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, Info);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
