using static TorchSharp.torch;

namespace Electra.Tests;

/// <summary>A tiny model of random weights, for properties that hold for every model.</summary>
internal static class Small
{
    public static ElectraConfig Config { get; } = new()
    {
        VocabSize = 50,
        EmbeddingSize = 8,
        HiddenSize = 12,
        NumHiddenLayers = 2,
        NumAttentionHeads = 3,
        IntermediateSize = 24,
        MaxPositionEmbeddings = 32,
        InitializerRange = 0.5, // large enough that a mistake shows
    };

    public static TheoryData<string, HeadVariant> HeadsAndVariants
    {
        get
        {
            var data = new TheoryData<string, HeadVariant>();
            foreach (string head in (string[])["fc", "cnn", "bilstm"])
            {
                data.Add(head, HeadVariant.Published);
                data.Add(head, HeadVariant.MaskAware);
            }

            return data;
        }
    }

    public static ElectraEncoder Encoder(int seed = 1)
    {
        random.manual_seed(seed);
        return new ElectraEncoder(Config);
    }

    public static SequenceClassifier Classifier(string head, HeadVariant variant, int labels = 2, int seed = 1)
    {
        var encoder = Encoder(seed);
        return new SequenceClassifier(encoder, Electra.Heads.Create(head, Config, labels, variant));
    }
}
