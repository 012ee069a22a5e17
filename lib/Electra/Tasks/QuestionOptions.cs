namespace Electra;

/// <summary>How contexts are cut into windows and answers found in them.</summary>
public sealed record QuestionOptions
{
    /// <summary>The longest window in tokens: question, context and special tokens; never more than the encoder reads.</summary>
    public int MaxTokens { get; init; } = 384;

    /// <summary>
    /// Tokens that neighbouring windows share, at most half of the room that the question leaves; null: a third of the longest window.
    /// </summary>
    public int? Stride { get; init; }

    /// <summary>The longest answer, in tokens.</summary>
    public int LongestAnswer { get; init; } = 30;

    /// <summary>How many different answers are kept for a question, the best first.</summary>
    public int Best { get; init; } = 1;

    /// <summary>The options for an encoder: no window longer than it reads.</summary>
    /// <param name="config">The encoder's sizes.</param>
    /// <exception cref="InputException">An option makes no sense, or the encoder knows one token type and cannot tell question from
    /// context.</exception>
    public QuestionOptions For(ElectraConfig config)
    {
        // three special ones, and one of each text
        InputException.Require(MaxTokens >= 5, "longest window", MaxTokens, "at least 5 tokens");
        InputException.Require(Stride is null or >= 0, "number of shared tokens", Stride ?? 0, "at least 0");
        InputException.Require(LongestAnswer >= 1, "longest answer", LongestAnswer, "at least 1 token");
        InputException.Require(Best >= 1, "number of answers", Best, "at least 1");
        return config.TypeVocabSize >= 2
            ? this with { MaxTokens = Math.Min(MaxTokens, config.MaxPositionEmbeddings) }
            : throw new InputException(
                $"The encoder has {config.TypeVocabSize} token type, so that it cannot tell a question from its context; take one with 2.");
    }
}
