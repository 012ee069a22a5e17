using System.Text.Json.Serialization;

namespace Electra;

/// <summary>
/// What this library writes and reads as JSON. Fingerprints and saved states are compared as texts: no property is ever renamed or moved.
/// </summary>
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(RunRecord))]
[JsonSerializable(typeof(TrainingRun.SavedIdentity))]
[JsonSerializable(typeof(Comparison.Fingerprint))]
[JsonSerializable(typeof(SoftLabels.Line))]
[JsonSerializable(typeof(TrainingProgress))]
[JsonSerializable(typeof(MeasuredSpeed))]
[JsonSerializable(typeof(MeasuredSpeed.Key))]
internal sealed partial class TrainingJson : JsonSerializerContext;
