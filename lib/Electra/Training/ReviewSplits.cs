namespace Electra;

/// <summary>A data set tokenized for one encoder and cut into train, dev and test: what all runs of a comparison share.</summary>
public sealed class ReviewSplits
{
    private const int DevSeed = 1; // the same dev split for every run, so that runs differ in what is compared only

    /// <summary>Cuts and tokenizes.</summary>
    /// <param name="data">The reviews.</param>
    /// <param name="encoder">Gives the vocabulary and the longest possible row.</param>
    /// <param name="maxTokens">Cut longer rows to this many tokens; never more than the encoder can read.</param>
    public ReviewSplits(ReviewData data, EncoderSource encoder, int maxTokens = 128)
    {
        (Data, Encoder) = (data, encoder);
        MaxTokens = Math.Min(maxTokens, encoder.Config.MaxPositionEmbeddings);
        (TrainReviews, DevReviews) = data.Split(DevSeed);
        Train = LabeledEncodings.Of(encoder.Tokenizer, TrainReviews, MaxTokens);
        Dev = LabeledEncodings.Of(encoder.Tokenizer, DevReviews, MaxTokens);
        Test = LabeledEncodings.Of(encoder.Tokenizer, data.Test, MaxTokens);
        Labels = data.Classes == 2 ? ["negative", "positive"] : [.. Enumerable.Range(0, data.Classes).Select(i => $"LABEL_{i}")];
    }

    /// <summary>The data set.</summary>
    public ReviewData Data { get; }

    /// <summary>The encoder it was tokenized for.</summary>
    public EncoderSource Encoder { get; }

    /// <summary>The longest row, in tokens.</summary>
    public int MaxTokens { get; }

    /// <summary>Rows to train on.</summary>
    public LabeledEncodings Train { get; }

    /// <summary>Rows to choose the checkpoint on.</summary>
    public LabeledEncodings Dev { get; }

    /// <summary>Rows to test on, once.</summary>
    public LabeledEncodings Test { get; }

    /// <summary>The reviews of <see cref="Train"/>.</summary>
    public IReadOnlyList<Review> TrainReviews { get; }

    /// <summary>The reviews of <see cref="Dev"/>.</summary>
    public IReadOnlyList<Review> DevReviews { get; }

    /// <summary>Names of the labels.</summary>
    public IReadOnlyList<string> Labels { get; }

    /// <summary>Rows that were cut.</summary>
    public int Truncated => Train.Truncated + Dev.Truncated + Test.Truncated;
}
