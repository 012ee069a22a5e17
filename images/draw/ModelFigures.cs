namespace Images;

/// <summary>
/// The whole model and what is inside: the model, one of its layers, one attention head of it, the numbers of this one. One picture for
/// the course, and one for each lesson, in which all is pale but the lesson's own part. Tall and narrow, so that it reads on a phone.
/// </summary>
internal static class ModelFigures
{
    private const double Wide = 500;
    private const double Middle = 86;
    private const double Beside = 162;
    private static readonly string[] Pieces = ["[CLS]", "정말", "좋았다", "[SEP]"];

    [Flags]
    private enum Parts
    {
        Text = 1,
        Ids = 2,
        Embeddings = 4,
        Layers = 8,
        Inside = 16,
        States = 32,
        Head = 64,
        Logits = 128,
        Encoder = Embeddings | Layers | States,
        Task = States | Head | Logits,
        All = 255,
    }

    /// <summary>What a lesson is about.</summary>
    /// <param name="Number">Two digits; nothing for the picture of the course.</param>
    /// <param name="Own">The parts in full colour.</param>
    /// <param name="Head">The name of the head.</param>
    /// <param name="Reads">Whether the head reads a row of the last hidden state.</param>
    /// <param name="Logits">The shape of the logits.</param>
    /// <param name="Columns">The logits of a token; 0 where they are of the sentence.</param>
    /// <param name="Told">The lesson's part in a sentence.</param>
    private sealed record Lesson(string Number, Parts Own, string Head, Func<int, bool> Reads, string Logits, int Columns, string Told);

    private static readonly Lesson[] Lessons =
    [
        new("", Parts.All, "head", _ => false, "B × C", 0, ""),
        new("01", Parts.Text | Parts.Ids, "head", _ => false, "B × C", 0, "Lesson 01 goes from the text to the ids, B × L."),
        new("02", Parts.Encoder | Parts.Inside, "head", _ => false, "B × C", 0,
            "Lesson 02 is about the encoder: embeddings, layers, attention, last hidden state."),
        new("03", Parts.Task, "FC head", row => row == 0, "B × C", 0, "Lesson 03 puts the FC head on row 0, [CLS]."),
        new("04", Parts.Task, "CNN head", _ => true, "B × C", 0, "Lesson 04 puts the CNN head on all pairs of rows."),
        new("05", Parts.Task, "BiLSTM head", _ => true, "B × C", 0, "Lesson 05 puts the BiLSTM head on all rows, in both directions."),
        new("06", Parts.Task, "span head", _ => true, "B × L × 2", 2, "Lesson 06 gives each row a start logit and an end logit."),
        new("07", Parts.Task, "token head", _ => true, "B × L × C", 3, "Lesson 07 gives each row C logits."),
        new("08", Parts.Head | Parts.Logits, "FC, CNN, BiLSTM", _ => false, "B × C", 0, "Lesson 08 compares heads by their answers."),
        new("09", Parts.Ids | Parts.Encoder | Parts.Head | Parts.Logits, "replaced?", _ => true, "B × L", 1,
            "Lesson 09 is about how the encoder learnt: with a head that says of each piece whether it was replaced."),
    ];

    public static IEnumerable<Drawing> All() => Lessons.Select(Model);

    private static Drawing Model(Lesson lesson)
    {
        const string Told = "From top to bottom: text, word pieces, embeddings, N layers, the last hidden state, a head, logits. Beside " +
            "it one layer: attention, add and LayerNorm, feed-forward, add and LayerNorm. Below it one attention head: query, key, " +
            "value, scores, softmax, context. At last its probabilities as numbers.";
        bool whole = lesson.Number.Length == 0;
        var d = new Drawing(
            whole ? "model" : $"model-{lesson.Number}",
            whole ? "The whole model, and what is inside" : "The whole model: this lesson's part in colour",
            whole ? Told : lesson.Told,
            712,
            width: Wide);
        void Part(Parts part, Action draw)
        {
            d.Pale = !lesson.Own.HasFlag(part);
            draw();
            d.Pale = false;
        }

        Panel(d, new Box(12, 52, 240, 488));
        Whole(d, lesson, Part);
        Part(Parts.Inside, () => Layer(d));
        Part(Parts.Inside, () => AttentionHead(d));
        Part(Parts.Inside, () => Numbers(d));
        return d;
    }

