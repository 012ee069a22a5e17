using System.Security.Cryptography;

namespace Electra;

/// <summary>Tokenized texts with soft labels.</summary>
/// <param name="Rows">The encodings, ids alone: there may be hundreds of thousands.</param>
/// <param name="Targets">The probabilities of each one's labels (C).</param>
/// <param name="LeftOut">How many texts were not taken because they are held out.</param>
/// <param name="Hash">SHA-256 of the files, see <see cref="SoftLabels.Rows"/>.</param>
internal sealed record SoftEncodings(IReadOnlyList<TokenEncoding> Rows, IReadOnlyList<float[]> Targets, int LeftOut, string Hash)
{
    /// <summary>How many rows had to be cut to the maximum length.</summary>
    public int Truncated { get; } = Rows.Count(row => row.TruncatedTokens > 0);

    /// <summary>Reads and tokenizes.</summary>
    /// <param name="soft">The files.</param>
    /// <param name="labels">Names of the labels (C).</param>
    /// <param name="heldOut">Reviews to choose or to test on: texts with their letters and digits are left out, whatever the rest.</param>
    /// <param name="tokenizer">The encoder's vocabulary.</param>
    /// <param name="maxTokens">The longest row, in tokens.</param>
    /// <param name="cancellation">Stops between lines.</param>
    /// <exception cref="InputException">A file or line cannot be used, or no text is left.</exception>
    public static SoftEncodings Of(SoftLabels soft, IReadOnlyList<string> labels, IEnumerable<Review> heldOut, ElectraTokenizer tokenizer,
        int maxTokens, CancellationToken cancellation)
    {
        HashSet<string> held = [.. heldOut.Select(review => Normalized(review.Document))];
        var (rows, targets, leftOut) = (new List<TokenEncoding>(), new List<float[]>(), 0);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (text, target) in soft.Rows(labels, hash, cancellation))
        {
            if (held.Contains(Normalized(text)))
            {
                leftOut++;
                continue;
            }

            rows.Add(tokenizer.Encode(text, maxLength: maxTokens) with { Tokens = [], Offsets = [], SequenceIds = [] });
            targets.Add(target);
        }

        InputException.ThrowUnless(rows.Count > 0,
            $"{soft.Files[0]} has no text to learn from: none has logits, or all have the letters of dev or test rows; give other texts.");
        return new SoftEncodings(rows, targets, leftOut, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    // Letters and digits, in lower case; without any, what there is but blanks.
    private static string Normalized(string text) =>
        string.Concat(text.Where(char.IsLetterOrDigit)).ToLowerInvariant() is { Length: > 0 } letters
            ? letters
            : string.Concat(text.Where(character => !char.IsWhiteSpace(character)));
}
