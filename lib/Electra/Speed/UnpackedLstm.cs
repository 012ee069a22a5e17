using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Electra;

/// <summary>Runs an LSTM over whole rows, padding or not, on a path of libtorch that computes rightly.</summary>
public static class UnpackedLstm
{
    private const int SoundSizes = 64; // multiples of it are right on all paths

    /// <summary>
    /// Reads rows. Without gradients libtorch takes oneDNN's LSTM, which gives wrong numbers for sizes that do not fill its AVX-512 blocks
    /// on some processors (seen with libtorch 2.10 on AMD family 26, for 36, 40 and 48); with gradients it takes its own, which is right
    /// and slower.
    /// </summary>
    /// <param name="lstm">The LSTM, batch first.</param>
    /// <param name="x">B × L × H.</param>
    /// <returns>B × L × 2H: the outputs of both directions.</returns>
    public static Tensor Run(LSTM lstm, Tensor x)
    {
        bool sound = x.shape[^1] % SoundSizes == 0 || is_grad_enabled();
        using var grad = sound ? null : enable_grad();
        var (outputs, _, _) = lstm.call(x); // B × L × 2H
        return sound ? outputs : outputs.detach();
    }
}
