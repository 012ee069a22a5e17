namespace Electra.Tool.Benchmarks;

/// <summary>The floating-point operations that an encoder's matrix products need, whatever the implementation spends.</summary>
internal static class ModelFlops
{
    /// <summary>The formula, for people.</summary>
    public const string Help = "Utilization is the model's FLOP/s over the machine's rate of matrix products in the same precision. The " +
        "model's FLOP of a padded token are 2 for each weight of the "
        + "linear layers (E·H of the projection where E and H differ; 4·H² + 2·H·I a layer) and 4·L·H a layer for attention over L " +
        "tokens; three times that in training (forward, and two products backward). Heads are not counted.";

    private const int BackwardToo = 3;

    /// <summary>FLOP of a batch of rows.</summary>
    /// <param name="config">The encoder's sizes.</param>
    /// <param name="rows">B.</param>
    /// <param name="tokens">L.</param>
    /// <param name="training">Whether gradients are computed.</param>
    public static double Of(ElectraConfig config, int rows, int tokens, bool training)
    {
        double h = config.HiddenSize;
        double weights = config.NumHiddenLayers * ((4 * h * h) + (2 * h * config.IntermediateSize));
        weights += config.EmbeddingSize == config.HiddenSize ? 0 : config.EmbeddingSize * h;
        double attention = 4 * tokens * h * config.NumHiddenLayers;
        return (double)rows * tokens * ((2 * weights) + attention) * (training ? BackwardToo : 1);
    }
}
