namespace Images;

/// <summary>What the three heads for a whole sentence do.</summary>
internal static class HeadFigures
{
    private static readonly string[] Padded = ["[CLS]", "연기가", "정말", "좋았다", "[SEP]", "[PAD]", "[PAD]"];

    public static IEnumerable<Drawing> All() => [TakeCls(), FcHead(), CnnHead(), LstmCell(), BiLstmHead()];

    private static Look OfRow(int row) => row >= 5 ? Look.Padding : Look.Hidden;

    private static Drawing TakeCls()
    {
        var d = new Drawing(
            "take-cls",
            "Taking [CLS]: row 0 of each sentence",
            "From the last hidden state, B × L × H, the slice [.., 0] in C# (in PyTorch [:, 0, :]) takes the first row of every " +
            "sentence of the batch, which gives B × H.",
            350);
        var front = d.Tensor(150, 112, 7, 10, (row, column) => column == 8 ? Look.Dots : row == 0 ? Look.Chosen : OfRow(row), 22, 26, 3);
        for (int sheet = 2; sheet >= 1; sheet--)
        {
            d.Rectangle(new Box(front.Left + (sheet * 7), front.Top - (sheet * 7), front.Width, 7), Colours.Chosen,
                "#A87400", 1, 0.6, width: 1);
        }

        for (int i = 0; i < Padded.Length; i++)
        {
            d.Chip(84, 125 + (26 * i), 68, Padded[i], i >= 5 ? Look.Padding : i == 0 ? Look.Chosen : Look.Plain, height: 22, size: 13.5);
        }

        d.AxisDown(138, front.Top, front.Bottom, "L");
        d.AxisAcross(front.Left, front.Right, 310, "H", below: true);
        d.Text(front.Right + 22, 84, "B sheets", 13.5, "start", Colours.Quiet);
        d.Shape(front.X, 78, "B × L × H");
        d.Arrow(front.Right + 20, 190, 428, 190);
        var slice = d.Operation(484, 190, 106, "[.., 0]", code: true, height: 34);
        d.Text(484, 224, "PyTorch: [:, 0, :]", 13, colour: Colours.Quiet, code: true);
        d.Arrow(slice.Right + 2, 190, 568, 190);
        var taken = d.Tensor(574, 151, 3, 9, (_, column) => column == 7 ? Look.Dots : Look.Chosen, 20, 26);
        d.AxisAcross(taken.Left, taken.Right, 140, "H");
        d.AxisDown(taken.Right + 8, taken.Top, taken.Bottom, "B", right: true);
        d.Shape(taken.X, 250, "B × H");
        d.Note(taken.X, 280, "middle", "one row for each sentence");
        return d;
    }

