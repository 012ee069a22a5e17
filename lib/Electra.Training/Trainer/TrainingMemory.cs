namespace Electra;

/// <summary>What a training keeps must find room in this machine: sizes can ask for any number of weights.</summary>
internal static class TrainingMemory
{
    private const int Bytes = 4 * sizeof(float); // of a parameter: itself, its gradient, and AdamW's two averages

    /// <summary>Throws where fresh weights of an encoder's sizes find no room, before anything is allocated.</summary>
    /// <param name="config">The sizes.</param>
    /// <param name="source">What asks for them, for the message.</param>
    /// <exception cref="InputException">There is no room.</exception>
    public static void Check(ElectraConfig config, string source)
    {
        double parameters = Parameters(config);
        long most = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / Bytes;
        InputException.ThrowUnless(parameters <= most,
            $"{source} asks for a model of {parameters:N0} parameters, but this machine's memory has room for training {most:N0}; " +
            "choose smaller sizes.");
    }

    /// <summary>About how many parameters an encoder of these sizes has: biases and LayerNorm are left out.</summary>
    public static double Parameters(ElectraConfig config)
    {
        double hidden = config.HiddenSize; // a product of three sizes is beyond a long
        double layer = (4 * hidden * hidden) + (2 * hidden * config.IntermediateSize);
        double rows = (double)config.VocabSize + config.MaxPositionEmbeddings + config.TypeVocabSize;
        return (rows * config.EmbeddingSize) + (config.NumHiddenLayers * layer);
    }
}
