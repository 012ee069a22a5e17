using System.Globalization;
using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace Electra.Tests;

/// <summary>What is read is written back, what is absent has Hugging Face's value, and what makes no sense is said.</summary>
[Properties(Arbitrary = [typeof(ElectraConfigTests)], MaxTest = 500)]
public class ElectraConfigTests
{
    private static readonly string[] Keys =
    [
        "model_type", "architectures", "vocab_size", "embedding_size", "hidden_size", "num_hidden_layers", "num_attention_heads",
        "intermediate_size", "hidden_act",
        "hidden_dropout_prob", "attention_probs_dropout_prob", "classifier_dropout", "max_position_embeddings", "type_vocab_size",
        "initializer_range", "layer_norm_eps",
        "pad_token_id", "position_embedding_type", "id2label", "label2id", "classifier_head", "classifier_variant", "torch_dtype", "other",
        "Other", "", "a b", "$", "[0]",
    ];

    private static readonly string[] Scalars =
    [
        "null", "true", "false", "0", "1", "-1", "2", "4", "0.1", "1e3", "1e400", "-1e-400", "2147483648", "99999999999999999999", "\"\"",
        "\"gelu\"", "\"electra\"", "\"absolute\"",
        "\"0\"", "\"\\ud800\"", "\"가\"",
    ];

    /// <summary>JSON values, mostly small, of all kinds.</summary>
    private static Gen<string> Values(int depth) => depth == 0
        ? Gen.Elements(Scalars)
        : Gen.Frequency(
            (6, Gen.Elements(Scalars)),
            (1, Values(depth - 1).ListOf(2).Select(items => $"[{string.Join(",", items)}]")),
            (1, Gen.Zip(Gen.Elements("0", "1", "2", "x"), Values(depth - 1)).ListOf().Select(pairs => Object(pairs))));

    /// <summary>JSON objects with keys that mean something and with others.</summary>
    public static Arbitrary<Json> Objects() =>
        Gen.Zip(Gen.Elements(Keys), Values(2)).ListOf().Select(pairs => new Json(Object(pairs))).ToArbitrary();

