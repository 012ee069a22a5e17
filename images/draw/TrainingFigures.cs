namespace Images;

/// <summary>What a training step does.</summary>
internal static class TrainingFigures
{
    public static IEnumerable<Drawing> All() => [Gradient()];

    private static Drawing Gradient()
    {
        var d = new Drawing(
            "gradient",
            "One training step: forward, backward, step",
            "Forward, the reviews go through encoder, [CLS], dense, gelu and out_proj to logits and one loss. Backward, the gradient " +
            "goes from the loss through the same places in the opposite order, and leaves at each weight a number: by how much the loss " +
            "grows when this weight grows. The step moves each weight a little against its gradient.",
            430);
        const double Forward = 116, Backward = 226, Step = 336;
        d.Text(28, 76, "1 forward: from the reviews to one loss", 14, "start", bold: true);
        d.Parameter(Look.Hidden, 104, Forward, 130, "encoder", "4 layers");
        d.Operation(222, Forward, 70, "[.., 0]", code: true);
        d.Parameter(Look.Head, 321, Forward, 92, "dense", "H × H");
        d.Operation(413, Forward, 58, "gelu");
        d.Parameter(Look.Head, 508, Forward, 98, "out_proj", "C × H");
        d.Operation(632, Forward, 116, "cross-entropy");
        d.Chip(741, Forward, 66, "loss", Look.Wrong);
        double[] gaps = [169, 187, 257, 275, 367, 384, 442, 459, 557, 574, 690, 708];
        foreach (double[] gap in gaps.Chunk(2))
        {
            d.Arrow(gap[0], Forward, gap[1], Forward);
        }

        d.Text(28, 184, "2 backward: from the loss to a gradient for each weight", 14, "start", bold: true);
        d.Arrow(Colours.Wrong, 741, Forward + 16, 741, Backward, 566, Backward);
        d.Arrow(Colours.Wrong, 450, Backward, 375, Backward);
        d.Arrow(Colours.Wrong, 267, Backward, 177, Backward);
        foreach (var (x, width, shape) in new[] { (508.0, 112.0, "C × H"), (321, 104, "H × H"), (104, 142, "each its own") })
        {
            d.Chip(x, Backward, width, "gradient", Look.Wrong);
            d.Text(x, Backward + 26, shape, 13, colour: Colours.Quiet, code: true);
        }

        d.Text(580, 286, "3 step: each weight moves", 14, "start", bold: true);
        d.Text(580, 305, "against its gradient", 14, "start", bold: true);
        foreach (double x in new[] { 508.0, 321, 104 })
        {
            d.Arrow(x, Backward + 36, x, Step - 15);
            d.Chip(x, Step, 104, "new weights", x < 200 ? Look.Hidden : Look.Head);
        }

        d.Text(580, Step - 2, "weight − rate × gradient", 13.5, "start", code: true);
        d.Text(580, Step + 20, "and the loss is smaller", 13.5, "start", Colours.Quiet);
        d.Note(28, 384, "start", "A gradient says by how much the loss grows when its weight grows a little:",
            "above 0, the weight should shrink; below 0, it should grow; near 0, it hardly matters.");
        return d;
    }
}
