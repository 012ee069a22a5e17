namespace Images;

/// <summary>Tasks that ask every token: spans, labels, replaced tokens.</summary>
internal static class TaskFigures
{
    public static IEnumerable<Drawing> All() => [QuestionAnswering(), TokenClassification(), ReplacedTokenDetection()];

    private static Drawing QuestionAnswering()
    {
        string[] tokens = ["[CLS]", "감독은", "누구", "##인가", "?", "[SEP]", "도", "##경", "##하", "감독이", "서울에서", "찍었다", "[SEP]"];
        // Drawn, not measured: logits as a fine-tuned model could give them.
        double[] start = [0.5, 0.4, 1.4, 0.6, 0.2, 0.3, 4.2, 1.6, 1.0, 1.2, 1.5, 0.4, 0.2];
        double[] end = [0.4, 0.3, 0.6, 1.3, 0.3, 0.2, 0.9, 1.7, 4.0, 2.1, 1.1, 0.8, 0.3];
        var d = new Drawing(
            "question-answering",
            "Answering questions: L × 2 logits",
            "Question and context are one row of tokens. A Linear layer H to 2 gives each token a start logit and an end logit. The " +
            "answer is the span from start to end, inside the context, whose two logits have the greatest sum.",
            618);
        double X(int i) => 56 + (57.2 * i);
        d.AxisAcross(X(0) - 26, X(5) + 26, 82, "question (감독은 누구인가? Who is the director?): type 0");
        d.AxisAcross(X(6) - 26, X(12) + 26, 82, "context (Do Kyung-ha filmed in Seoul): type 1");
        bool Context(int i) => i is >= 6 and <= 11;
        for (int i = 0; i < tokens.Length; i++)
        {
            d.Chip(X(i), 106, 55, tokens[i], i is >= 6 and <= 8 ? Look.Chosen : Look.Plain, 13);
            d.Arrow(X(i), 121, X(i), 138);
            d.Tensor(X(i) - 11, 140, 4, 1, i is >= 6 and <= 8 ? Look.Chosen : Look.Hidden, 22, 13);
            d.Arrow(X(i), 194, X(i), 210);
        }

        d.Parameter(Look.Head, 400, 234, 740, "qa_outputs: the same Linear(H, 2) on every token", "2 × H, bias 2", 44);
        for (int row = 0; row < 2; row++)
        {
            double[] values = row == 0 ? start : end;
            double ground = 358 + (112 * row);
            int best = row == 0 ? 6 : 8;
            d.Line(30, ground, 770, ground, Colours.Line, 1.2);
            for (int i = 0; i < tokens.Length; i++)
            {
                double height = values[i] * 16;
                d.Rectangle(new Box(X(i) - 15, ground - height, 30, height),
                    Context(i) ? i == best ? Colours.Chosen : Colours.Answer : "url(#hatch)",
                    Colours.Line, 1, Context(i) ? 0.5 : 1, width: 1);
                d.Text(X(i), ground - height - 10, $"{(int)values[i]}.{Math.Round(values[i] * 10) % 10}", 13, code: true,
                    bold: i == best && Context(i));
                if (row == 0)
                {
                    d.Text(X(i), 486, tokens[i], 12.5);
                }
            }

            d.Text(30, ground - 76, row == 0 ? "start logits" : "end logits", 14, "start", bold: true);
            d.Shape(128, ground - 76, "column " + row, "start");
        }

        d.Arrow(628, 257, 628, 280);
        d.Shape(642, 272, "B × L × 2", "start");
        d.Line(X(6) - 22, 508, X(8) + 22, 508, Colours.Chosen, 5);
        d.Text(X(7), 526, "도경하", 17, bold: true);
        d.Text(X(9) - 20, 526, "4.2 + 4.0 = 8.2, the greatest sum", 14, "start", Colours.Quiet);
        d.Note(30, 556, "start", "Decoding: start ≤ end, both inside the context (hatched: left out), not longer than allowed.",
            "The words come from the context by the pieces' character ranges, not by gluing pieces together.",
            "Of several windows: each sum less the two logits of the window's [CLS], so that windows compare.");
        return d;
    }