    private static string Object(IEnumerable<(string Key, string Value)> pairs) =>
        $"{{{string.Join(",", pairs.Select(pair => $"\"{JsonEncodedText.Encode(pair.Key)}\":{pair.Value}"))}}}";

    [Theory]
    [InlineData("electra-projected")]
    [InlineData("electra-square")]
    public void Every_key_and_value_of_a_file_is_written_back(string name)
    {
        string file = Path.Combine(Reference.Golden(name), "config.json");
        string json = ElectraConfig.Read(file).ToJson();
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("config.json"), json);
        Assert.Equal(json, ElectraConfig.Read(folder.Path).ToJson());
        using var original = JsonDocument.Parse(File.ReadAllText(file));
        using var written = JsonDocument.Parse(json);
        foreach (var property in original.RootElement.EnumerateObject())
        {
            Assert.True(JsonElement.DeepEquals(property.Value, written.RootElement.GetProperty(property.Name)), property.Name);
        }
    }

    [Fact]
    public void The_shipped_encoders_files_are_written_again_byte_for_byte()
    {
        string shipped = Path.Combine(Reference.Root, "data", "encoders", "electra-tiny-ko");
        using var folder = new TemporaryFolder();
        ElectraConfig.Read(shipped).Write(folder.Path);
        ElectraTokenizer.FromFolder(shipped).Save(folder.Path);
        Assert.All(
            (string[])["config.json", "tokenizer_config.json", "vocab.txt"],
            name => Assert.Equal(File.ReadAllText(Path.Combine(shipped, name)), File.ReadAllText(folder.File(name))));
    }

    [Fact]
    public void Unknown_keys_are_kept_as_they_are()
    {
        const string Unknown =
            """{"nested": {"list": [1, 2.50, null, "가 <&> \" \\"], "empty": {}}, """ +
            """ "torch_dtype": "float32", "number": 1.0e-7, "nothing": null, "other": true, "한글": [[]]}""";
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("config.json"), Unknown);
        var config = ElectraConfig.Read(folder.Path);
        config.WithLabels(["a", "b"]).Write(folder.Path);
        using var original = JsonDocument.Parse(Unknown);
        using var written = JsonDocument.Parse(File.ReadAllText(folder.File("config.json")));
        foreach (var property in original.RootElement.EnumerateObject())
        {
            Assert.True(JsonElement.DeepEquals(property.Value, written.RootElement.GetProperty(property.Name)), property.Name);
        }

        Assert.Equal("b", written.RootElement.GetProperty("id2label").GetProperty("1").GetString());
        Assert.Equal(1, written.RootElement.GetProperty("label2id").GetProperty("b").GetInt32());
        Assert.False(written.RootElement.TryGetProperty("architectures", out _)); // absent stays absent
    }

    [Fact]
    public void Keys_that_are_absent_have_the_values_of_Hugging_Face()
    {
        var config = Read("{}");
        Assert.Equal("electra", config.ModelType);
        Assert.Equal((30522, 128, 256, 12, 4, 1024),
            (config.VocabSize, config.EmbeddingSize, config.HiddenSize, config.NumHiddenLayers, config.NumAttentionHeads,
                config.IntermediateSize));
        Assert.Equal(("gelu", 0.1, 0.1, null),
            (config.HiddenAct, config.HiddenDropoutProb, config.AttentionProbsDropoutProb, config.ClassifierDropout));
        Assert.Equal((512, 2, 0.02, 1e-12, 0),
            (config.MaxPositionEmbeddings, config.TypeVocabSize, config.InitializerRange, config.LayerNormEps, config.PadTokenId));
        Assert.Equal("absolute", config.PositionEmbeddingType);
        Assert.Null(config.ClassifierHead);
        Assert.Null(config.ClassifierVariant);
        Assert.Empty(config.Labels);
        Assert.Equal(64, config.HeadSize);
    }

    [Fact]
    public void The_dropout_of_a_head_is_its_own_or_that_of_the_encoder()
    {
        Assert.Equal(0.3, Read("""{"hidden_dropout_prob": 0.3, "classifier_dropout": null}""").HeadDropout);
        Assert.Equal(0.2, Read("""{"hidden_dropout_prob": 0.3, "classifier_dropout": 0.2}""").HeadDropout);
        Assert.Equal(0, Read("""{"hidden_dropout_prob": 0.3, "classifier_dropout": 0}""").HeadDropout);
    }

    [Fact]
    public void Labels_come_in_the_order_of_their_numbers()
    {
        string[] names = [.. Enumerable.Range(0, 12).Select(i => $"label {i}")];
        string shuffled = string.Join(", ",
            names.Select((name, i) => (name, i)).OrderBy(x => x.i * 7 % 12).Select(x => $"\"{x.i}\": \"{x.name}\""));
        Assert.Equal(names, Read($$"""{"id2label": { {{shuffled}} } }""").Labels);
        Assert.Equal(names, new ElectraConfig().WithLabels(names).Labels);
    }

    [Theory]
    [InlineData("model_type", "\"bert\"")]
    [InlineData("model_type", "null")]
    [InlineData("model_type", "1")]
    [InlineData("position_embedding_type", "\"relative_key\"")]
    [InlineData("position_embedding_type", "null")]
    [InlineData("hidden_act", "\"swish\"")]
    [InlineData("hidden_act", "null")]
    [InlineData("hidden_act", "[]")]
    [InlineData("vocab_size", "0")]
    [InlineData("vocab_size", "-1")]
    [InlineData("vocab_size", "16777217")]
    [InlineData("vocab_size", "null")]
    [InlineData("vocab_size", "\"600\"")]
    [InlineData("vocab_size", "1.5")]
    [InlineData("vocab_size", "99999999999")]
    [InlineData("embedding_size", "0")]
    [InlineData("embedding_size", "65537")]
    [InlineData("hidden_size", "0")]
    [InlineData("hidden_size", "131072")]
    [InlineData("hidden_size", "255")]
    [InlineData("num_hidden_layers", "0")]
    [InlineData("num_hidden_layers", "1025")]
    [InlineData("num_attention_heads", "0")]
    [InlineData("num_attention_heads", "3")]
    [InlineData("num_attention_heads", "4097")]
    [InlineData("intermediate_size", "0")]
    [InlineData("intermediate_size", "262145")]
    [InlineData("max_position_embeddings", "0")]
    [InlineData("max_position_embeddings", "1048577")]
    [InlineData("type_vocab_size", "0")]
    [InlineData("type_vocab_size", "1025")]
    [InlineData("pad_token_id", "-1")]
    [InlineData("pad_token_id", "30522")]
    [InlineData("pad_token_id", "null")]
    [InlineData("hidden_dropout_prob", "1")]
    [InlineData("hidden_dropout_prob", "-0.1")]
    [InlineData("hidden_dropout_prob", "1e400")]
    [InlineData("hidden_dropout_prob", "\"NaN\"")]
    [InlineData("attention_probs_dropout_prob", "1")]
    [InlineData("attention_probs_dropout_prob", "null")]
    [InlineData("classifier_dropout", "1")]
    [InlineData("classifier_dropout", "-1")]
    [InlineData("initializer_range", "-0.02")]
    [InlineData("initializer_range", "1e400")]
    [InlineData("layer_norm_eps", "0")]
    [InlineData("layer_norm_eps", "-1e-12")]
    [InlineData("layer_norm_eps", "1e400")]
    [InlineData("id2label", """{"1": "a"}""")]
    [InlineData("id2label", """{"0": "a", "2": "b"}""")]
    [InlineData("id2label", """{"0": null}""")]
    [InlineData("id2label", """["a", "b"]""")]
    [InlineData("id2label", """{"0": 1}""")]
    [InlineData("label2id", """{"a": "0"}""")]
    [InlineData("architectures", "\"ElectraModel\"")]
    [InlineData("classifier_head", "1")]
    public void A_value_that_makes_no_sense_is_an_error_that_names_file_and_key(string key, string value)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("config.json"), $$"""{"{{key}}": {{value}}}""");
        string message = Assert.Throws<InputException>(() => ElectraConfig.Read(folder.Path)).Message;
        Assert.Contains(folder.File("config.json"), message, StringComparison.Ordinal);
        Assert.Contains(key, message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_file_is_an_error_that_names_it()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("config.json"), "");
        Assert.StartsWith($"{folder.File("config.json")} is empty",
            Assert.Throws<InputException>(() => ElectraConfig.Read(folder.Path)).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\n \"vocab_size\": 600,\n \"hidden_size\": ,\n}", 3)]
    [InlineData("{\n \"vocab_size\": 600\n \"hidden_size\": 8\n}", 3)]
    [InlineData("{\n \"vocab_size\": \"many\"\n}", 2)]
    [InlineData("{\n\n\n \"vocab_size\": 600,", 4)]
    [InlineData("{} x", 1)]
    [InlineData(" ", 1)]
    [InlineData("[]", 1)]
    [InlineData("nonsense", 1)]
    public void Malformed_JSON_is_an_error_that_names_file_and_line(string text, int line)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("config.json"), text);
        string message = Assert.Throws<InputException>(() => ElectraConfig.Read(folder.Path)).Message;
        Assert.StartsWith($"{folder.File("config.json")}, line {line.ToString(CultureInfo.InvariantCulture)}", message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_not_there_or_null_is_an_error_that_names_it()
    {
        using var folder = new TemporaryFolder();
        Assert.Contains(folder.File("config.json"), Assert.Throws<InputException>(() => ElectraConfig.Read(folder.Path)).Message,
            StringComparison.Ordinal);
        Assert.Contains(folder.File("x.json"), Assert.Throws<InputException>(() => ElectraConfig.Read(folder.File("x.json"))).Message,
            StringComparison.Ordinal);
        File.WriteAllText(folder.File("config.json"), "null");
        Assert.Contains(folder.File("config.json"), Assert.Throws<InputException>(() => ElectraConfig.Read(folder.Path)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void An_encoder_is_not_built_from_values_that_make_no_sense() =>
        Assert.Contains("num_attention_heads",
            Assert.Throws<InputException>(() => new ElectraEncoder(Small.Config with { NumAttentionHeads = 5 })).Message,
            StringComparison.Ordinal);

    [Property]
    public void Any_JSON_object_is_a_configuration_or_an_input_error(Json json) => ReadOrRefuse(Encoding.UTF8.GetBytes(json.Text));

    [Property]
    public void Any_bytes_are_a_configuration_or_an_input_error(byte[] bytes) => ReadOrRefuse(bytes);

    [Property]
    public void A_valid_file_with_a_changed_byte_is_a_configuration_or_an_input_error(int place, byte value)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(Small.Config.WithLabels(["a", "b"]).ToJson());
        bytes[(uint)place % bytes.Length] = value;
        ReadOrRefuse(bytes);
    }

    // What is read can be written and read again with the same result.
    private static void ReadOrRefuse(byte[] bytes)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("config.json"), bytes);
        ElectraConfig config;
        try
        {
            config = ElectraConfig.Read(folder.Path);
        }
        catch (InputException e)
        {
            Assert.Contains(folder.Path, e.Message, StringComparison.Ordinal);
            return;
        }

        Assert.All(config.Labels, Assert.NotNull);
        File.WriteAllText(folder.File("config.json"), config.ToJson());
        Assert.Equal(config.ToJson(), ElectraConfig.Read(folder.Path).ToJson());
    }

    private static ElectraConfig Read(string json)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("config.json"), json);
        return ElectraConfig.Read(folder.Path);
    }

    public sealed record Json(string Text);
}
