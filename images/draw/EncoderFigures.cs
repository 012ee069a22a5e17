namespace Images;

/// <summary>From text to the last hidden state.</summary>
internal static class EncoderFigures
{
    private static readonly string[] Review = ["[CLS]", "배우들", "연기가", "정말", "좋았다", "[SEP]"];

    public static IEnumerable<Drawing> All() => [Embeddings(), SentenceAsTensor(), Attention(), EncoderToHeads()];

    private static Drawing Embeddings()
    {
        // Pieces and ids of data/encoders/electra-tiny-ko, the encoder of the lessons.
        string[] ids = ["2", "3776", "3727", "3464", "3747", "3"];
        var d = new Drawing(
            "embeddings",
            "From text to embeddings",
            "A Korean review is cut into word pieces, each piece becomes an id, and three embeddings of size E are added for each " +
            "token: of its piece, its position and its type. LayerNorm follows, and a projection to H where E and H differ.",
            680);
        const double Left = 256;
        const double Step = 93.6;
        const double Middle = Left + (Step * 2.5);
        const double Width = (Step * 5) + 70;
        double X(int i) => Left + (Step * i);

        d.Chip(Middle, 74, 300, "배우들 연기가 정말 좋았다", size: 18, height: 36);
        d.Text(28, 74, "text", 14, "start", bold: true);
        d.Arrow(Middle, 93, Middle, 108);
        d.Operation(Middle, 124, 130, "tokenizer");
        d.Text(28, 168, "word pieces", 14, "start", bold: true);
        d.Text(28, 212, "input_ids", 14, "start", bold: true, code: true);
        d.Shape(118, 212, "B × L", "start");
        for (int i = 0; i < Review.Length; i++)
        {
            d.Chip(X(i), 168, 70, Review[i]);
            d.Line(X(i), 182, X(i), 198);
            d.Chip(X(i), 212, 70, ids[i], code: true);
        }

        d.Arrow(Middle, 139, Middle, 154);
        (string Name, string Size, Func<int, string> Pick)[] tables =
        [
            ("word_embeddings", "V × E", i => $"row {ids[i]}"),
            ("position_embeddings", "256 × E", i => $"row {i}"),
            ("token_type_embeddings", "2 × E", _ => "row 0"),
        ];
        for (int t = 0; t < tables.Length; t++)
        {
            var (name, size, pick) = tables[t];
            double y = 284 + (70 * t);
            d.Parameter(Look.Embedding, 115, y, 194, name, size);
            for (int i = 0; i < Review.Length; i++)
            {
                d.Text(X(i), y - 22, pick(i), 13, colour: Colours.Quiet);
                d.Tensor(X(i) - 33, y - 12, 1, 6, Look.Embedding, 11, 22);
                if (t > 0)
                {
                    d.Text(X(i), y - 38, "+", 17, bold: true);
                }
            }
        }

        for (int i = 0; i < Review.Length; i++)
        {
            d.Arrow(X(i), 226, X(i), 252);
            d.Arrow(X(i), 436, X(i), 457);
            d.Arrow(X(i), 499, X(i), 516);
            d.Tensor(X(i) - 33, 518, 1, 6, Look.Embedding, 11, 22);
            d.Arrow(X(i), 542, X(i), 556);
            d.Arrow(X(i), 598, X(i), 612);
            d.Tensor(X(i) - 36, 614, 1, 8, Look.Hidden, 9, 22);
        }

        d.Parameter(Look.Norm, Middle, 478, Width, "LayerNorm, then dropout", "weight E, bias E", 40);
        d.Shape(28, 529, "B × L × E", "start");
        d.Parameter(Look.Embedding, Middle, 577, Width, "embeddings_project, only where E and H differ", "H × E, bias H", 40);
        d.Shape(28, 625, "B × L × H", "start");
        d.Text(28, 658, "Pieces and ids are those of the encoder of the lessons: V = 8,000 pieces, 256 positions. E and H are drawn short.",
            13.5, "start", Colours.Quiet);
        return d;
    }