    private static Drawing TokenClassification()
    {
        string text = "배우 도경하가 부산에 왔다";
        string[] tags = ["O", "O", "O", "B-PS", "I-PS", "I-PS", "O", "O", "B-LC", "I-LC", "O", "O", "O", "O"];
        (string Piece, int From, int To, string Tag)[] pieces =
        [
            ("배우", 0, 2, "O"), ("도", 3, 4, "B-PS"), ("##경", 4, 5, "I-PS"), ("##하가", 5, 7, "I-PS"), ("부산", 8, 10, "B-LC"),
            ("##에", 10, 11, "O"), ("왔다", 12, 14, "O"),
        ];
        var d = new Drawing(
            "token-classification",
            "Token classification: every token gets a label",
            "Tags are written for characters: B begins an entity, I continues it, O is outside. The encoder sees word pieces, and a " +
            "head gives each piece C logits. A piece that covers the end of a name and a particle can carry only one label.",
            572);
        double X(int i) => 152 + (46.5 * i);
        double Middle(int from, int to) => (X(from) + X(to - 1)) / 2;
        Look Of(string tag) =>
            tag.EndsWith("PS", StringComparison.Ordinal)
                ? Look.Chosen
                : tag.EndsWith("LC", StringComparison.Ordinal) ? Look.Answer : Look.Plain;
        d.Text(28, 82, "characters", 14, "start");
        d.Text(28, 118, "gold tags", 14, "start", bold: true);
        for (int i = 0; i < text.Length; i++)
        {
            d.Chip(X(i), 82, 40, text[i] == ' ' ? "␣" : $"{text[i]}", Of(tags[i]), 16);
            d.Text(X(i), 118, tags[i], 13, code: true);
        }

        d.Text(28, 178, "word pieces", 14, "start");
        d.Text(28, 240, "hidden", 14, "start");
        d.Shape(28, 260, "L × H", "start");
        d.Text(28, 378, "logits", 14, "start");
        d.Shape(28, 398, "L × C", "start");
        d.Text(28, 452, "label", 14, "start", bold: true);
        foreach (var (piece, from, to, tag) in pieces)
        {
            double x = Middle(from, to);
            for (int c = from; c < to; c++)
            {
                d.Line(X(c), 130, x, 162);
            }

            d.Chip(x, 178, to - from > 1 ? 82 : 43, piece, Of(tag));
            d.Arrow(x, 193, x, 214);
            d.Tensor(x - 11, 217, 5, 1, Of(tag) is Look.Plain ? Look.Hidden : Of(tag), 22, 12);
            d.Arrow(x, 279, x, 300);
            d.Arrow(x, 346, x, 362);
            d.Tensor(x - 15, 364, 3, 1, Look.Answer, 30, 16);
            d.Arrow(x, 415, x, 435);
            d.Chip(x, 452, 43, tag, Of(tag), 13, code: true);
        }

        d.Parameter(Look.Head, 454, 323, 640, "a token head: Linear(H, C), CNN or BiLSTM that keep the length",
            "one row in, one row out", 44);
        d.Text(28, 494, "read back", 14, "start");
        d.Chip(Middle(3, 7), 494, 190, "도경하가: one too long", Look.Wrong);
        d.Chip(Middle(8, 10), 494, 92, "부산", Look.Answer);
        d.Note(28, 526, "start", "The piece ##하가 is the end of the name 도경하 and the particle 가 at once, with one label for both:",
            "no head can find this name exactly. Scored on characters. PS: person, LC: place; [CLS], [SEP]: no label.");
        return d;
    }

    private static Drawing ReplacedTokenDetection()
    {
        string[] original = ["[CLS]", "배우들", "연기가", "정말", "좋았다", "[SEP]"];
        string[] masked = [.. original];
        string[] sampled = [.. original];
        (masked[2], masked[4], sampled[2]) = ("[MASK]", "[MASK]", "영화가");
        var d = new Drawing(
            "replaced-token-detection",
            "Replaced token detection: a generator lies, a discriminator notices",
            "Some tokens are hidden behind [MASK]. The generator, a small encoder, guesses them; its guesses are put in. The " +
            "discriminator says of every token whether it is the original one. Where the generator guessed right, " +
            "original is the right answer.",
            564);
        double X(int i) => 190 + (109.2 * i);
        void Row(double y, string label, string[] tokens, Func<int, Look> look)
        {
            d.Text(28, y, label, 14, "start", bold: true);
            for (int i = 0; i < tokens.Length; i++)
            {
                d.Chip(X(i), y, 76, tokens[i], look(i));
            }
        }

        void Down(double from, double to)
        {
            for (int i = 0; i < original.Length; i++)
            {
                d.Arrow(X(i), from, X(i), to);
            }
        }

        Row(78, "original", original, _ => Look.Plain);
        Down(93, 116);
        Row(132, "masked", masked, i => masked[i] == "[MASK]" ? Look.Chosen : Look.Plain);
        Down(147, 168);
        d.Parameter(Look.Hidden, 463, 194, 624, "generator: a small encoder, V logits for each masked place",
            "loss: cross-entropy at the masked places", 48);
        foreach (int i in (int[])[2, 4])
        {
            d.Arrow(X(i), 219, X(i), 238);
        }

        d.Text(28, 194, "15 % are chosen", 13.5, "start", Colours.Quiet);
        d.Operation(X(3), 254, 420, "sample one token from each guess; put it in");
        foreach (int i in (int[])[2, 4])
        {
            d.Arrow(X(i), 270, X(i), 292);
        }

        Row(308, "corrupted", sampled, i => i == 2 ? Look.Wrong : i == 4 ? Look.Answer : Look.Plain);
        Down(323, 344);
        d.Parameter(Look.Hidden, 463, 370, 624, "discriminator: the encoder we want, 1 logit for each token",
            "loss: binary cross-entropy at every token, weight 50", 48);
        Down(395, 418);
        d.Text(28, 434, "right answer", 14, "start", bold: true);
        d.Shape(28, 456, "B × L", "start");
        for (int i = 0; i < original.Length; i++)
        {
            d.Chip(X(i), 434, 76, i == 2 ? "replaced" : "original", i == 2 ? Look.Wrong : Look.Plain, 13.5);
        }

        d.Text(X(2), 468, "another token", 13, colour: Colours.Quiet);
        d.Text(X(4), 468, "guessed right", 13, colour: Colours.Quiet);
        d.Note(28, 502, "start", "The generator learns from the chosen tokens only, the discriminator from all.",
            "Sampling passes no gradient, so the generator is not trained to deceive; it only gets better at guessing.",
            "Afterwards the generator is thrown away, and the discriminator's encoder gets the heads of this course.");
        return d;
    }
}
