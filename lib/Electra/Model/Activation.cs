using static TorchSharp.torch;

namespace Electra;

/// <summary>The functions that <c>hidden_act</c> may name. Source: transformers, <c>activations.py</c>.</summary>
public static class Activation
{
    /// <summary>The name of the exact GELU, with erf.</summary>
    public const string Gelu = "gelu";

    private static readonly Dictionary<string, Func<Tensor, Tensor>> Functions = new()
    {
        [Gelu] = nn.functional.gelu,
        ["gelu_new"] = GeluTanh,
        ["relu"] = x => nn.functional.relu(x),
    };

    /// <summary>All names, with commas between.</summary>
    public static string Names => string.Join(", ", Functions.Keys);

    /// <summary>Whether there is a function of that name.</summary>
    public static bool Exists(string name) => Functions.ContainsKey(name);

    /// <summary>The function of a name that exists.</summary>
    public static Func<Tensor, Tensor> Get(string name) => Functions[name];

    private static Tensor GeluTanh(Tensor x) => 0.5 * x * (1 + (Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x.pow(3)))).tanh());
}
