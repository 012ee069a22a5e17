namespace Electra;

/// <summary>What a safetensors file says about itself before the data.</summary>
/// <param name="Metadata">The texts under <c>__metadata__</c>, usually <c>format</c> = <c>pt</c>; empty where the file has none.</param>
/// <param name="Entries">The tensors in the order of their data.</param>
/// <param name="DataOffset">Where the data begin in the file.</param>
public sealed record SafetensorsHeader(IReadOnlyDictionary<string, string> Metadata,
    IReadOnlyList<SafetensorsEntry> Entries, long DataOffset);
