using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Electra;

/// <summary>
/// Runs the directions of a bidirectional LSTM one by one over whole rows, padding or not, on paths of libtorch that compute fast and
/// rightly. Packed rows miss its fast path; instead the tokens of a row are turned around by index for the direction that reads backwards,
/// and what comes after them goes unused. With <see cref="MixedPrecision.Use"/> it computes in bf16.
/// </summary>
public static class UnpackedLstm
{
    // TorchSharp's LSTM computes with its own parameters, in their precision and in both directions; libtorch's function with any.
    private static readonly jit.CompilationUnit Script = jit.compile(
        """
        def direction(x: Tensor, w_ih: Tensor, w_hh: Tensor, b_ih: Tensor, b_hh: Tensor) -> Tensor:
            zero = torch.zeros([1, x.size(0), w_hh.size(1)], dtype=x.dtype, device=x.device)
            return torch.lstm(x, [zero, zero], [w_ih, w_hh, b_ih, b_hh], True, 1, 0.0, True, False, True)[0]

        """);

    /// <summary>Reads rows with the weights of the forward direction, from zero states.</summary>
    /// <param name="lstm">The LSTM of one layer and both directions.</param>
    /// <param name="x">B × L × H.</param>
    /// <returns>B × L × H, fp32: the output at each position.</returns>
    public static Tensor Forwards(LSTM lstm, Tensor x) => Run(lstm, x, "l0");

    /// <summary>Reads rows that are turned around, with the weights of the backward direction, from zero states.</summary>
    /// <param name="lstm">The LSTM of one layer and both directions.</param>
    /// <param name="turned">B × L × H, the last token first, see <see cref="Turn"/>.</param>
    /// <returns>B × L × H, fp32: the output at each position of the turned rows.</returns>
    public static Tensor Backwards(LSTM lstm, Tensor turned) => Run(lstm, turned, "l0_reverse");

    /// <summary>Turns the tokens of each row around, the last one first, and leaves its padding where it is; twice is no change.</summary>
    /// <param name="x">B × L × H.</param>
    /// <param name="attentionMask">B × L, int64: 1 for a token, 0 for the padding behind them.</param>
    /// <returns>B × L × H.</returns>
    public static Tensor Turn(Tensor x, Tensor attentionMask)
    {
        using var scope = NewDisposeScope();
        long length = x.shape[1];
        var lengths = attentionMask.sum(1, keepdim: true); // B × 1
        var positions = arange(length, device: x.device); // L
        var from = where(positions < lengths, lengths - 1 - positions, positions); // B × L
        var rows = arange(x.shape[0], device: x.device).unsqueeze(1) * length; // B × 1: where each row begins in all B·L
        return x.flatten(0, 1).index_select(0, (from + rows).flatten()).view(x.shape).MoveToOuterDisposeScope(); // B × L × H
    }

    // Without gradients libtorch takes oneDNN's LSTM, which gives wrong numbers for sizes that do not fill its AVX-512 blocks on some
    // processors (seen with libtorch 2.10 on AMD family 26, for 36, 40 and 48); with gradients in fp32 it is right, and slower.
    private static Tensor Run(LSTM lstm, Tensor x, string weights)
    {
        using var scope = NewDisposeScope();
        bool sound = x.shape[^1] % OneDnn.SoundSizes == 0;
        using var grad = sound || is_grad_enabled() ? null : enable_grad();
        Tensor Input(Tensor y) => sound ? MixedPrecision.Operand(y) : y;
        Tensor Weight(string name) => Input(lstm.get_parameter($"{name}_{weights}")!);
        var read = Script.invoke<Tensor>("direction",
            Input(x), Weight("weight_ih"), Weight("weight_hh"), Weight("bias_ih"), Weight("bias_hh")); // B × L × H
        var outputs = sound ? MixedPrecision.Full(MixedPrecision.Result(read)) : read;
        return (grad is null ? outputs : outputs.detach()).MoveToOuterDisposeScope();
    }
}
