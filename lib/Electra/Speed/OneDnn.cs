using System.Diagnostics;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;
using static TorchSharp.torch;

namespace Electra;

/// <summary>
/// oneDNN's fp32 product, which libtorch contains but takes for bf16 only: MKL, which it takes for fp32, has no AVX-512 for processors of
/// other vendors. TorchSharp has no call for it; a TorchScript module has. Without gradients, on a CPU. Source: PyTorch,
/// <c>mkldnn::_linear_pointwise</c> and <c>mkldnn::_reorder_linear_weight</c>.
/// </summary>
internal static class OneDnn
{
    /// <summary>Multiples of it are right everywhere: where other sizes do not fill AVX-512 blocks, oneDNN was seen to be wrong.</summary>
    public const int SoundSizes = 64;

    private const double WorthIt = 1.1; // less is not worth copies of the weights

    // A TorchScript archive: an object of class M without parameters (pickle, protocol 2), its code, no constants, the format's version.
    private static readonly (string Name, string Text)[] Archive =
    [
        ("data.pkl", "\u0080\u0002c__torch__\nM\n)\u0081}(X\u0008\0\0\0training\u0089ub."),
        ("code/__torch__.py", """
            class M(Module):
              __parameters__ = []
              __buffers__ = []
              training : bool
              def forward(self: __torch__.M, x: Tensor, w: Tensor, b: Tensor) -> Tensor:
                return ops.mkldnn._linear_pointwise(x, w, b, "none", annotate(List[Optional[number]], []), None)
              def gelu(self: __torch__.M, x: Tensor, w: Tensor, b: Tensor) -> Tensor:
                return ops.mkldnn._linear_pointwise(x, w, b, "gelu", annotate(List[Optional[number]], []), "none")
              def reorder(self: __torch__.M, w: Tensor) -> Tensor:
                return ops.mkldnn._reorder_linear_weight(w, None)

            """),
        ("constants.pkl", "\u0080\u0002)."),
        ("version", "3\n"),
    ];

    private static readonly Lazy<jit.ScriptModule?> Module = new(Load);

    private static readonly Lazy<bool> Measured = new(() => IsThere && Measure(Rate));

    /// <summary>Whether this build of libtorch has it (those for macOS have not), and a temporary file found room.</summary>
    public static bool IsThere => Module.Value is not null;

    /// <summary>
    /// Whether a feed-forward block with it is at least 1.1 times as fast as with libtorch's product; measured once, with one thread.
    /// </summary>
    public static bool PaysOff => Measured.Value;

    /// <summary>A copy of weights in the order of oneDNN's blocks; only the calls below can read it.</summary>
    /// <param name="weight">Outputs × inputs, fp32.</param>
    public static Tensor Reorder(Tensor weight)
    {
        using var grad = no_grad();
        return Module.Value!.invoke<Tensor>("reorder", weight);
    }

    /// <summary>x·Wᵀ + b.</summary>
    /// <param name="x">… × inputs, fp32.</param>
    /// <param name="weight">Outputs × inputs, as <see cref="Reorder"/> gives them.</param>
    /// <param name="bias">Outputs.</param>
    /// <returns>… × outputs.</returns>
    public static Tensor Linear(Tensor x, Tensor weight, Tensor bias) => Module.Value!.invoke<Tensor>("forward", x, weight, bias);

    /// <summary>GELU (exact, with erf) of x·Wᵀ + b, in one pass.</summary>
    public static Tensor LinearGelu(Tensor x, Tensor weight, Tensor bias) => Module.Value!.invoke<Tensor>("gelu", x, weight, bias);

    /// <summary>Whether oneDNN pays, by rates.</summary>
    /// <param name="rate">Blocks a second, with oneDNN or with libtorch.</param>
    internal static bool Measure(Func<bool, double> rate) => Probe.IsFaster(WorthIt, rate);

    // The block of a small encoder, 1024 tokens.
    private static double Rate(bool own)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var x = ones(1024, 256); // no random numbers: those are the training's
        Tensor[] weights = [ones(1024, 256), ones(256, 1024)];
        var bias = zeros(1024);
        if (own)
        {
            weights = [.. weights.Select(Reorder)];
        }

        long start = Stopwatch.GetTimestamp();
        _ = own
            ? Linear(LinearGelu(x, weights[0], bias), weights[1], bias[..256]) // 1024 × 256
            : nn.functional.linear(nn.functional.gelu(nn.functional.linear(x, weights[0], bias)), weights[1], bias[..256]); // 1024 × 256
        return 1 / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static jit.ScriptModule? Load()
    {
        string? file = null;
        try
        {
            file = Path.GetTempFileName();
            using (var zip = ZipFile.Open(file, ZipArchiveMode.Update))
            {
                foreach (var (name, text) in Archive)
                {
                    using var entry = zip.CreateEntry($"onednn/{name}", CompressionLevel.NoCompression).Open();
                    entry.Write(Encoding.Latin1.GetBytes(text.ReplaceLineEndings("\n")));
                }
            }

            return jit.load(file);
        }
        catch (Exception e) when (e is ExternalException or IOException or UnauthorizedAccessException) // no such function, or no room
        {
            return null;
        }
        finally
        {
            if (file is not null)
            {
                File.Delete(file);
            }
        }
    }
}
