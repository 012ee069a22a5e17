using TorchSharp;
using TorchSharp.Modules;

namespace Electra.Lessons;

/// <summary>The exercises of lesson 05, The BiLSTM head.</summary>
public static class Lesson05
{
    /// <summary>Shapes and size of a bidirectional LSTM that reads 16 rows of 30 tokens, H = 256.</summary>
    public static void Exercise1(long[]? outputShape, long[]? stateShape, int? size) => Check.Exercise("Exercise 1",
        ["of the outputs there is one for every position, both directions side by side",
            "of final states there is one for each direction, and directions come first",
            "the table of section 1: per direction two matrices of 4H × H and two biases of 4H"],
        () =>
        {
            using var lstm = torch.nn.LSTM(256, 256, batchFirst: true, bidirectional: true);
            var (outputs, state, _) = lstm.call(torch.zeros(16, 30, 256));
            return Verdict.Parts(
                ("outputs", Verdict.Shape(outputShape, outputs.shape)),
                ("final states", Verdict.Shape(stateShape, state.shape)),
                ("size", Verdict.Equal(size, (int)lstm.parameters().Sum(one => one.numel()))));
        });

    /// <summary>A function from x (1 × L × H) to the final hidden state of the backward direction (1 × H).</summary>
    /// <param name="readBackwards">The learner's function.</param>
    /// <param name="lstm">The lesson's LSTM, with H numbers in and out.</param>
    public static void Exercise2(Func<torch.Tensor, torch.Tensor?> readBackwards, LSTM lstm) => Check.Exercise("Exercise 2",
        ["section 2's loop, from the last token to the first",
            "Step(…, \"_reverse\") has the weights of this direction; h goes from step to step, and c too"],
        () => Verdict.Cases(RowLengths.Select(length => (
            $"a row of {length} token{(length == 1 ? "" : "s")}",
            (Func<Verdict>)(() =>
            {
                var x = CaseNumbers.Of(length, 1, length, lstm.get_parameter("weight_ih_l0")!.shape[1]);
                return Verdict.Close(readBackwards(x), lstm.call(x).Item2[1].detach(), 1e-4);
            })))));

    /// <summary>A function from outputs (B × L × 2H) and a mask (B × L) to the forward half at each row's last token, B × H.</summary>
    /// <param name="forwardStates">The learner's function.</param>
    /// <param name="hiddenSize">H.</param>
    public static void Exercise3(Func<torch.Tensor, torch.Tensor, torch.Tensor?> forwardStates, int hiddenSize) =>
        Check.Exercise("Exercise 3",
        ["for each row: its length is the sum of its mask", "the forward half is [.., .., ..H]; stack makes one tensor of the rows"],
        () => Verdict.Cases(PaddedRows.Select(lengths => (
            $"rows of {string.Join(", ", lengths)} tokens",
            (Func<Verdict>)(() =>
            {
                var outputs = CaseNumbers.Of(5, lengths.Length, lengths.Max(), 2 * hiddenSize);
                return Verdict.Close(forwardStates(outputs, CaseNumbers.Mask(lengths)),
                    torch.stack(lengths.Select((length, row) => outputs[row, length - 1, ..hiddenSize])), 1e-6);
            })))));

    /// <summary>Whether the backward half of unpacked outputs at position 0 is the final state: of the longest row, and of a padded one.
    /// </summary>
    /// <param name="longestRow">The learner's answer for row 0, which has no padding.</param>
    /// <param name="paddedRow">The learner's answer for row 2, which has.</param>
    /// <param name="outputs">Outputs without packing, 3 × L × 2H.</param>
    /// <param name="packedHidden">Final hidden states with packing, 2 × 3 × H.</param>
    public static void Exercise4(bool? longestRow, bool? paddedRow, torch.Tensor outputs, torch.Tensor packedHidden) =>
        Check.Exercise("Exercise 4",
        ["where does the backward direction begin to read?", "think of what it has read before the text"],
        () =>
        {
            bool IsFinal(int row) =>
                (outputs[row, 0, (int)packedHidden.shape[2]..] - packedHidden[1, row]).abs().max().item<float>() < 1e-5;
            return Verdict.Answers(("longest row", longestRow, IsFinal(0)), ("padded row", paddedRow, IsFinal(2)));
        });

    /// <summary>The values of the gates f and i, 0 or 1, with which an LSTM's memory stays as it is.</summary>
    public static void Exercise5(int? f, int? i) => Check.Exercise("Exercise 5",
        ["c, new = f · c + i · g", "what of the old must come through, and what of the new?"],
        () => f is null || i is null ? Verdict.ToDo
            : f is not (0 or 1) || i is not (0 or 1) ? Verdict.Wrong("a gate that is open is 1, a closed one 0")
            : Verdict.Cases(new[] { (C: 3, G: 5), (C: -2, G: 1) }.Select(one => (
                $"c = {one.C} and g = {one.G}",
                (Func<Verdict>)(() => Verdict.That((f * one.C) + (i * one.G) == one.C,
                    $"the memory becomes {(f * one.C) + (i * one.G)}"))))));

    private static readonly int[] RowLengths = [1, 3, 6];
    private static readonly int[][] PaddedRows = [[6, 4, 3], [2, 5]];
}
