using System.Text.Json;
using static TorchSharp.torch;

namespace Electra.Tests;

/// <summary>
/// Logits, losses and gradients equal PyTorch's in any clone: weights come from a formula, and lib/tests/goldens/small.py tells how the
/// numbers were made. Heads that respect padding were given each row alone there.
/// </summary>
public class PyTorchTests
{
    private const double Tolerance = 1e-5;
    private const double GradientTolerance = 1e-4; // relative
    private const double RoundingNoise = 1e-6; // of the keys' biases, which no softmax over keys can feel

    private static readonly JsonElement Golden = JsonDocument.Parse(
        File.ReadAllText(Path.Combine(Reference.Root, "lib", "tests", "goldens", "small.json"))).RootElement;

    public static TheoryData<string, HeadVariant> All => Small.HeadsAndVariants;

    [Theory]
    [MemberData(nameof(All))]
    public void A_model_of_known_weights_equals_PyTorch(string head, HeadVariant variant)
    {
        using var scope = NewDisposeScope();
        var golden = Golden.GetProperty("cases").EnumerateArray().Single(one =>
            one.GetProperty("head").GetString() == head && one.GetProperty("variant").GetString() == Heads.NameOf(variant));
        using var model = Small.Classifier(head, variant);
        foreach (var (name, parameter) in model.named_parameters())
        {
            using var grad = no_grad();
            double[] numbers = [.. Enumerable.Range(0, (int)parameter.numel()).Select(k => Number(name, k))];
            parameter.copy_(tensor(numbers).view(parameter.shape));
        }

        model.eval(); // no dropout
        var ids = tensor(Numbers("ids", Golden, row => row.GetInt64())).view(Golden.GetProperty("ids").GetArrayLength(), -1); // B × L
        var logits = model.forward(ids, ids.ne(0).to_type(ScalarType.Int64), null); // B × C
        var expected = tensor(Numbers("logits", golden, number => number.GetSingle())).view(logits.shape);
        Close.To(expected, logits.detach(), Tolerance, "logits");
        var loss = SequenceClassifier.Loss(logits, tensor(Numbers("labels", Golden, label => label.GetInt64())));
        Assert.Equal(golden.GetProperty("loss").GetDouble(), loss.item<float>(), Tolerance);
        loss.backward();
        var norms = golden.GetProperty("gradients").EnumerateObject().ToDictionary(one => one.Name, one => one.Value.GetDouble());
        Assert.Equal(norms.Keys.Order(), model.named_parameters().Select(named => named.name).Order());
        foreach (var (name, parameter) in model.named_parameters())
        {
            double norm = parameter.grad!.norm().item<float>();
            Assert.True(Math.Abs(norm - norms[name]) <= (GradientTolerance * norms[name]) + RoundingNoise,
                $"{name}: a gradient of length {norm}, but PyTorch's is {norms[name]}");
        }
    }

    private static T[] Numbers<T>(string name, JsonElement of, Func<JsonElement, T> read) => [.. of.GetProperty(name).EnumerateArray()
        .SelectMany(one => one.ValueKind == JsonValueKind.Array ? [.. one.EnumerateArray()] : new[] { one }).Select(read)];

    // The formula of small.py.
    private static double Number(string name, int k)
    {
        double wave = 0.3 * Math.Sin((0.7 * k) + name.Sum(letter => letter));
        return name.EndsWith("LayerNorm.weight", StringComparison.Ordinal) ? 1 + wave : wave;
    }
}
