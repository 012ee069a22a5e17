using System.Text.Json.Serialization;

namespace Electra;

/// <summary>What this library writes and reads as JSON. Settings are compared as texts: no property is ever renamed or moved.</summary>
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(Pretrainer.SavedSettings))]
[JsonSerializable(typeof(PretrainingReport))]
internal sealed partial class PretrainingJson : JsonSerializerContext;
