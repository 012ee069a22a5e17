using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Electra;

/// <summary>
/// Which parameters AdamW shrinks: all but biases and LayerNorm weights. Source: the original's training script, <c>no_decay</c>.
/// </summary>
/// <param name="Decayed">Names and parameters that weight decay applies to.</param>
/// <param name="Plain">Names and parameters that it does not apply to.</param>
public sealed record DecayGroups(IReadOnlyList<(string Name, Parameter Parameter)> Decayed,
    IReadOnlyList<(string Name, Parameter Parameter)> Plain)
{
    private static readonly string[] PlainNames = ["bias", "LayerNorm.weight"];

    /// <summary>Sorts the parameters of a model. Each is in exactly one group.</summary>
    public static DecayGroups Of(nn.Module model)
    {
        var byKind = model.named_parameters()
            .ToLookup(named => PlainNames.Any(plain => named.name.Contains(plain, StringComparison.Ordinal)));
        var groups = new DecayGroups([.. byKind[false]], [.. byKind[true]]);
        var all = groups.Decayed.Concat(groups.Plain).Select(named => named.Parameter.Handle).ToHashSet();
        int count = model.parameters().Count();
        return all.Count == count && groups.Decayed.Count + groups.Plain.Count == count
            ? groups
            : throw new InvalidOperationException(
                $"{count} parameters, but {groups.Decayed.Count} with and {groups.Plain.Count} without decay.");
    }
}