    private static Drawing FcHead()
    {
        var d = new Drawing(
            "fc-head",
            "Classifying a sentence: the FC head, step by step",
            "Row 0 goes through dropout, dense H × H, gelu, dropout and out_proj to C logits; softmax turns logits into probabilities, " +
            "cross-entropy compares them with the label.",
            650);
        const double Strip = 330;
        Look[] dropped = [Look.Chosen, Look.Chosen, Look.Dropped, Look.Chosen, Look.Chosen, Look.Chosen, Look.Chosen, Look.Chosen,
            Look.Dropped, Look.Chosen, Look.Chosen, Look.Chosen];
        d.Text(28, 86, "last hidden state", 14, "start", bold: true);
        d.Tensor(Strip, 62, 3, 12, (row, _) => row == 0 ? Look.Chosen : Look.Hidden, 16, 16, 2);
        d.Shape(560, 86, "B × L × H", "start");
        (string Text, string Size, string Shape, string Note)[] steps =
        [
            ("[.., 0]", "", "B × H", "[CLS] only"),
            ("dropout", "", "B × H", "in training, 10 % become 0"),
            ("dense", "H × H, bias H", "B × H", "mixes the H numbers"),
            ("gelu", "", "B × H", "a bend between two Linears"),
            ("dropout", "", "B × H", ""),
            ("out_proj", "C × H, bias C", "B × C", "logits: any size"),
            ("softmax", "", "B × C", "probabilities: they add up to 1"),
        ];
        double y = 0;
        for (int i = 0; i < steps.Length; i++)
        {
            y = 146 + (61 * i);
            var (text, size, shape, note) = steps[i];
            if (size.Length > 0)
            {
                d.Parameter(Look.Head, 130, y, 180, text, size, 42);
            }
            else
            {
                d.Operation(130, y, 180, text, code: i == 0);
            }

            d.Arrow(223, y, i < 5 ? Strip - 8 : 361, y);
            double above = i == 0 ? 112 : y - 48;
            if (i < 6)
            {
                d.Arrow(426, above, 426, y - 14);
            }

            if (i < 5)
            {
                d.Tensor(Strip, y - 11, 1, 12, (_, column) => i is 1 or 4 ? dropped[i == 1 ? column : 11 - column] : Look.Chosen, 16, 22);
            }
            else
            {
                string[] values = i == 5 ? ["−1.2", "2.3"] : ["0.03", "0.97"];
                if (i == 6)
                {
                    d.Arrow(426, above, 426, y - 16);
                }

                d.Chip(394, y, 60, values[0], Look.Answer, code: true);
                d.Chip(458, y, 60, values[1], Look.Answer, code: true);
            }

            d.Shape(560, y - (note.Length > 0 ? 9 : 0), shape, "start");
            d.Text(560, y + 11, note, 13.5, "start", Colours.Quiet);
        }

        d.Text(394, y + 26, "negative", 13, colour: Colours.Quiet);
        d.Text(458, y + 26, "positive", 13, colour: Colours.Quiet);
        d.Operation(130, 588, 180, "cross-entropy");
        d.Arrow(223, 588, 373, 588);
        d.Chip(426, 588, 100, "0.03", Look.Wrong, code: true);
        d.Shape(560, 579, "one number", "start");
        d.Text(560, 599, "−ln 0.97, when the label is positive", 13.5, "start", Colours.Quiet);
        d.Text(28, 626, "In training the loss is taken from the logits directly. Example: C = 2.", 14, "start", Colours.Quiet);
        return d;
    }

    private static Drawing CnnHead()
    {
        var d = new Drawing(
            "cnn-head",
            "The CNN head: every pair of neighbouring tokens",
            "128 filters of 2 × H slide over L tokens and give 128 answers for each of the L − 1 windows. The maximum over the windows " +
            "remains, B × 128. The published head takes it over all windows; the mask-aware one leaves out the windows that touch padding.",
            560);
        const double Top = 104;
        const double Row = 30;
        d.Shape(160, 70, "B × L × H");
        for (int i = 0; i < Padded.Length; i++)
        {
            d.Chip(62, Top + (Row * i) + 15, 68, Padded[i], i >= 5 ? Look.Padding : Look.Plain, height: 25);
        }

        var x = d.Tensor(106, Top, 7, 7, (row, _) => OfRow(row), 15, Row);
        d.AxisAcross(x.Left, x.Right, x.Bottom + 8, "H", below: true);
        d.Text(28, x.Bottom + 21, "L = 7", 13.5, "start", Colours.Quiet);

        d.Parameter(Look.Head, 318, 74, 150, "128 filters", "2 × H each, ReLU");
        var result = d.Tensor(450, Top + 15, 6, 10,
            (row, column) => column == 8 ? Look.Dots : row >= 4 ? Look.Padding : Look.Head, 16, Row);
        for (int w = 0; w < 6; w++)
        {
            double y = Top + 15 + (Row * w) + 15;
            bool padding = w >= 4;
            double left = 222 + (w % 2 * 16);
            d.Rectangle(new Box(left - 4, y - 27, 8, 54), padding ? Colours.Faint : Colours.Chosen,
                padding ? Colours.Line : "#A87400", 3, 0.8, width: 1);
            d.Arrow(padding ? Colours.Line : Colours.Quiet, 248, y, 444, y);
            d.Text(346, y - 9, $"window {w}: tokens {w}, {w + 1}", 13, colour: padding ? Colours.Quiet : Colours.Ink);
        }

        d.AxisAcross(result.Left, result.Right, 102, "128");
        d.AxisDown(result.Right + 8, result.Top, result.Top + (4 * Row) - 3, "inside the text", right: true);
        d.AxisDown(result.Right + 8, result.Top + (4 * Row) + 3, result.Bottom, "touch padding", right: true);
        d.Shape(result.X, 70, "B × 128 × (L − 1)");

        (string Name, string Range, double Y, Look Look)[] variants =
        [
            ("published", "max over all 6 windows", 398, Look.Wrong),
            ("mask-aware", "max over windows 0 to 3", 462, Look.Answer),
        ];
        foreach (var (name, range, y, look) in variants)
        {
            d.Text(28, y, name, 15, "start", bold: true);
            var op = d.Operation(242, y, 186, range);
            d.Arrow(result.X, result.Bottom + 6, result.X, 352, 128, 352, 128, y, op.Left - 2, y);
            d.Arrow(op.Right + 2, y, 350, y);
            var strongest = d.Tensor(356, y - 11, 1, 10, (_, column) => column == 8 ? Look.Dots : look, 16, 22);
            d.Arrow(strongest.Right + 4, y, 538, y);
        }

        d.Shape(436, 372, "B × 128");
        var output = d.Parameter(Look.Head, 620, 430, 156, "dropout, out_proj", "C × 128", 100);
        d.Arrow(output.Right + 2, 430, 724, 430);
        d.Shape(728, 430, "B × C", "start");
        d.Note(28, 512, "start", "Published, padding can win the maximum: the same review gets another answer in a longer batch.",
            "The original's pooling had 31 windows built in, so it was tied to L = 32; here it takes as many as there are.");
        return d;
    }

