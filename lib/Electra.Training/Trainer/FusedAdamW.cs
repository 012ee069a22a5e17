using System.Numerics;
using System.Runtime.InteropServices;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Electra;

/// <summary>
/// AdamW that reads and writes every number of a parameter once a step, where TorchSharp makes nine passes over memory: a small encoder's
/// steps are so short that these were a tenth of them. The parameters are shared out among the processor's cores. The numbers, the state
/// and its meaning are TorchSharp's. On a GPU it is TorchSharp's step itself. Source: Loshchilov and Hutter 2019, algorithm 2; PyTorch,
/// <c>torch.optim.AdamW</c> (<c>fused</c>).
/// </summary>
internal sealed class FusedAdamW : AdamW
{
    private readonly IReadOnlyList<(Parameter Parameter, Options Options, State State)> _parameters;

    /// <summary>Creates the optimizer.</summary>
    /// <param name="groups">Parameters (fp32) with their options.</param>
    /// <param name="learningRate">Of groups that say none.</param>
    /// <param name="epsilon">Of groups that say none.</param>
    public FusedAdamW(IEnumerable<ParamGroup> groups, double learningRate, double epsilon)
        : base(groups, learningRate, eps: epsilon)
    {
        var parameters = ParamGroups.Cast<ParamGroup>()
            .SelectMany(group => group.Parameters.Select(parameter => (parameter, (Options)group.Options)));
        _parameters = [.. parameters.Zip(state_dict().State.Cast<State>(), (pair, state) => (pair.parameter, pair.Item2, state))];
    }

    /// <summary>Changes all parameters that have a gradient.</summary>
    /// <param name="closure">As TorchSharp's; null here.</param>
    public override Tensor step(Func<Tensor>? closure = null)
    {
        if (closure is not null || _parameters.Any(entry => entry.Parameter.device_type != DeviceType.CPU))
        {
            return base.step(closure);
        }

        var threads = new ParallelOptions { MaxDegreeOfParallelism = get_num_threads() };
        Parallel.ForEach(_parameters, threads, entry => Change(entry.Parameter, entry.Options, entry.State));
        return null!; // as TorchSharp's without a closure
    }

    private static void Change(Parameter parameter, Options options, State state)
    {
        using var gradient = parameter.grad;
        if (gradient is null)
        {
            return;
        }

        state.step++;
        var (rate, beta1, beta2) = (options.LearningRate!.Value, options.beta1!.Value, options.beta2!.Value);
        using var contiguous = gradient.contiguous();
        Update(
            Numbers(parameter), Numbers(contiguous), Numbers(state.exp_avg), Numbers(state.exp_avg_sq), (float)beta1, (float)(1 - beta1),
            (float)beta2, (float)(1 - beta2),
            keep: (float)(1 - (rate * options.weight_decay!.Value)),
            size: (float)(rate / (1 - Math.Pow(beta1, state.step))),
            correction: (float)Math.Sqrt(1 - Math.Pow(beta2, state.step)),
            epsilon: (float)options.eps!.Value);
    }

    private static Span<float> Numbers(Tensor x) => MemoryMarshal.Cast<byte, float>(x.bytes);

    // m ← β₁·m + (1 − β₁)·g; v ← β₂·v + (1 − β₂)·g²; w ← (1 − rate·decay)·w − rate / (1 − β₁ᵗ) · m / (√v / √(1 − β₂ᵗ) + ε)
    private static void Update(
        Span<float> weights, Span<float> gradients, Span<float> averages, Span<float> squares, float beta1, float rest1, float beta2,
        float rest2, float keep, float size, float correction, float epsilon)
    {
        var w = Vectors(weights);
        var g = Vectors(gradients);
        var m = Vectors(averages);
        var v = Vectors(squares);
        for (int i = 0; i < w.Length; i++)
        {
            m[i] = (m[i] * beta1) + (g[i] * rest1);
            v[i] = (v[i] * beta2) + (g[i] * g[i] * rest2);
            w[i] = (w[i] * keep) - (m[i] / ((Vector.SquareRoot(v[i]) / correction) + new Vector<float>(epsilon)) * size);
        }

        for (int i = w.Length * Vector<float>.Count; i < weights.Length; i++)
        {
            averages[i] = (averages[i] * beta1) + (gradients[i] * rest1);
            squares[i] = (squares[i] * beta2) + (gradients[i] * gradients[i] * rest2);
            weights[i] = (weights[i] * keep) - (averages[i] / ((MathF.Sqrt(squares[i]) / correction) + epsilon) * size);
        }
    }

    private static Span<Vector<float>> Vectors(Span<float> x) => MemoryMarshal.Cast<float, Vector<float>>(x);
}
