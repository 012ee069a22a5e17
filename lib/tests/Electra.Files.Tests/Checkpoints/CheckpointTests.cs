using System.Text.Json.Nodes;
using static TorchSharp.torch;

namespace Electra.Tests;

/// <summary>Folders of weights: what is saved comes back bit for bit, every form is read, and what does not fit together is said.</summary>
public class CheckpointTests
{
    private const string FirstQuery = "electra.encoder.layer.0.attention.self.query.weight";

    private static readonly string[] Forms = ["model.safetensors", "pytorch_model.bin", "pytorch_model.legacy.bin"];

    public static TheoryData<string, HeadVariant> All => Small.HeadsAndVariants;

    public static TheoryData<string> Golden => ["electra-projected", "electra-square"];

    [Theory]
    [MemberData(nameof(All))]
    public void What_was_saved_is_opened_with_equal_weights_logits_and_labels(string head, HeadVariant variant)
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        string[] labels = ["부정", "positive \"quoted\"", "3"];
        using var model = Small.Classifier(head, variant, labels.Length);
        var config = Config(head, variant, labels);
        Checkpoint.Save(folder.Path, model, config, SmallTokenizer.Cased);

        using var checkpoint = Checkpoint.Open(folder.Path);
        random.manual_seed(77);
        using var opened = checkpoint.CreateSequenceClassifier();
        Assert.Equal(model.Head.GetType(), opened.Head.GetType());
        Weights.AssertEqual(Weights.Of(model), Weights.Of(opened));
        Assert.Equal(Logits(model), Logits(opened));
        Assert.Equal(config.ToJson(), checkpoint.Config.ToJson());
        Assert.Equal(head, checkpoint.Config.ClassifierHead);
        Assert.Equal(Electra.Heads.NameOf(variant), checkpoint.Config.ClassifierVariant);
        Assert.Equal(labels, checkpoint.Config.Labels);
        Assert.Empty(checkpoint.Notes);
        Assert.Equal(SmallTokenizer.Vocabulary, File.ReadAllLines(folder.File("vocab.txt")));
    }

    [Fact]
    public void The_variants_differ_so_that_a_forgotten_one_would_show()
    {
        foreach (string head in (string[])["cnn", "bilstm"])
        {
            using var published = Small.Classifier(head, HeadVariant.Published);
            using var aware = Small.Classifier(head, HeadVariant.MaskAware);
            Weights.AssertEqual(Weights.Of(published), Weights.Of(aware));
            Assert.NotEqual(Logits(published), Logits(aware));
        }
    }

    [Fact]
    public void Saving_twice_gives_identical_bytes_and_saving_what_was_opened_too()
    {
        using var first = new TemporaryFolder();
        using var second = new TemporaryFolder();
        using var third = new TemporaryFolder();
        using var model = Small.Classifier("cnn", HeadVariant.MaskAware);
        Checkpoint.Save(first.Path, model, Config("cnn", HeadVariant.MaskAware, ["a", "b"]), SmallTokenizer.Cased);
        Checkpoint.Save(second.Path, model, Config("cnn", HeadVariant.MaskAware, ["a", "b"]), SmallTokenizer.Cased);
        using (var checkpoint = Checkpoint.Open(first.Path))
        {
            using var opened = checkpoint.CreateSequenceClassifier();
            Checkpoint.Save(third.Path, opened, checkpoint.Config, ElectraTokenizer.FromFolder(first.Path));
        }

        string[] names = ["config.json", "model.safetensors", "tokenizer_config.json", "vocab.txt"];
        Assert.Equal(names, Directory.GetFiles(first.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        foreach (string name in names)
        {
            Assert.Equal(File.ReadAllBytes(first.File(name)), File.ReadAllBytes(second.File(name)));
            Assert.Equal(File.ReadAllBytes(first.File(name)), File.ReadAllBytes(third.File(name)));
        }

        Assert.Equal("pt", SafetensorsFile.ReadHeader(first.File("model.safetensors")).Metadata["format"]);
    }

    [Fact]
    public void A_training_that_was_saved_over_an_older_one_replaces_it()
    {
        using var folder = new TemporaryFolder();
        Save(folder, "fc");
        using var model = Small.Classifier("cnn", HeadVariant.MaskAware, seed: 5);
        Checkpoint.Save(folder.Path, model, Config("cnn", HeadVariant.MaskAware, ["a", "b"]), SmallTokenizer.Cased);
        using var checkpoint = Checkpoint.Open(folder.Path);
        using var opened = checkpoint.CreateSequenceClassifier();
        Weights.AssertEqual(Weights.Of(model), Weights.Of(opened));
    }

    [Theory]
    [MemberData(nameof(Golden))]
    public void All_three_forms_of_a_file_load_to_the_weights_that_it_has(string name)
    {
        using var scope = NewDisposeScope();
        string golden = Reference.Golden(name);
        var expected = SafetensorsFile.Read(Path.Combine(golden, Forms[0]));
        foreach (string form in Forms)
        {
            using var folder = Copy(golden, form);
            using var checkpoint = Checkpoint.Open(folder.Path);
            using var encoder = checkpoint.CreateEncoder();
            Assert.Equal(folder.File(form.Replace(".legacy", "", StringComparison.Ordinal)), checkpoint.WeightsFile);
            foreach (var (key, parameter) in encoder.named_parameters())
            {
                Assert.Equal(expected[$"electra.{key}"].data<float>().ToArray(), parameter.data<float>().ToArray());
            }

            string[] others = ["discriminator_predictions", "classifier"];
            int used = expected.Keys.Count(
                key => !key.EndsWith("position_ids", StringComparison.Ordinal) && !others.Contains(key.Split('.')[0]));
            Assert.Equal(used, encoder.named_parameters().Count());
        }
    }

    [Fact]
    public void A_folder_with_both_forms_gives_its_safetensors()
    {
        using var folder = Copy(Reference.Golden("electra-square"), "model.safetensors");
        File.WriteAllText(folder.File("pytorch_model.bin"), "not looked at");
        using var checkpoint = Checkpoint.Open(folder.Path);
        Assert.Equal(folder.File("model.safetensors"), checkpoint.WeightsFile);
    }

    [Fact]
    public void The_trained_head_of_a_checkpoint_is_loaded_and_nothing_is_left_to_say()
    {
        using var scope = NewDisposeScope();
        string golden = Reference.Golden("electra-square");
        var expected = SafetensorsFile.Read(Path.Combine(golden, Forms[0]));
        using var checkpoint = Checkpoint.Open(golden);
        foreach (string? head in new[] { null, "fc" })
        {
            using var model = checkpoint.CreateSequenceClassifier(head);
            Assert.IsType<FcHead>(model.Head);
            Assert.Empty(checkpoint.Notes);
            foreach (var (key, parameter) in model.named_parameters())
            {
                Assert.Equal(expected[key].data<float>().ToArray(), parameter.data<float>().ToArray());
            }
        }
    }

    [Fact]
    public void What_was_not_taken_from_a_checkpoint_is_said()
    {
        using var projected = Checkpoint.Open(Reference.Golden("electra-projected"));
        using var square = Checkpoint.Open(Reference.Golden("electra-square"));
        Assert.Equal(["cnn", "freshly initialised", "checkpoint has none", "discriminator_predictions"],
            Notes(projected, "cnn", 2, "cnn", "freshly initialised", "checkpoint has none", "discriminator_predictions"));
        Assert.Equal(["bilstm", "freshly initialised", "has the head fc"],
            Notes(square, "bilstm", 2, "bilstm", "freshly initialised", "has the head fc"));
        Assert.Equal(["fc", "freshly initialised", "5 labels"], Notes(square, "fc", 5, "fc", "freshly initialised", "5 labels"));
        using var encoder = square.CreateEncoder();
        Assert.Contains("Ignored heads", Assert.Single(square.Notes), StringComparison.Ordinal);
        Assert.EndsWith(": classifier.", square.Notes[0], StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_tensor_beside_the_encoder_is_ignored_and_said()
    {
        using var folder = new TemporaryFolder();
        Save(folder, "fc");
        Edit(folder, tensors => tensors["adapter.strange.weight"] = ones(2, 3));
        using var checkpoint = Checkpoint.Open(folder.Path);
        using var model = checkpoint.CreateSequenceClassifier();
        Assert.Contains("adapter.strange.weight [2, 3]", Assert.Single(checkpoint.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void The_unused_layer_of_the_originals_BiLSTM_head_and_position_ids_pass_without_a_word()
    {
        using var folder = new TemporaryFolder();
        Save(folder, "bilstm");
        Edit(folder, tensors =>
        {
            tensors["classifier.dense.weight"] = ones(12, 12);
            tensors["classifier.dense.bias"] = ones(12);
            tensors["electra.embeddings.position_ids"] = arange(32).unsqueeze(0);
        });
        EditConfig(folder, config => config.Remove("classifier_head")); // as in the original's own checkpoints
        using var checkpoint = Checkpoint.Open(folder.Path);
        using var model = checkpoint.CreateSequenceClassifier();
        Assert.IsType<BiLstmHead>(model.Head);
        Assert.Empty(checkpoint.Notes);
    }

    [Theory]
    [InlineData("fc", typeof(FcHead))]
    [InlineData("cnn", typeof(CnnHead))]
    [InlineData("bilstm", typeof(BiLstmHead))]
    public void A_configuration_that_does_not_name_the_head_leaves_it_to_the_weights(string head, Type type)
    {
        using var folder = new TemporaryFolder();
        Save(folder, head);
        EditConfig(folder, config =>
        {
            config.Remove("classifier_head");
            config.Remove("id2label");
            config.Remove("label2id");
        });
        using var checkpoint = Checkpoint.Open(folder.Path);
        using var model = checkpoint.CreateSequenceClassifier();
        Assert.IsType(type, model.Head);
        Assert.Empty(checkpoint.Notes);
    }

    [Fact]
    public void Loaded_weights_stay_trainable_and_get_gradients()
    {
        using var scope = NewDisposeScope();
        using var checkpoint = Checkpoint.Open(Reference.Golden("electra-square"));
        using var model = checkpoint.CreateSequenceClassifier();
        Assert.All(model.named_parameters(), named => Assert.True(named.parameter.requires_grad && named.parameter.is_leaf, named.name));
        var ids = arange(5, 25).view(2, 10);
        SequenceClassifier.Loss(model.forward(ids, ones_like(ids), null), tensor(new long[] { 0, 1 })).backward();
        foreach (var (name, parameter) in model.named_parameters())
        {
            Assert.NotNull(parameter.grad);
            Assert.True(parameter.grad!.abs().sum().item<float>() > 0, name);
        }
    }

    [Fact]
    public void A_model_lives_on_when_its_checkpoint_is_closed()
    {
        using var folder = new TemporaryFolder();
        Save(folder, "fc");
        SequenceClassifier model;
        using (var checkpoint = Checkpoint.Open(folder.Path))
        {
            model = checkpoint.CreateSequenceClassifier();
        }

        using (model)
        {
            using var original = Small.Classifier("fc", HeadVariant.MaskAware);
            Assert.Equal(Logits(original), Logits(model));
        }
    }

    [Theory]
    [InlineData(ScalarType.Float16)]
    [InlineData(ScalarType.BFloat16)]
    [InlineData(ScalarType.Float64)]
    public void Weights_of_other_precisions_become_single_precision_exactly(ScalarType type)
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        Save(folder, "fc");
        Edit(folder, tensors =>
        {
            foreach (string name in tensors.Keys.ToList())
            {
                tensors[name] = tensors[name].to(type);
            }
        });
        var stored = SafetensorsFile.Read(folder.File("model.safetensors"));
        using var checkpoint = Checkpoint.Open(folder.Path);
        using var model = checkpoint.CreateSequenceClassifier();
        foreach (var (name, parameter) in model.named_parameters())
        {
            Assert.Equal(ScalarType.Float32, parameter.dtype);
            Assert.Equal(Decode(stored[name].bytes.ToArray(), type), parameter.data<float>().ToArray());
        }
    }

    [Fact]
    public void A_bare_ElectraModel_without_prefix_loads()
    {
        using var scope = NewDisposeScope();
        string golden = Reference.Golden("electra-projected");
        var expected = SafetensorsFile.Read(Path.Combine(golden, Forms[0]));
        using var folder = Copy(golden, Forms[0]);
        Edit(folder, tensors =>
        {
            foreach (string name in tensors.Keys.ToList())
            {
                tensors.Remove(name, out var tensor);
                if (name.StartsWith("electra.", StringComparison.Ordinal))
                {
                    tensors[name["electra.".Length..]] = tensor!;
                }
            }
        });
        using var checkpoint = Checkpoint.Open(folder.Path);
        using var encoder = checkpoint.CreateEncoder();
        Assert.Empty(checkpoint.Notes);
        foreach (var (name, parameter) in encoder.named_parameters())
        {
            Assert.Equal(expected[$"electra.{name}"].data<float>().ToArray(), parameter.data<float>().ToArray());
        }
    }

    public static TheoryData<string, string> Contradictions => new()
    {
        { "vocab_size", "51" }, { "embedding_size", "12" }, { "hidden_size", "24" }, { "num_hidden_layers", "1" },
        { "num_hidden_layers", "3" },
        { "intermediate_size", "25" }, { "max_position_embeddings", "33" }, { "max_position_embeddings", "31" }, { "type_vocab_size", "3" },
    };

    [Theory]
    [MemberData(nameof(Contradictions))]
    public void A_configuration_that_contradicts_the_weights_is_an_error_that_names_both_files(string key, string value)
    {
        using var folder = new TemporaryFolder();
        Save(folder, "fc");
        EditConfig(folder, config => config[key] = JsonNode.Parse(value));
        string tensor = key switch
        {
            "vocab_size" or "embedding_size" => "electra.embeddings.word_embeddings.weight",
            "hidden_size" => FirstQuery,
            "intermediate_size" => "electra.encoder.layer.0.intermediate.dense.weight",
            "max_position_embeddings" => "electra.embeddings.position_embeddings.weight",
            "type_vocab_size" => "electra.embeddings.token_type_embeddings.weight",
            _ => key,
        };
        AssertError(folder, tensor, value, "config.json", "model.safetensors");
    }

    public static TheoryData<string> Huge => ["vocabulary", "positions", "hidden size", "intermediate size", "layers", "embedding size"];

    [Theory]
    [MemberData(nameof(Huge))]
    public void A_configuration_of_a_huge_model_is_an_error_before_anything_is_built(string what)
    {
        using var folder = new TemporaryFolder();
        Save(folder, "fc");
        void Config(string key, int value) => EditConfig(folder, config => config[key] = value);
        switch (what)
        {
            case "vocabulary":
                Config("vocab_size", 16_000_000);
                Config("embedding_size", 65_536);
                break;
            case "embedding size":
                Config("embedding_size", 65_536);
                Config("hidden_size", 65_535);
                break;
            case "positions":
                Config("max_position_embeddings", 1 << 20);
                Config("embedding_size", 65_536);
                break;
            case "intermediate size":
                Config("intermediate_size", 1 << 18);
                Config("hidden_size", 65_535);
                break;
            case "layers": // the names of a thousand layers, the weights of two
                Config("num_hidden_layers", 1000);
                Edit(folder, tensors =>
                {
                    for (int i = 2; i < 1000; i++)
                    {
                        tensors[$"electra.encoder.layer.{i}.x"] = ones(1);
                    }
                });
                break;
            default: // one small matrix has the size that would make the others huge
                Config("hidden_size", 65_535);
                Config("intermediate_size", 1);
                Edit(folder, tensors =>
                {
                    for (int i = 0; i < 2; i++)
                    {
                        tensors[$"electra.encoder.layer.{i}.intermediate.dense.weight"] = ones(1, 65_535);
                    }
                });
                break;
        }

        AssertError(folder, what == "layers" ? "electra.encoder.layer.2." : "electra.");
    }

    [Theory]
    [InlineData(FirstQuery)]
    [InlineData("electra.embeddings.word_embeddings.weight")]
    [InlineData("electra.embeddings.LayerNorm.bias")]
    [InlineData("electra.embeddings_project.weight")]
    [InlineData("electra.encoder.layer.1.output.LayerNorm.weight")]
    [InlineData("classifier.dense.bias")]
    public void A_tensor_that_is_missing_has_another_shape_or_no_fractions_is_named(string name)
    {
        using var folder = new TemporaryFolder();
        foreach (var edit in (Action<Dictionary<string, Tensor>>[])
        [
            tensors => tensors.Remove(name),
            tensors => tensors[name] = cat([tensors[name], tensors[name]]),
            tensors => tensors[name] = tensors[name].unsqueeze(0),
            tensors => tensors[name] = tensors[name].to(ScalarType.Int64),
            tensors => tensors[name] = tensors[name].to(ScalarType.Bool),
        ])
        {
            Save(folder, "fc");
            Edit(folder, edit);
            AssertError(folder, name);
        }
    }

    [Theory]
    [InlineData("electra.encoder.layer.0.attention.self.relative.weight")]
    [InlineData("electra.pooler.dense.weight")]
    [InlineData("classifier.extra.weight")]
    [InlineData("classifier.layer1.0.weight")]
    public void A_tensor_that_nothing_in_the_model_takes_is_named(string name)
    {
        using var folder = new TemporaryFolder();
        Save(folder, "fc");
        Edit(folder, tensors => tensors[name] = ones(3));
        AssertError(folder, name, "[3]");
    }

    [Theory]
    [InlineData("classifier_head", "\"mlp\"", "mlp")]
    [InlineData("classifier_head", "\"cnn\"", "classifier.layer1.0.weight")]
    [InlineData("classifier_variant", "\"masked\"", "masked")]
    [InlineData("id2label", """{"0": "a", "1": "b", "2": "c"}""", "labels; they do not belong together")]
    public void A_head_in_the_configuration_that_the_weights_do_not_have_is_an_error(string key, string value, string named)
    {
        using var folder = new TemporaryFolder();
        Save(folder, "fc");
        EditConfig(folder, config => config[key] = JsonNode.Parse(value));
        AssertError(folder, named);
    }

    [Fact]
    public void A_checkpoint_without_a_head_cannot_be_opened_as_a_trained_classifier()
    {
        using var folder = Copy(Reference.Golden("electra-projected"), Forms[0]);
        AssertError(folder, "no head for this task", "model.safetensors");
    }

    [Fact]
    public void A_folder_or_file_that_is_not_there_is_an_error_that_names_it()
    {
        using var folder = new TemporaryFolder();
        AssertOpenError(folder.File("absent"), "absent");
        AssertOpenError(folder.Path, "config.json");
        Save(folder, "fc");
        AssertOpenError(folder.File("vocab.txt"), "vocab.txt"); // a file in place of a folder
        File.Delete(folder.File("model.safetensors"));
        AssertOpenError(folder.Path, "model.safetensors", "pytorch_model.bin");
        File.WriteAllText(folder.File("pytorch_model.bin"), "garbage");
        AssertOpenError(folder.Path, "pytorch_model.bin");
        File.WriteAllText(folder.File("model.safetensors"), "garbage");
        AssertOpenError(folder.Path, "model.safetensors");
    }

    [Fact]
    public void Weights_of_something_else_are_an_error()
    {
        using var folder = new TemporaryFolder();
        Save(folder, "fc");
        Edit(folder, tensors =>
        {
            tensors.Clear();
            tensors["bert.embeddings.word_embeddings.weight"] = ones(50, 8);
        });
        AssertError(folder, "model.safetensors", "num_hidden_layers");
        Edit(folder, tensors => tensors.Clear());
        AssertError(folder, "model.safetensors");
    }

    [Fact]
    public void Saving_to_a_place_that_cannot_be_written_is_an_error_and_leaves_nothing()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("file"), "not a folder");
        using var model = Small.Classifier("fc", HeadVariant.MaskAware);
        string target = Path.Combine(folder.File("file"), "checkpoint");
        var error = Assert.Throws<InputException>(
            () => Checkpoint.Save(target, model, Config("fc", HeadVariant.MaskAware, ["a", "b"]), SmallTokenizer.Cased));
        Assert.Contains(target, error.Message, StringComparison.Ordinal);
        Assert.Equal([folder.File("file")], Directory.GetFileSystemEntries(folder.Path));
        Assert.Equal("not a folder", File.ReadAllText(folder.File("file")));
    }

    [Fact]
    public void Saving_over_something_that_is_no_file_is_an_error_and_leaves_no_half_written_one()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(Path.Combine(folder.Path, "model.safetensors", "in the way"));
        using var model = Small.Classifier("fc", HeadVariant.MaskAware);
        var error = Assert.Throws<InputException>(
            () => Checkpoint.Save(folder.Path, model, Config("fc", HeadVariant.MaskAware, ["a", "b"]), SmallTokenizer.Cased));
        Assert.Contains("model.safetensors", error.Message, StringComparison.Ordinal);
        Assert.Equal([folder.File("model.safetensors")], Directory.GetFileSystemEntries(folder.Path));
    }

    private static ElectraConfig Config(string head, HeadVariant variant, string[] labels) => Small.Config.WithLabels(labels) with
    {
        Architectures = ["ElectraForSequenceClassification"],
        ClassifierHead = head,
        ClassifierVariant = Electra.Heads.NameOf(variant),
    };

    private static void Save(TemporaryFolder folder, string head)
    {
        using var model = Small.Classifier(head, HeadVariant.MaskAware);
        Checkpoint.Save(folder.Path, model, Config(head, HeadVariant.MaskAware, ["a", "b"]), SmallTokenizer.Cased);
    }

    // A copy of a checkpoint folder with one form of the weights only.
    private static TemporaryFolder Copy(string golden, string form)
    {
        var folder = new TemporaryFolder();
        foreach (string name in (string[])["config.json", "vocab.txt", "tokenizer_config.json"])
        {
            File.Copy(Path.Combine(golden, name), folder.File(name));
        }

        File.Copy(Path.Combine(golden, form), folder.File(form.Replace(".legacy", "", StringComparison.Ordinal)));
        return folder;
    }

    private static void Edit(TemporaryFolder folder, Action<Dictionary<string, Tensor>> edit)
    {
        using var scope = NewDisposeScope();
        var tensors = new Dictionary<string, Tensor>(SafetensorsFile.Read(folder.File("model.safetensors")));
        edit(tensors);
        File.Delete(folder.File("model.safetensors")); // copies of the reference values are read-only
        SafetensorsFile.Write(folder.File("model.safetensors"), tensors);
    }

    private static void EditConfig(TemporaryFolder folder, Action<JsonObject> edit)
    {
        var config = JsonNode.Parse(File.ReadAllText(folder.File("config.json")))!.AsObject();
        edit(config);
        File.WriteAllText(folder.File("config.json"), config.ToJsonString());
    }

    private static IEnumerable<string> Notes(Checkpoint checkpoint, string head, int labels, params string[] parts)
    {
        using var model = checkpoint.CreateSequenceClassifier(head, HeadVariant.MaskAware,
            [.. Enumerable.Range(0, labels).Select(i => $"{i}")]);
        string notes = string.Join(' ', checkpoint.Notes);
        return parts.Where(part => notes.Contains(part, StringComparison.Ordinal));
    }

    private static void AssertError(TemporaryFolder folder, params string[] parts)
    {
        var error = Assert.Throws<InputException>(() =>
        {
            using var checkpoint = Checkpoint.Open(folder.Path);
            using var model = checkpoint.CreateSequenceClassifier();
        });
        Assert.All(parts.Append(folder.Path), part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
    }

    private static void AssertOpenError(string path, params string[] parts)
    {
        var error = Assert.Throws<InputException>(() => Checkpoint.Open(path));
        Assert.All(parts, part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
    }

    private static float[] Logits(SequenceClassifier model)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        model.eval();
        using var ids = tensor(new long[] { 2, 7, 9, 44, 3, 0, 0, 2, 5, 6, 11, 12, 13, 3 }, [2, 7]);
        return model.forward(ids, ids.ne(0).to(ScalarType.Int64), null).data<float>().ToArray();
    }

    // Bytes as numbers without libtorch's help.
    private static float[] Decode(byte[] bytes, ScalarType type) => type switch
    {
        ScalarType.Float16 => [.. bytes.Chunk(2).Select(b => (float)BitConverter.ToHalf(b))],
        ScalarType.BFloat16 => [.. bytes.Chunk(2).Select(b => BitConverter.Int32BitsToSingle(BitConverter.ToUInt16(b) << 16))],
        _ => [.. bytes.Chunk(8).Select(b => (float)BitConverter.ToDouble(b))],
    };
}
