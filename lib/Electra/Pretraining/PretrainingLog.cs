using System.Text.Json;
using System.Text.Json.Serialization;

namespace Electra;

/// <summary>The reports of a pre-training, one JSON object a line.</summary>
internal sealed class PretrainingLog
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    private readonly string _path;

    public PretrainingLog(string path) => _path = path;

    /// <summary>Keeps the lines up to a step: what an interrupted run wrote after its last saved state is going to be written again.</summary>
    public void GoOnAfter(int step) =>
        AtomicFile.WriteText(_path, string.Concat(Read().Where(report => report.Step <= step).Select(Line)));

    public void Append(PretrainingReport report)
    {
        try
        {
            File.AppendAllText(_path, Line(report));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{_path} cannot be written ({e.Message.TrimEnd('.')}); free some space and go on with --resume.", e);
        }
    }

    /// <summary>All reports; a line that was not written to its end is left out.</summary>
    public IReadOnlyList<PretrainingReport> Read() =>
        File.Exists(_path) ? [.. File.ReadLines(_path).Select(Parse).OfType<PretrainingReport>()] : [];

    private static string Line(PretrainingReport report) => JsonSerializer.Serialize(report, Json) + "\n";

    private static PretrainingReport? Parse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize<PretrainingReport>(line, Json);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
