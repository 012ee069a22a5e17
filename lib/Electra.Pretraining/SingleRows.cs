namespace Electra;

/// <summary>
/// Rows as fine-tuning has them: <c>[CLS] text [SEP]</c>, one text each, with texts of the same length in a batch. A batch has as many rows
/// as fit into its number of tokens, so steps cost about the same, and there is hardly any padding. A text that is too long is cut into
/// several.
/// </summary>
public sealed class SingleRows : TextRows
{
    private readonly (int Text, int Start, int Length)[] _pieces;
    private readonly int[] _firsts; // of the batches, among the pieces sorted by length; then the number of pieces
    private int _pass = -1;
    private int[] _sorted = [];
    private int[] _order = [];

    /// <summary>Prepares the rows.</summary>
    /// <param name="texts">The texts, at least one.</param>
    /// <param name="tokenizer">Their vocabulary.</param>
    /// <param name="tokens">The most tokens of a batch, B · L.</param>
    /// <param name="length">The longest row.</param>
    /// <param name="seed">Decides which texts of a length come together, and the order of the batches.</param>
    /// <exception cref="InputException">The length has no room for text.</exception>
    public SingleRows(TokenizedTexts texts, ElectraTokenizer tokenizer, int tokens, int length, int seed)
        : base(texts, tokenizer, length, seed)
    {
        int room = length - 2;
        _pieces =
        [
            .. Enumerable.Range(0, texts.Count).SelectMany(text => Enumerable.Range(0, (texts.LengthOf(text) + room - 1) / room)
                .Select(piece => (text, piece * room, Math.Min(room, texts.LengthOf(text) - (piece * room))))),
        ];

        // The lengths are the same in every pass, and so are the places where one batch ends.
        int[] lengths = [.. _pieces.Select(piece => piece.Length).Order()];
        var firsts = new List<int> { 0 };
        for (int i = 1; i < lengths.Length; i++)
        {
            if ((i - firsts[^1] + 1L) * (lengths[i] + 2) > tokens)
            {
                firsts.Add(i);
            }
        }

        _firsts = [.. firsts, lengths.Length];
    }

    /// <inheritdoc/>
    public override int BatchesPerPass => _firsts.Length - 1;

    /// <inheritdoc/>
    public override TokenRows Batch(int number)
    {
        Enter(number / BatchesPerPass);
        int batch = _order[number % BatchesPerPass];
        var rows = _sorted.AsSpan(_firsts[batch].._firsts[batch + 1]);
        int length = _pieces[rows[^1]].Length + 2; // sorted: the last one is the longest
        var ids = new long[rows.Length * length];
        Array.Fill(ids, Tokenizer.PadId);
        for (int row = 0; row < rows.Length; row++)
        {
            var (text, start, count) = _pieces[rows[row]];
            int position = row * length;
            ids[position++] = Tokenizer.ClsId;
            foreach (int id in Texts[text].Slice(start, count))
            {
                ids[position++] = id;
            }

            ids[position] = Tokenizer.SepId;
        }

        return new TokenRows(ids, rows.Length, length);
    }

    private void Enter(int pass)
    {
        if (pass == _pass)
        {
            return;
        }

        _pass = pass;
        var random = RandomFor(pass);
        int[] shuffled = [.. Enumerable.Range(0, _pieces.Length)];
        random.Shuffle(shuffled);
        _sorted = [.. shuffled.OrderBy(piece => _pieces[piece].Length)]; // keeps the order of equals
        _order = [.. Enumerable.Range(0, BatchesPerPass)];
        random.Shuffle(_order);
    }
}
