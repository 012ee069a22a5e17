namespace Electra;

/// <summary>
/// Rows that are full to the last token: <c>[CLS]</c>, then one text after another, each followed by <c>[SEP]</c>, cut where the row ends
/// and gone on with in the next row. There is no padding, every batch has the same shape, and all positions are trained; the price is that
/// a text sees unrelated neighbours, and that one text in every row is cut.
/// </summary>
public sealed class PackedRows : TextRows
{
    private readonly int _rows;
    private readonly long _perPass; // tokens in a pass, [SEP] included
    private int _pass = -1;
    private int[] _order = [];
    private long[] _starts = []; // of the texts in their order, within the pass

    /// <summary>Prepares the rows.</summary>
    /// <param name="texts">The texts, at least one.</param>
    /// <param name="tokenizer">Their vocabulary.</param>
    /// <param name="rows">B.</param>
    /// <param name="length">L.</param>
    /// <param name="seed">Decides the order of the texts.</param>
    /// <exception cref="InputException">The length has no room for text.</exception>
    public PackedRows(TokenizedTexts texts, ElectraTokenizer tokenizer, int rows, int length, int seed)
        : base(texts, tokenizer, length, seed)
    {
        _rows = rows;
        _perPass = (long)texts.TokenCount + texts.Count;
    }

    /// <inheritdoc/>
    public override int BatchesPerPass => (int)Math.Max(1, _perPass / (_rows * (Length - 1L)));

    /// <inheritdoc/>
    public override TokenRows Batch(int number)
    {
        var ids = new long[_rows * Length];
        using var stream = StreamFrom(number * (_rows * (Length - 1L))).GetEnumerator();
        for (int i = 0; i < ids.Length; i++)
        {
            ids[i] = i % Length == 0 || !stream.MoveNext() ? Tokenizer.ClsId : stream.Current;
        }

        return new TokenRows(ids, _rows, Length);
    }

    // All texts with their [SEP], pass after pass, from a position on.
    private IEnumerable<long> StreamFrom(long position)
    {
        for (int pass = (int)(position / _perPass); ; pass++)
        {
            long offset = Math.Max(0, position - (pass * _perPass));
            Enter(pass);
            int found = Array.BinarySearch(_starts, offset);
            for (int i = found >= 0 ? found : ~found - 1; i < _order.Length; i++)
            {
                int length = Texts.LengthOf(_order[i]);
                for (int j = (int)Math.Max(0, offset - _starts[i]); j <= length; j++)
                {
                    yield return j < length ? Texts[_order[i]][j] : Tokenizer.SepId;
                }
            }
        }
    }

    private void Enter(int pass)
    {
        if (pass == _pass)
        {
            return;
        }

        _pass = pass;
        _order = [.. Enumerable.Range(0, Texts.Count)];
        RandomFor(pass).Shuffle(_order);
        _starts = new long[_order.Length];
        for (int i = 1; i < _starts.Length; i++)
        {
            _starts[i] = _starts[i - 1] + Texts.LengthOf(_order[i - 1]) + 1;
        }
    }
}
