using System.Globalization;
using System.Text.RegularExpressions;

namespace Electra;

/// <summary>
/// Layer-wise decay of the learning rate: what lies deeper in a pre-trained encoder is more general and is changed less. The head learns at
/// the full rate, each layer below at a share of the one above it, the embeddings at that of the layer that would come first.
/// Source: Clark et al. 2020 (ELECTRA), appendix B, "layerwise learning-rate decay"; Howard and Ruder 2018 (discriminative fine-tuning).
/// </summary>
internal static partial class LayerRates
{
    /// <summary>How many layers the encoder with these parameters has.</summary>
    public static int Layers(IEnumerable<string> names) => names.Select(name => LayerOf(name) + 1).DefaultIfEmpty(0).Max();

    /// <summary>The share of the learning rate that a parameter gets.</summary>
    /// <param name="name">Its name, as in checkpoints.</param>
    /// <param name="layers">How many layers the encoder has.</param>
    /// <param name="decay">The share from one layer to the next below.</param>
    public static double Share(string name, int layers, double decay) => LayerOf(name) switch
    {
        >= 0 and int layer => Math.Pow(decay, layers - layer),
        _ when Embeddings().IsMatch(name) => Math.Pow(decay, layers + 1),
        _ => 1,
    };

    // -1 where it is in none.
    private static int LayerOf(string name) =>
        Layer().Match(name) is { Success: true } found ? int.Parse(found.Groups[1].Value, CultureInfo.InvariantCulture) : -1;

    [GeneratedRegex(@"(?:^|\.)encoder\.layer\.(\d+)\.")]
    private static partial Regex Layer();

    [GeneratedRegex(@"(?:^|\.)embeddings(?:_project)?\.")]
    private static partial Regex Embeddings();
}
