using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Electra;

/// <summary>
/// How this project's JSON files are written and read: names in snake_case, letters as they are, a line feed at the end of lines on every
/// system.
/// </summary>
public static class JsonFormats
{
    /// <summary>Settings of a checkpoint, as Hugging Face has them: what is null is left out, unknown names are kept or ignored.</summary>
    public static readonly JsonSerializerOptions Settings = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        RespectNullableAnnotations = true,
        NewLine = "\n",
    };

    /// <summary>What this project alone writes and reads: null is written, unknown names are errors.</summary>
    public static readonly JsonSerializerOptions Records = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        NewLine = "\n",
    };

    /// <summary>Logs, one object a line: what is null is left out, unknown names are ignored.</summary>
    public static readonly JsonSerializerOptions Lines = new(Settings) { WriteIndented = false };
}
