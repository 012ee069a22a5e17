using TorchSharp;

namespace Electra.Lessons;

/// <summary>The exercises of lesson 02, Inside the encoder.</summary>
public static class Lesson02
{
    /// <summary>The number of parameters of one layer.</summary>
    public static void Exercise1(long? count, ElectraEncoder encoder) => Check.Exercise("Exercise 1",
        ["a linear layer a → b has a weight for each pair, and a bias for each output",
            "four linear layers H → H, one H → I, one I → H",
            "a LayerNorm has H weights and H biases, and there are two"],
        () => Verdict.Equal(count, encoder.named_parameters()
            .Where(one => one.name.StartsWith("encoder.layer.0.", StringComparison.Ordinal)).Sum(one => one.parameter.numel())));

    /// <summary>Attention probabilities of scores, of which some belong to padding.</summary>
    /// <param name="attention">The learner's probabilities.</param>
    /// <param name="scores">The scores, of any length.</param>
    /// <param name="isText">1 for a token of the text, 0 for padding.</param>
    public static void Exercise2(torch.Tensor? attention, torch.Tensor scores, torch.Tensor isText) => Check.Exercise("Exercise 2",
        ["padding must be out of the game before softmax, not after",
            "add a bias: 0 where the mask is 1, a very negative number where it is 0"],
        () => Verdict.First(
            () => Verdict.Shape(attention, scores.shape),
            () => Verdict.That(Math.Abs(attention!.sum().item<float>() - 1) < 1e-3,
                $"together they make {Verdict.Text(attention.sum().item<float>())}, and probabilities make 1"),
            () => Verdict.That((attention! * (1 - isText)).abs().max().item<float>() < 1e-6, "padding gets a share"),
            () => Verdict.Close(attention, Masked(scores, isText), 1e-3)));

    /// <summary>The mean of each text's hidden states, without padding.</summary>
    /// <param name="mean">The learner's means, B × H.</param>
    /// <param name="hidden">The last hidden state, B × L × H.</param>
    /// <param name="attentionMask">The attention mask, B × L.</param>
    public static void Exercise3(torch.Tensor? mean, torch.Tensor hidden, torch.Tensor attentionMask) => Check.Exercise("Exercise 3",
        ["sum over axis 1, of padding nothing", "multiply by the mask first: it is B × L × 1, and is repeated along H",
            "divide by the number of tokens, the mask's sum over axis 1, not by L'"],
        () =>
        {
            int[] lengths = [.. attentionMask.sum(1).data<long>().Select(length => (int)length)];
            return Verdict.Close(mean, torch.stack(lengths.Select((length, row) => hidden[row, ..length].mean([0L]))), 1e-4);
        });

    /// <summary>A function from one layer's attention (A × L × L) to the other token at which token 0 looks most.</summary>
    public static void Exercise4(Func<torch.Tensor, int> mostAttended) => Check.Exercise("Exercise 4",
        ["first the mean over the attention heads, mean([0L]): L × L", "row 0 says where token 0 looks; leave out its own place",
            "[0, 1..] is row 0 without its first number, so a place in it is one less than in the row"],
        () => Verdict.Cases(Layers().Select(layer => (
            $"a layer of shape [{string.Join(", ", layer.shape)}] with the row-0 means {Verdict.Text(Means(layer))}",
            (Func<Verdict>)(() => Verdict.That(mostAttended(layer) == Most(layer), $"it gives {mostAttended(layer)}"))))));

    private static torch.Tensor Masked(torch.Tensor scores, torch.Tensor isText)
    {
        var powers = scores.data<float>().Zip(isText.data<float>(), (score, text) => text > 0 ? Math.Exp(score) : 0).ToArray();
        return torch.tensor(powers.Select(power => (float)(power / powers.Sum())).ToArray());
    }

    private static IEnumerable<torch.Tensor> Layers()
    {
        yield return torch.tensor(new float[,,]
        {
            { { .6f, .1f, .3f }, { .1f, .8f, .1f }, { .1f, .8f, .1f } },
            { { .4f, .2f, .4f }, { .1f, .8f, .1f }, { .1f, .8f, .1f } },
        });
        for (int seed = 1; seed <= 8; seed++)
        {
            yield return (1.5 * CaseNumbers.Of(seed, 3, 5, 5)).softmax(-1);
        }
    }

    private static float[] Means(torch.Tensor layer) =>
        [.. Enumerable.Range(0, (int)layer.shape[2]).Select(to => Enumerable.Range(0, (int)layer.shape[0])
            .Average(head => layer[head, 0, to].item<float>()))];

    private static int Most(torch.Tensor layer)
    {
        float[] means = Means(layer);
        return Enumerable.Range(1, means.Length - 1).MaxBy(to => means[to]);
    }
}
