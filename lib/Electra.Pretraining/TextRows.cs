namespace Electra;

/// <summary>
/// Turns texts into an endless sequence of batches, pass after pass through all texts, each pass in another order. Every batch depends on
/// its number alone, so training can go on at any of them.
/// </summary>
public abstract class TextRows
{
    private readonly int _seed;

    private protected TextRows(TokenizedTexts texts, ElectraTokenizer tokenizer, int length, int seed)
    {
        if (length < 3)
        {
            throw new InputException(
                $"Rows of {length} tokens have no room for text beside the special tokens; give a length of at least 3.");
        }

        (Texts, Tokenizer, Length, _seed) = (texts, tokenizer, length, seed);
    }

    /// <summary>Batches in one pass through the texts.</summary>
    public abstract int BatchesPerPass { get; }

    private protected TokenizedTexts Texts { get; }

    private protected ElectraTokenizer Tokenizer { get; }

    // L, or the greatest L.
    private protected int Length { get; }

    /// <summary>Makes a batch.</summary>
    /// <param name="number">Which one, from 0; there is no last one.</param>
    public abstract TokenRows Batch(int number);

    private protected Random RandomFor(int pass) => SeededRandom.For(_seed, SeededRandom.Order, pass);
}