    private static Drawing SentenceAsTensor()
    {
        string[] tokens = [.. Review, "[PAD]", "[PAD]", "[PAD]"];
        var d = new Drawing(
            "sentence-as-tensor",
            "A sentence is L × H numbers",
            "The last hidden state of one sentence is a table with a row of H numbers for each of its L tokens; a batch is B such " +
            "tables. The attention mask says which rows are padding.",
            420);
        const double Top = 104;
        const double Cell = 30;
        for (int i = 0; i < tokens.Length; i++)
        {
            d.Chip(100, Top + (Cell * i) + 15, 74, tokens[i], i >= Review.Length ? Look.Padding : Look.Plain, height: 25);
            d.Text(38, Top + (Cell * i) + 15, $"{i}", 13, colour: Colours.Quiet, code: true);
            d.Chip(600, Top + (Cell * i) + 15, 34, i >= Review.Length ? "0" : "1", i >= Review.Length ? Look.Padding : Look.Plain,
                code: true, height: 25);
        }

        var box = d.Tensor(180, Top, tokens.Length, 12,
            (row, column) => column == 10 ? Look.Dots : row >= Review.Length ? Look.Padding : Look.Hidden,
            28, Cell, 3);
        d.AxisAcross(box.Left, box.Right, 78, "H numbers a token (256 in the encoder of the lessons)");
        d.AxisDown(168, box.Top, box.Bottom, "L");
        d.Text(600, 66, "attention_mask", 13.5, bold: true, code: true);
        d.Shape(600, 84, "B × L");
        d.Note(650, 119, "start", "row 0: [CLS], read", "for the sentence");
        d.Note(650, 196, "start", "one row: one token", "in its context");
        d.Note(650, 308, "start", "padding: numbers", "without a meaning");
        d.Shape(180, 398, "last_hidden_state: B × L × H", "start");
        d.Text(460, 398, "the sheets behind: the other rows of the batch", 14, "start", Colours.Quiet);
        return d;
    }

    private static Drawing Attention()
    {
        string[] tokens = ["[CLS]", "연기가", "정말", "좋았다", "[SEP]", "[PAD]"];
        int count = tokens.Length;
        var d = new Drawing(
            "attention",
            "Self-attention: each token asks all tokens of its row",
            "From the hidden states L × H three Linear layers make queries, keys and values, split into A attention heads of size D. " +
            "Softmax of queries times keys over the square root of D, plus a mask, gives L × L probabilities for each " +
            "head; they weigh the values.",
            606);
        const double Row = 22;
        d.Text(28, 72, "hidden", 14, "start", bold: true);
        d.Shape(28, 92, "B × L × H", "start");
        var hidden = d.Tensor(90, 192, count, 8, (row, _) => row == 5 ? Look.Padding : Look.Hidden, 11, Row);
        for (int i = 0; i < count; i++)
        {
            d.Chip(56, 203 + (Row * i), 60, tokens[i], i == 5 ? Look.Padding : Look.Plain, 13, height: 20);
        }

        (string Name, string Letter)[] parts = [("query", "Q"), ("key", "K"), ("value", "V")];
        Box[] made = new Box[3];
        for (int p = 0; p < 3; p++)
        {
            var (name, letter) = parts[p];
            double y = 130 + (169 * p);
            var plate = d.Parameter(Look.Attention, 258, y, 92, name, "H × H");
            d.Arrow(hidden.Right + 3, hidden.Y, 198, hidden.Y, 198, y, plate.Left - 2, y);
            made[p] = d.Tensor(352, y - (Row * 3), count, 4, (row, _) => row == 5 ? Look.Padding : Look.Attention, 13, Row, 2);
            d.Arrow(plate.Right + 2, y, made[p].Left - 3, y);
            d.Shape(352, y + (Row * 3) + 12, $"{letter}: B×A×L×D", "start");
        }

        const double Heat = 38;
        const double HeatLeft = 552;
        const double HeatTop = 132;
        var operation = d.Operation(662, 76, 216, "softmax(Q·Kᵀ / √D + bias)", code: false);
        d.Arrow(made[0].Right + 10, 110, 478, 110, 478, 76, operation.Left - 2, 76);
        d.Arrow(made[1].Right + 10, made[1].Y, 478, made[1].Y, 478, 76, operation.Left - 2, 76);
        d.Arrow(662, 92, 662, 106);
        // Larger numbers for likelier pairs; drawn, not measured. Each row adds up to 1 and gives padding nothing.
        double[][] weights = [[.1, .2, .1, .5, .1], [.1, .3, .2, .3, .1], [.1, .1, .2, .5, .1], [.2, .3, .3, .1, .1],
            [.3, .1, .1, .3, .2], [.2, .2, .2, .2, .2]];
        for (int row = 0; row < count; row++)
        {
            d.Text(HeatLeft + (Heat * row) + 19, HeatTop - 10, tokens[row], 12.5);
            d.Text(HeatLeft - 6, HeatTop + (24 * row) + 12, tokens[row], 12.5, "end");
            for (int column = 0; column < count; column++)
            {
                var cell = new Box(HeatLeft + (Heat * column), HeatTop + (24 * row), Heat, 24);
                if (column == 5)
                {
                    d.Rectangle(cell, "url(#hatch)", Colours.Line, 0, width: 0.9);
                    d.Text(cell.X, cell.Y, "0", 13, colour: Colours.Quiet, code: true);
                }
                else
                {
                    d.Rectangle(cell, Colours.Attention, Colours.Line, 0, weights[row][column] * 1.7, width: 0.9);
                    d.Text(cell.X, cell.Y, $".{weights[row][column] * 10:0}", 13, code: true);
                }
            }
        }

        d.Shape(666, 290, "B × A × L × L");
        d.Note(666, 311, "middle", "one such table for each of A heads;", "rows add up to 1, padding gets 0");
        var mix = d.Operation(666, 376, 170, "probabilities · V");
        d.Arrow(666, 345, 666, 359);
        d.Arrow(made[2].Right + 10, made[2].Y, 478, made[2].Y, 478, 376, mix.Left - 2, 376);
        d.Arrow(666, 392, 666, 408);
        var context = d.Tensor(618, 412, count, 8, (row, _) => row == 5 ? Look.Padding : Look.Attention, 12, Row);
        d.Shape(666, 560, "context: B × L × H");
        d.Note(context.Right + 6, 440, "start", "A heads,", "joined");
        d.Note(28, 580, "start", "The numbers of the table are drawn, not measured.");
        return d;
    }

