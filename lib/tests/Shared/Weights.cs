using static TorchSharp.torch;

namespace Electra.Tests;

/// <summary>A model's weights as numbers.</summary>
internal static class Weights
{
    public static Dictionary<string, float[]> Of(nn.Module model) =>
        model.named_parameters().ToDictionary(named => named.name, named => named.parameter.data<float>().ToArray());

    /// <summary>Fails unless all weights are equal to the last bit.</summary>
    public static void AssertEqual(IReadOnlyDictionary<string, float[]> expected, IReadOnlyDictionary<string, float[]> actual)
    {
        Assert.Equal(expected.Keys.Order(StringComparer.Ordinal), actual.Keys.Order(StringComparer.Ordinal));
        Assert.DoesNotContain(expected.Keys, name => !Bits(expected[name]).SequenceEqual(Bits(actual[name])));
    }

    private static IEnumerable<int> Bits(float[] values) => values.Select(BitConverter.SingleToInt32Bits);
}
