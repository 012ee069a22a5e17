using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Electra.Tests;

/// <summary>The BiLSTM heads run one direction after the other over whole rows, and equal TorchSharp's LSTM of both directions.</summary>
public class BiLstmTests
{
    private const double Tolerance = 1e-5;
    private const int Tokens = 7;

    // Multiples of 64 go another way through libtorch than other sizes.
    public static TheoryData<int, HeadVariant> SizesAndVariants => new()
    {
        { 36, HeadVariant.Published }, { 64, HeadVariant.Published }, { 36, HeadVariant.MaskAware }, { 64, HeadVariant.MaskAware },
    };

    [Theory]
    [MemberData(nameof(SizesAndVariants))]
    public void Logits_and_all_gradients_equal_those_of_both_directions_at_once(int size, HeadVariant variant)
    {
        using var scope = NewDisposeScope();
        using var head = Head(size, variant);
        var (hidden, mask) = Rows(size);
        var expected = WithGradients(head, hidden, () => Whole(head, hidden, mask, variant));
        var actual = WithGradients(head, hidden, () => head.forward(hidden, mask));
        AssertClose(expected, actual);
        using var grad = no_grad();
        Close.To(expected["logits"], head.forward(hidden, mask), Tolerance, "without gradients");
    }

    [Theory]
    [MemberData(nameof(SizesAndVariants))]
    public void Logits_and_all_gradients_of_the_token_head_equal_those_of_both_directions_at_once(int size, HeadVariant variant)
    {
        using var scope = NewDisposeScope();
        using var head = TokenHead(size, variant);
        var (hidden, mask) = Rows(size);
        var expected = WithGradients(head, hidden, () => WholeTokens(head, hidden, mask, variant));
        var actual = WithGradients(head, hidden, () => head.forward(hidden, mask));
        AssertClose(expected, actual);
        using var grad = no_grad();
        Close.To(expected["logits"], head.forward(hidden, mask), Tolerance, "without gradients");
    }

    [Theory]
    [MemberData(nameof(SizesAndVariants))]
    public void Bf16_is_near_fp32_and_leaves_parameters_logits_and_gradients_fp32(int size, HeadVariant variant)
    {
        using var scope = NewDisposeScope();
        using var head = Head(size, variant);
        using var tokenHead = TokenHead(size, variant);
        var (hidden, mask) = Rows(size);
        foreach (var (module, forward) in new (nn.Module, Func<Tensor>)[]
        {
            (head, () => head.forward(hidden, mask)), (tokenHead, () => tokenHead.forward(hidden, mask)),
        })
        {
            var full = WithGradients(module, hidden, forward);
            using var use = MixedPrecision.Use(Precision.Bf16);
            var half = WithGradients(module, hidden, forward);
            Assert.All(module.parameters(), parameter => Assert.Equal(ScalarType.Float32, parameter.dtype));
            foreach (var (name, expected) in full)
            {
                Assert.Equal(ScalarType.Float32, half[name].dtype);
                double error = (half[name] - expected).norm().item<float>() / Math.Max(expected.norm().item<float>(), 1e-6);
                Assert.InRange(error, 0, 0.03); // bf16 has 8 significant bits, 2⁻⁹ a rounding
            }

            bool same = full["logits"].eq(half["logits"]).all().item<bool>();
            Assert.Equal(size % 64 != 0, same); // libtorch's paths for other sizes are not trusted in bf16
        }
    }

    [Fact]
    public void Tokens_are_turned_around_and_padding_stays()
    {
        using var scope = NewDisposeScope();
        var x = tensor(new long[] { 1, 2, 3, 4, 5, 6, 0, 0, 7, 0, 0, 0 }, [3, 4, 1]);
        var mask = x.squeeze(-1).ne(0).to_type(ScalarType.Int64);
        var turned = UnpackedLstm.Turn(x, mask);
        Assert.Equal([4, 3, 2, 1, 6, 5, 0, 0, 7, 0, 0, 0], turned.data<long>().ToArray());
    }

    private static BiLstmHead Head(int size, HeadVariant variant)
    {
        random.manual_seed(1);
        var head = new BiLstmHead(Small.Config with { HiddenSize = size, NumAttentionHeads = 1 }, 3, variant);
        head.eval(); // no dropout
        return head;
    }

    private static BiLstmTokenHead TokenHead(int size, HeadVariant variant)
    {
        random.manual_seed(1);
        var head = new BiLstmTokenHead(Small.Config with { HiddenSize = size, NumAttentionHeads = 1 }, 3, variant);
        head.eval();
        return head;
    }

    // Rows of all tokens, of one, of some, and of padding only.
    private static (Tensor Hidden, Tensor Mask) Rows(int size)
    {
        random.manual_seed(2);
        var lengths = tensor(new long[] { Tokens, 1, 4, 6, 0 }).unsqueeze(1); // B × 1
        return (randn(5, Tokens, size).requires_grad_(), arange(Tokens).lt(lengths).to_type(ScalarType.Int64));
    }

    // Final hidden states over packed rows, or the output at the last position: B × C.
    private static Tensor Whole(nn.Module head, Tensor hidden, Tensor mask, HeadVariant variant)
    {
        var lstm = head.children().OfType<LSTM>().Single();
        var x = nn.functional.gelu(hidden);
        if (variant == HeadVariant.Published)
        {
            return Output(head, lstm.call(x).Item1[.., -1]);
        }

        using var packed = Packed(x, mask);
        var states = lstm.call(packed).Item2; // 2 × B × H
        return Output(head, cat([states[0], states[1]], 1));
    }

    // All outputs, over packed rows or whole ones: B × L × C.
    private static Tensor WholeTokens(nn.Module head, Tensor hidden, Tensor mask, HeadVariant variant)
    {
        var lstm = head.children().OfType<LSTM>().Single();
        var x = nn.functional.gelu(hidden);
        if (variant == HeadVariant.Published)
        {
            return Output(head, lstm.call(x).Item1);
        }

        using var packed = Packed(x, mask);
        using var outputs = lstm.call(packed).Item1;
        var padded = nn.utils.rnn.pad_packed_sequence(outputs, batch_first: true, total_length: Tokens).Item1;
        return Output(head, padded * mask.unsqueeze(-1)); // a row without tokens is packed as one of one token
    }

    private static nn.utils.rnn.PackedSequence Packed(Tensor x, Tensor mask) =>
        nn.utils.rnn.pack_padded_sequence(x, mask.sum(1).clamp(min: 1), batch_first: true, enforce_sorted: false);

    private static Tensor Output(nn.Module head, Tensor read) =>
        nn.functional.linear(read, head.get_parameter("out_proj.weight")!, head.get_parameter("out_proj.bias"));

    private static Dictionary<string, Tensor> WithGradients(nn.Module head, Tensor hidden, Func<Tensor> forward)
    {
        head.zero_grad();
        hidden.grad = null;
        var logits = forward();
        (logits * arange(1, logits.numel() + 1).view(logits.shape).sin()).sum().backward(); // each logit has a weight of its own
        var found = head.named_parameters().ToDictionary(named => named.name, named => named.parameter.grad!.clone());
        found["hidden"] = hidden.grad!.clone();
        found["logits"] = logits.detach();
        return found;
    }

    private static void AssertClose(Dictionary<string, Tensor> expected, Dictionary<string, Tensor> actual)
    {
        Assert.Equal(8 + 2 + 2, expected.Count); // the LSTM's, out_proj's, the hidden states', and the logits
        foreach (var (name, tensor) in expected)
        {
            Close.To(tensor, actual[name], Tolerance, name);
        }
    }
}