    private static Drawing LstmCell()
    {
        var d = new Drawing(
            "lstm-cell",
            "An LSTM cell: what is kept, added and shown",
            "From the token's vector x and the previous hidden state h the cell computes four gates of H numbers: forget f, input i, " +
            "candidate g and output o. The new memory is f times the old memory plus i times g; the new hidden state is o " +
            "times tanh of the memory.",
            480);
        d.Rectangle(new Box(126, 66, 556, 336), "#F3F8FC", Colours.Faint, 14);
        const double C = 112;
        d.Chip(66, C, 78, "c, before", Look.Head);
        d.Chip(738, C, 70, "c, new", Look.Head);
        d.Arrow(105, C, 223, C);
        d.Circle(240, C, 15, Colours.Paper, Colours.Operation);
        d.Text(240, C, "×", 18);
        d.Arrow(257, C, 395, C);
        d.Circle(412, C, 15, Colours.Paper, Colours.Operation);
        d.Text(412, C, "+", 18);
        d.Arrow(429, C, 702, C);
        d.Text(186, C - 16, "memory", 14, colour: Colours.Quiet);

        (string Gate, string Function, double X, string Meaning)[] gates =
        [
            ("f", "sigmoid", 240, "forget?"),
            ("i", "sigmoid", 358, "let in?"),
            ("g", "tanh", 466, "what?"),
            ("o", "sigmoid", 590, "show?"),
        ];
        foreach (var (gate, function, x, meaning) in gates)
        {
            d.Operation(x, 278, 88, function);
            d.Text(x - 12, 246, gate, 16, "end", Colours.Operation, bold: true);
            d.Text(x + 12, 247, meaning, 13, "start", Colours.Quiet);
            d.Arrow(x, 330, x, 295);
        }

        d.Arrow(240, 262, 240, 130);
        d.Circle(412, 190, 15, Colours.Paper, Colours.Operation);
        d.Text(412, 190, "×", 18);
        d.Arrow(358, 262, 358, 190, 395, 190);
        d.Arrow(466, 262, 466, 190, 429, 190);
        d.Arrow(412, 174, 412, 130);
        d.Arrow(590, C, 590, 136);
        d.Operation(590, 152, 74, "tanh");
        d.Arrow(590, 168, 590, 188);
        d.Circle(590, 205, 15, Colours.Paper, Colours.Operation);
        d.Text(590, 205, "×", 18);
        d.Arrow(590, 262, 590, 222);
        d.Arrow(607, 205, 702, 205);
        d.Chip(738, 205, 70, "h, new", Look.Head);

        var plate = d.Parameter(Look.Head, 415, 355, 450, "four Linears at once", "weight_ih 4H × H, weight_hh 4H × H, biases 4H", 50);
        d.Chip(66, 355, 78, "h, before", Look.Head);
        d.Arrow(105, 355, plate.Left - 2, 355);
        d.Chip(415, 438, 160, "x: this token, B × H", Look.Hidden);
        d.Arrow(415, 423, 415, 382);
        d.Note(28, 428, "start", "All arrows carry B × H.", "Before the first token h = c = 0.");
        d.Text(520, 438, "× and + work on each number by itself", 14, "start", Colours.Quiet);
        return d;
    }