    private static void Whole(Drawing d, Lesson lesson, Action<Parts, Action> part)
    {
        part(lesson.Own.HasFlag(Parts.Layers) ? Parts.Layers : Parts.Inside, () => Header(d, 12, 52, 1, "the model"));
        part(Parts.Text, () =>
        {
            d.Chip(Middle, 104, 132, "정말 좋았다", size: 16, height: 30);
            d.Text(Beside, 104, "text", 15, "start", bold: true);
            d.Arrow(Middle, 120, Middle, 142);
            d.Text(Middle + 10, 130, "tokenizer", 14, "start");
        });
        part(Parts.Ids, () =>
        {
            for (int i = 0; i < Pieces.Length; i++)
            {
                d.Chip(46 + (57 * i), 158, 54, Pieces[i], size: 15);
            }

            d.Arrow(Middle, 173, Middle, 196);
            d.Text(Middle + 10, 184, "ids", 14, "start");
            d.Shape(Middle + 38, 184, "B × L", "start");
        });
        part(Parts.Embeddings, () =>
        {
            d.Parameter(Look.Embedding, Middle, 217, 132, "embeddings", "", 38);
            d.Shape(Beside, 217, "B × L × H", "start");
            d.Arrow(Middle, 237, Middle, 256);
        });
        part(Parts.Layers, () =>
        {
            for (int i = 2; i >= 0; i--)
            {
                d.Rectangle(new Box(20 + (i * 6), 272 - (i * 6), 132, 82), i == 0 ? "#EAF5FC" : "#F5FAFE", "#2E86BF", 8);
            }

            d.Text(34, 286, "N layers", 15, "start", bold: true);
            Badge(d, 138, 287, 2);
            d.Chip(Middle, 311, 116, "attention", Look.Attention, height: 22);
            d.Chip(Middle, 337, 116, "feed-forward", Look.FeedForward, height: 22);
            d.Shape(Beside + 8, 313, "B×L×H", "start");
            d.Arrow(Middle, 355, Middle, 373);
        });
        part(Parts.States, () =>
        {
            d.Tensor(20, 376, 4, 8, (row, _) => lesson.Reads(row) ? Look.Chosen : Look.Hidden, 16.5, 13);
            d.Text(Beside, 386, "last hidden|state", 14, "start", bold: true);
            d.Text(Beside, 402, "last hidden|state", 14, "start", bold: true, line: 1);
            d.Shape(Beside, 421, "B × L × H", "start");
        });
        part(Parts.Head, () =>
        {
            d.Arrow(Middle, 429, Middle, 447);
            d.Parameter(Look.Head, Middle, 467, 132, lesson.Head, "", 36);
        });
        part(Parts.Logits, () =>
        {
            d.Arrow(Middle, 486, Middle, 502);
            if (lesson.Columns == 0)
            {
                d.Chip(Middle - 34, 516, 62, "−1.2", Look.Answer, 14, code: true, height: 24);
                d.Chip(Middle + 34, 516, 62, "2.3", Look.Answer, 14, code: true, height: 24);
            }
            else
            {
                d.Tensor(Middle - (11 * lesson.Columns), 504, 4, lesson.Columns, Look.Answer, 22, 6.5);
            }

            d.Text(Beside, 508, "logits", 15, "start", bold: true);
            d.Shape(Beside, 525, lesson.Logits, "start");
        });
    }

