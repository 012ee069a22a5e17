using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Electra;

/// <summary>
/// A linear layer, x·Wᵀ + b, that multiplies in the precision in use, see <see cref="MixedPrecision.Use"/>; its weights are fp32 in every
/// case. Fresh weights are those that <c>nn.Linear</c> draws, from as many random numbers in the same order. Source: PyTorch,
/// <c>nn.Linear</c>.
/// </summary>
public sealed class FastLinear : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "weight")]
    private readonly Parameter _weight; // outputs × inputs

    [ComponentName(Name = "bias")]
    private readonly Parameter _bias; // outputs

    private readonly Lock _gate = new();
    private Tensor? _reordered; // see FixedWeights
    private int _users;

    /// <summary>Creates a freshly initialised layer.</summary>
    /// <param name="inputs">Size of the last axis of what comes in.</param>
    /// <param name="outputs">Size of the last axis of what comes out.</param>
    public FastLinear(int inputs, int outputs)
        : base(nameof(FastLinear))
    {
        _weight = nn.Parameter(nn.init.kaiming_uniform_(empty(outputs, inputs), a: Math.Sqrt(5)));
        _bias = nn.Parameter(nn.init.uniform_(empty(outputs), -1 / Math.Sqrt(inputs), 1 / Math.Sqrt(inputs)));
        RegisterComponents();
    }

    /// <summary>Draws the weights anew: normal with mean 0, the bias 0.</summary>
    /// <param name="deviation">The standard deviation.</param>
    public void Initialize(double deviation)
    {
        using var grad = no_grad();
        _weight.normal_(0, deviation);
        _bias.zero_();
    }

    /// <summary>Multiplies.</summary>
    /// <param name="x">… × inputs.</param>
    /// <returns>… × outputs, in the precision in use: bf16 numbers where that is bf16, of which <see cref="MixedPrecision.Full"/> makes
    /// fp32.</returns>
    public override Tensor forward(Tensor x) =>
        Reordered is { } weight ? OneDnn.Linear(x, weight, _bias) : MixedPrecision.Linear(x, _weight, _bias);

    /// <summary>The same with GELU behind it, in one pass where there is such a product.</summary>
    /// <param name="x">… × inputs.</param>
    /// <returns>… × outputs.</returns>
    public Tensor ForwardGelu(Tensor x) =>
        Reordered is { } weight ? OneDnn.LinearGelu(x, weight, _bias) : nn.functional.gelu(forward(x));

    /// <summary>Copies the weights in the order of <see cref="OneDnn"/>, or forgets that copy when all who asked for it are done.</summary>
    internal void Reorder(bool on)
    {
        lock (_gate)
        {
            _users += on ? 1 : -1;
            if (on && _users == 1 && _weight.shape.All(size => size % OneDnn.SoundSizes == 0))
            {
                _reordered = OneDnn.Reorder(_weight).DetachFromDisposeScope();
            }
            else if (_users == 0)
            {
                _reordered?.Dispose();
                _reordered = null;
            }
        }
    }

    private Tensor? Reordered => MixedPrecision.InUse == Precision.Fp32 && !is_grad_enabled() ? _reordered : null;
}