    private static Drawing EncoderToHeads()
    {
        var d = new Drawing(
            "encoder-to-heads",
            "One encoder, many heads",
            "Ids go through embeddings and N layers to the last hidden state, B × L × H. Heads read it: FC, CNN and BiLSTM give a " +
            "sentence C logits, a token head gives each token C logits, and the span head gives each token two. Below, one layer: " +
            "self-attention, add and norm, feed-forward, add and norm.",
            580);
        d.Text(80, 72, "input_ids", 13.5, code: true);
        d.Chip(80, 100, 108, "2  3776  … 3", code: true, height: 28);
        d.Shape(80, 128, "B × L");
        d.Arrow(80, 140, 80, 166);
        d.Parameter(Look.Embedding, 80, 190, 118, "embeddings", "V × E, …");
        d.Arrow(140, 190, 166, 190);
        for (int i = 2; i >= 0; i--)
        {
            d.Rectangle(new Box(170 + (i * 9), 140 - (i * 9), 150, 110), i == 0 ? "#EAF5FC" : "#F5FAFE", "#2E86BF", 8);
        }

        d.Text(245, 163, "layer 0 … N − 1", 14, bold: true);
        d.Chip(245, 194, 120, "attention", Look.Attention, height: 24);
        d.Chip(245, 224, 120, "feed-forward", Look.FeedForward, height: 24);
        d.Arrow(342, 190, 372, 190);
        var hidden = d.Tensor(380, 140, 7, 9, Look.Hidden, 12, 15, 2);
        d.Text(434, 108, "last_hidden_state", 13.5, code: true);
        d.Shape(434, 262, "B × L × H");
        (string Name, string Reads, string Shape)[] heads =
        [
            ("FC", "row 0, [CLS]", "B × C"),
            ("CNN", "pairs of rows", "B × C"),
            ("BiLSTM", "rows, both ways", "B × C"),
            ("token head", "each row", "B × L × C"),
            ("span head", "each row", "B × L × 2"),
        ];
        for (int i = 0; i < heads.Length; i++)
        {
            double y = 86 + (51 * i);
            d.Arrow(hidden.Right + 10, hidden.Y, 516, hidden.Y, 516, y, 540, y);
            d.Parameter(Look.Head, 610, y, 138, heads[i].Name, heads[i].Reads, 42);
            d.Arrow(680, y, 700, y);
            d.Shape(704, y, heads[i].Shape, "start");
        }

        d.Rectangle(new Box(24, 330, 752, 226), "#EAF5FC", "#2E86BF", 10, 0.7);
        d.Line(170, 250, 40, 330, "#2E86BF", dashed: true);
        d.Line(320, 250, 372, 330, "#2E86BF", dashed: true);
        d.Text(44, 356, "inside one layer", 15, "start", bold: true);
        const double Y = 436;
        d.Shape(34, Y - 44, "B×L×H", "start");
        d.Arrow(36, Y, 98, Y);
        d.Parameter(Look.Attention, 151, Y, 106, "attention", "q, k, v", 56);
        d.Arrow(205, Y, 219, Y);
        d.Parameter(Look.Attention, 257, Y, 74, "dense", "H → H", 56);
        d.Arrow(295, Y, 309, Y);
        d.Parameter(Look.Norm, 362, Y, 104, "add", "LayerNorm", 56);
        d.Arrow(415, Y, 447, Y);
        d.Parameter(Look.FeedForward, 501, Y, 106, "dense, gelu", "H → 4H", 56);
        d.Arrow(555, Y, 569, Y);
        d.Parameter(Look.FeedForward, 607, Y, 74, "dense", "4H → H", 56);
        d.Arrow(645, Y, 655, Y);
        d.Parameter(Look.Norm, 705, Y, 98, "add", "LayerNorm", 56);
        d.Arrow(755, Y, 772, Y);
        d.Shape(768, Y - 44, "B×L×H", "end");
        d.Arrow(Colours.Operation, 76, Y, 76, 500, 362, 500, 362, 466);
        d.Arrow(Colours.Operation, 428, Y, 428, 500, 705, 500, 705, 466);
        d.Text(219, 515, "the input, added again", 14, colour: Colours.Operation);
        d.Text(566, 515, "the input, added again", 14, colour: Colours.Operation);
        d.Text(400, 540, "Only attention lets tokens see each other; everything else works on each row by itself.",
            14, colour: Colours.Quiet);
        return d;
    }
}