    private static void Layer(Drawing d)
    {
        const double X = 392, Back = 296;
        Panel(d, new Box(260, 52, 228, 300));
        Header(d, 260, 52, 2, "one layer");
        d.Shape(X + 12, 97, "B×L×H", "start");
        d.Arrow(X, 88, X, 114);
        d.Parameter(Look.Attention, X, 135, 148, "attention", "", 38);
        Badge(d, X + 58, 135, 3);
        d.Arrow(X, 155, X, 171);
        d.Parameter(Look.Norm, X, 191, 148, "add, LayerNorm", "", 36);
        d.Arrow(X, 210, X, 233);
        d.Parameter(Look.FeedForward, X, 254, 148, "feed-forward", "", 38);
        d.Arrow(X, 274, X, 290);
        d.Parameter(Look.Norm, X, 310, 148, "add, LayerNorm", "", 36);
        d.Arrow(X, 329, X, 348);
        d.Arrow(Colours.Operation, X, 98, Back, 98, Back, 191, X - 76, 191);
        d.Arrow(Colours.Operation, X, 217, Back, 217, Back, 310, X - 76, 310);
    }

    private static void AttentionHead(Drawing d)
    {
        Panel(d, new Box(260, 360, 228, 340));
        Header(d, 260, 360, 3, "one attention head");
        (string Name, string Letter, double X)[] made = [("query", "Q", 300), ("key", "K", 374), ("value", "V", 448)];
        foreach (var (name, letter, x) in made)
        {
            d.Arrow(x, 396, x, 410);
            d.Parameter(Look.Attention, x, 428, 66, name, "", 34);
            d.Arrow(x, 446, x, 459);
            d.Tensor(x - 8, 462, 4, 3, Look.Attention, 11, 10);
            d.Text(x - 20, 482, letter, 16, bold: true);
        }

        d.Arrow(306, 504, 318, 523);
        d.Arrow(372, 504, 360, 523);
        d.Operation(337, 540, 134, "scores: Q·Kᵀ/√D");
        d.Arrow(337, 556, 337, 571);
        d.Operation(337, 588, 134, "softmax");
        Badge(d, 388, 588, 4);
        d.Arrow(337, 604, 337, 619);
        d.Arrow(454, 504, 454, 619);
        d.Operation(392, 636, 178, "weights · V");
        d.Arrow(392, 652, 392, 660);
        d.Tensor(375, 662, 3, 3, Look.Attention, 11, 10);
        d.Text(420, 678, "context", 15, "start", bold: true);
    }

    private static void Numbers(Drawing d)
    {
        Panel(d, new Box(12, 548, 240, 152));
        Header(d, 12, 548, 4, "the numbers");
        // Drawn, not measured. Each row adds up to 1.
        int[][] weights = [[4, 1, 4, 1], [1, 2, 6, 1], [2, 5, 2, 1], [3, 1, 3, 3]];
        for (int row = 0; row < 4; row++)
        {
            d.Text(96 + (43 * row), 590, Pieces[row], 14);
            d.Text(70, 611 + (22 * row), Pieces[row], 14, "end");
            for (int column = 0; column < 4; column++)
            {
                var cell = new Box(75 + (43 * column), 600 + (22 * row), 43, 22);
                d.Rectangle(cell, Colours.Attention, Colours.Line, 0, weights[row][column] * 0.1, width: 0.9);
                d.Text(cell.X, cell.Y, $".{weights[row][column]}", 14.5, code: true);
            }
        }
    }

    private static void Panel(Drawing d, Box box) => d.Rectangle(box, "#FAFBFC", Colours.Faint, 10);

    private static void Header(Drawing d, double left, double top, int level, string name)
    {
        Badge(d, left + 20, top + 20, level);
        d.Text(left + 38, top + 20, name, 16, "start", bold: true);
    }

    private static void Badge(Drawing d, double x, double y, int level)
    {
        d.Circle(x, y, 11, Colours.Paper, Colours.Ink, 1.6);
        d.Text(x, y, $"{level}", 14, bold: true);
    }
}