    private static Drawing BiLstmHead()
    {
        var d = new Drawing(
            "bilstm-head",
            "The BiLSTM head: which state speaks for the sentence?",
            "Two LSTMs read the tokens, one forwards and one backwards. The published head takes both outputs at the last position, " +
            "where the backward LSTM has read a single token, here padding. The mask-aware head takes the final state of each " +
            "direction, each after reading the whole text and nothing else.",
            640);
        double X(int i) => 150 + (76 * i);
        for (int variant = 0; variant < 2; variant++)
        {
            bool published = variant == 0;
            double top = 62 + (262 * variant);
            int read = published ? 7 : 5;
            d.Rectangle(new Box(18, top, 764, published ? 250 : 264), "#FAFBFC", Colours.Faint, 10);
            d.Text(32, top + 24,
                published ? "published: the output at the last position" : "mask-aware: the final states of both directions",
                15, "start", bold: true);
            double forward = top + 96;
            double backward = top + 150;
            double tokens = top + 206;
            d.Text(32, forward, "forwards", 14, "start");
            d.Text(32, backward, "backwards", 14, "start");
            for (int i = 0; i < 7; i++)
            {
                d.Chip(X(i), tokens, 66, Padded[i], i >= 5 ? Look.Padding : Look.Plain);
                if (i >= read)
                {
                    d.Text(X(i), (forward + backward) / 2, "not read", 13.5, colour: Colours.Quiet);
                    continue;
                }

                d.Line(X(i), tokens - 14, X(i), backward + 14);
                d.Line(X(i), backward - 14, X(i), forward + 14);
                bool speaks = published && i == 6;
                d.Chip(X(i), forward, 46, "LSTM", speaks ? Look.Wrong : !published && i == 4 ? Look.Answer : Look.Head, 13);
                d.Chip(X(i), backward, 46, "LSTM", speaks ? Look.Wrong : !published && i == 0 ? Look.Answer : Look.Head, 13);
                if (i + 1 < read)
                {
                    d.Arrow(X(i) + 25, forward, X(i + 1) - 25, forward);
                    d.Arrow(X(i + 1) - 25, backward, X(i) + 25, backward);
                }
            }

            const double Out = 720;
            d.Chip(Out, forward, 64, "H", published ? Look.Wrong : Look.Answer, code: true);
            d.Chip(Out, backward, 64, "H", published ? Look.Wrong : Look.Answer, code: true);
            d.Text(Out, (forward + backward) / 2, "joined", 13, colour: Colours.Quiet);
            d.Shape(Out, backward + 30, "B × 2H");
            string colour = published ? Colours.Wrong : Colours.Answer;
            if (published)
            {
                d.Arrow(colour, X(6) + 25, forward, Out - 34, forward);
                d.Arrow(colour, X(6) + 25, backward, Out - 34, backward);
                d.Text(X(6), top + 56, "has read the text, then padding", 13.5, "end", Colours.Quiet);
                d.Arrow(Colours.Line, X(6) + 3, top + 57, X(6) + 12, top + 57, X(6) + 12, forward - 15);
                d.Text(X(5) + 36, top + 236, "has read this [PAD] and nothing else", 13.5, "end", Colours.Quiet);
                d.Arrow(Colours.Line, X(5) + 39, top + 237, X(6) + 42, top + 237, X(6) + 42, backward + 28, X(6) + 14, backward + 28,
                    X(6) + 14, backward + 15);
            }
            else
            {
                d.Arrow(colour, X(4), forward - 15, X(4), forward - 34, Out, forward - 34, Out, forward - 15);
                d.Arrow(colour, X(0) - 25, backward, X(0) - 38, backward, X(0) - 38, top + 236, Out + 40, top + 236, Out + 40,
                    backward, Out + 34, backward);
                d.Text(X(4) - 10, top + 58, "has read the whole text", 13.5, "end", Colours.Quiet);
                d.Text(X(0) - 28, top + 250, "has read the whole text", 13.5, "start", Colours.Quiet);
            }
        }

        d.Text(28, 616, "In both, before: dropout → gelu on B × L × H. After: dropout → out_proj (C × 2H) → B × C.",
            14, "start", Colours.Quiet);
        return d;
    }
}
