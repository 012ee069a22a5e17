using static TorchSharp.torch;

namespace Electra;

/// <summary>
/// Takes what a model knows of word pieces over to another vocabulary: a piece that both have keeps its row, a new one gets the mean of the
/// rows of the old pieces that it is spelled with. Source: Gee et al. 2022 (Fast Vocabulary Transfer), section 3.
/// </summary>
internal sealed class VocabularyTransfer
{
    private readonly long[][] _parts; // by new id: the old ids
    private readonly int _oldSize;

    /// <summary>Finds the old pieces of each new one.</summary>
    public VocabularyTransfer(ElectraTokenizer old, ElectraTokenizer now)
    {
        _oldSize = old.VocabularySize;
        _parts = [.. Enumerable.Range(0, now.VocabularySize).Select(id => Parts(old, now.TokenOf(id)))];
    }

    /// <summary>Whether both vocabularies are the same, piece by piece.</summary>
    public bool IsIdentity => _oldSize == _parts.Length && _parts.Index().All(part => part.Item is [var id] && id == part.Index);

    /// <summary>Rows of the new pieces.</summary>
    /// <param name="rows">V × …: a row for each old piece.</param>
    /// <returns>V′ × …, in the dispose scope of the caller.</returns>
    public Tensor Apply(Tensor rows)
    {
        using var scope = NewDisposeScope();
        var flat = rows.to_type(ScalarType.Float32).reshape(_oldSize, -1); // V × E
        var means = _parts.Select(ids => flat.index_select(0, tensor(ids)).mean([0])); // each E
        return stack(means).reshape([_parts.Length, .. rows.shape[1..]]).MoveToOuterDisposeScope(); // V′ × …
    }

    // Within a word the pieces are those that greedy longest-match spelling finds, as the tokenizer's; what cannot be spelled is [UNK].
    private static long[] Parts(ElectraTokenizer old, string piece)
    {
        if (old.IdOf(piece) is { } same)
        {
            return [same];
        }

        bool inside = piece.StartsWith("##", StringComparison.Ordinal);
        string rest = inside ? piece[2..] : piece;
        var ids = new List<long>();
        while (rest.Length > 0)
        {
            int length = Enumerable.Range(0, rest.Length).Select(cut => rest.Length - cut)
                .FirstOrDefault(take => old.IdOf((inside ? "##" : "") + rest[..take]) is not null);
            if (length == 0)
            {
                return [old.UnknownId];
            }

            ids.Add(old.IdOf((inside ? "##" : "") + rest[..length])!.Value);
            (rest, inside) = (rest[length..], true);
        }

        return [.. ids];
    }
}
