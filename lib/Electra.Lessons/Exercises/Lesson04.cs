using TorchSharp;

namespace Electra.Lessons;

/// <summary>The exercises of lesson 04, The CNN head.</summary>
public static class Lesson04
{
    /// <summary>A function from tokens and a window's height to the number of windows.</summary>
    public static void Exercise1(Func<int, int, int?> windows) => Check.Exercise("Exercise 1",
        ["draw a row of five tokens, and slide a window of two over it", "the last window begins height tokens before the end"],
        () => Verdict.Cases(new[] { (32, 2), (32, 3), (5, 5), (9, 1), (12, 4) }.Select(one => (
            $"{one.Item1} tokens and windows of {one.Item2}",
            (Func<Verdict>)(() => Verdict.Equal(windows(one.Item1, one.Item2),
                Enumerable.Range(0, one.Item1).Count(begin => begin + one.Item2 <= one.Item1)))))));

    /// <summary>The number of weights and biases of the CNN head, for H = 768 and two labels.</summary>
    public static void Exercise2(int? size) => Check.Exercise("Exercise 2",
        ["128 filters, each over two tokens of H numbers, each with a bias", "and out_proj: from 128 numbers to C, with C biases"],
        () =>
        {
            using var head = Heads.Create("cnn", new ElectraConfig { HiddenSize = 768 }, 2, HeadVariant.Published);
            return Verdict.Equal(size, (int)head.parameters().Sum(one => one.numel()));
        });

    /// <summary>A convolution of windows of two tokens without Conv2d: from x (B × L × H), filters and biases to B × 128 × (L − 1).
    /// </summary>
    public static void Exercise3(Func<torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor?> convolve) => Check.Exercise("Exercise 3",
        ["filters[.., 0, 0] is 128 × H, the upper half; filters[.., 0, 1] the lower",
            "add both products and the biases; then exchange two axes"],
        () => Verdict.Cases(new[] { (B: 1, L: 6), (B: 3, L: 4) }.Select(one => (
            $"{one.B} rows of {one.L} tokens, H = 8",
            (Func<Verdict>)(() =>
            {
                torch.Tensor x = CaseNumbers.Of(one.L, one.B, one.L, 8), filters = CaseNumbers.Of(2, 128, 1, 2, 8);
                var biases = CaseNumbers.Of(3, 128);
                return Verdict.Close(convolve(x, filters, biases),
                    torch.nn.functional.conv2d(x.unsqueeze(1), filters, biases).squeeze(-1), 1e-4);
            })))));

    /// <summary>A function from windows (B × 128 × (L − 1)) and an attention mask (B × L) to the greatest inside the text, B × 128.
    /// </summary>
    public static void Exercise4(Func<torch.Tensor, torch.Tensor, torch.Tensor?> strongest) => Check.Exercise("Exercise 4",
        ["a window touches padding when one of its two tokens is padding",
            "section 6 has all the pieces; unsqueeze(1) makes room for the axis of filters",
            "0 is no small number where all answers are below 0: fill with −∞"],
        () => Verdict.Cases(PaddedRows.Select(one => (
            $"rows of {string.Join(", ", one.Lengths)} tokens{(one.Low > 0 ? " and answers below 0" : "")}",
            (Func<Verdict>)(() =>
            {
                var windows = CaseNumbers.Of(4, one.Lengths.Length, 128, one.Lengths.Max() - 1) - one.Low;
                var right = torch.stack(one.Lengths.Select((length, row) => windows[row, .., ..(length - 1)].amax([-1])));
                return Verdict.Close(strongest(windows, CaseNumbers.Mask(one.Lengths)), right, 1e-5);
            })))));

    /// <summary>Whether the CNN head can tell windows in another order apart, and can count how often a pattern occurs.</summary>
    public static void Exercise5(bool? tellsOrder, bool? counts) => Check.Exercise("Exercise 5",
        ["what does the maximum of a list depend on?", "take 3, 1, 2; then 1, 2, 3; then 3, 3, 1"],
        () => Verdict.Answers(("order", tellsOrder, false), ("count", counts, false)));

    private static readonly (int Low, int[] Lengths)[] PaddedRows = [(0, [6, 3]), (5, [7, 2, 5])];
}
