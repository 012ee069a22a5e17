using System.Text.Json;
using TorchSharp;
using static TorchSharp.torch;

namespace Electra.Tests;

/// <summary>The encoder equals the reference, and keeps its promises about batches.</summary>
public class ForwardTests
{
    private const double Tolerance = 1e-5;

    public static TheoryData<string> Checkpoints => ["electra-projected", "electra-square"];

    [Theory]
    [MemberData(nameof(Checkpoints))]
    public void Every_state_and_attention_equals_the_reference(string name)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        string folder = Reference.Golden(name);
        using var checkpoint = Checkpoint.Open(folder);
        using var encoder = checkpoint.CreateEncoder();
        encoder.eval();
        var golden = SafetensorsFile.Read(Path.Combine(folder, "forward.safetensors"));
        using var index = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "forward.json")));
        foreach (var entry in index.RootElement.GetProperty("cases").EnumerateArray())
        {
            string id = entry.GetProperty("case").GetString()!;
            var ids = golden[$"{id}.input_ids"];
            var mask = golden.GetValueOrDefault($"{id}.attention_mask");
            var types = golden.GetValueOrDefault($"{id}.token_type_ids");
            var spelledOut = encoder.Encode(ids, mask, types, hiddenStates: true, attentions: true);
            var fused = encoder.Encode(ids, mask, types, hiddenStates: true);

            Close.To(golden[$"{id}.embeddings"], encoder.Embeddings.forward(ids, types), Tolerance, $"{id}.embeddings");
            Assert.Equal(encoder.Layers.Count + 1, spelledOut.HiddenStates.Count);
            Assert.Empty(fused.Attentions);
            for (int i = 0; i <= encoder.Layers.Count; i++)
            {
                Close.To(golden[$"{id}.hidden_states.{i}"], spelledOut.HiddenStates[i], Tolerance, $"{id}.hidden_states.{i}");
                Close.To(golden[$"{id}.hidden_states.{i}"], fused.HiddenStates[i], Tolerance, $"{id}.hidden_states.{i}, fused");
            }

            for (int i = 0; i < encoder.Layers.Count; i++)
            {
                Close.To(golden[$"{id}.attentions.{i}"], spelledOut.Attentions[i], Tolerance, $"{id}.attentions.{i}");
            }

            Close.To(golden[$"{id}.last_hidden_state"], encoder.forward(ids, mask, types), Tolerance, $"{id}.last_hidden_state");
        }
    }

    [Fact]
    public void The_logits_of_a_checkpoint_with_a_head_equal_the_reference()
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        string folder = Reference.Golden("electra-square");
        using var checkpoint = Checkpoint.Open(folder);
        using var model = checkpoint.CreateSequenceClassifier();
        model.eval();
        var golden = SafetensorsFile.Read(Path.Combine(folder, "forward.safetensors"));
        foreach (string id in golden.Keys.Where(key => key.EndsWith(".logits", StringComparison.Ordinal)).Select(key => key.Split('.')[0]))
        {
            var ids = golden[$"{id}.input_ids"];
            var logits = model.forward(ids, golden.GetValueOrDefault($"{id}.attention_mask") ?? ones_like(ids),
                golden.GetValueOrDefault($"{id}.token_type_ids"));
            Close.To(golden[$"{id}.logits"], logits, Tolerance, $"{id}.logits");
        }
    }

    [Fact]
    public void Padding_changes_no_state_of_a_token()
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        using var encoder = Small.Encoder();
        encoder.eval();
        var ids = randint(5, Small.Config.VocabSize, [3, 7], dtype: ScalarType.Int64);
        var alone = encoder.forward(ids, null, null);
        var padded = encoder.forward(nn.functional.pad(ids, [0, 6]), nn.functional.pad(ones_like(ids), [0, 6]), null);
        Close.To(alone, padded[.., ..7], Tolerance, "tokens beside padding");
    }

    [Fact]
    public void A_row_longer_than_the_positions_is_an_error_that_says_so()
    {
        using var encoder = Small.Encoder();
        using var ids = ones([1, Small.Config.MaxPositionEmbeddings + 1], ScalarType.Int64);
        var error = Assert.Throws<InputException>(() => encoder.forward(ids, null, null));
        Assert.Contains($"{Small.Config.MaxPositionEmbeddings + 1} tokens", error.Message, StringComparison.Ordinal);
        Assert.Contains("max_position_embeddings", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-1, 0)]
    [InlineData(1000, 0)]
    [InlineData(7, 2)]
    public void An_id_outside_the_tables_is_an_error_and_no_crash(long token, long type)
    {
        using var encoder = Small.Encoder();
        using var ids = full([1, 3], token, ScalarType.Int64);
        using var types = full([1, 3], type, ScalarType.Int64);
        Assert.Throws<InputException>(() => encoder.forward(ids, null, types));
    }

    [Fact]
    public void A_forward_pass_leaves_nothing_but_its_result()
    {
        using var encoder = Small.Encoder();
        using var ids = ones([2, 5], ScalarType.Int64);
        using var grad = no_grad();
        encoder.forward(ids, ids, null).Dispose();
        long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        encoder.forward(ids, ids, null).Dispose();
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }
}
