using System.Text.Json;
using static TorchSharp.torch;

namespace Electra.Tests;

/// <summary>Training follows the reference, step by step.</summary>
public class TrajectoryTests
{
    [Theory]
    [InlineData("fc")]
    [InlineData("cnn")]
    [InlineData("bilstm")]
    [InlineData("fc-accumulated")]
    public void Losses_norms_and_learning_rates_follow_the_reference(string name)
    {
        using var scope = NewDisposeScope();
        using var document = JsonDocument.Parse(File.ReadAllText(Reference.Golden("training.json")));
        var golden = SafetensorsFile.Read(Reference.Golden("training.safetensors"));
        var settings = document.RootElement.GetProperty("settings");
        var run = document.RootElement.GetProperty("runs").EnumerateArray().Single(entry => entry.GetProperty("name").GetString() == name);
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("config.json"), document.RootElement.GetProperty("config").GetRawText());
        string head = run.GetProperty("head").GetString()!;
        using var model = Model(ElectraConfig.Read(folder.Path), head, golden);
        int accumulation = run.GetProperty("accumulation").GetInt32();
        int batches = settings.GetProperty("batches").GetInt32();
        var options = new TrainingOptions
        {
            Epochs = run.GetProperty("optimizer_steps").GetInt32() * accumulation / batches,
            Accumulation = accumulation,
            LearningRate = settings.GetProperty("learning_rate").GetDouble(),
            WeightDecay = settings.GetProperty("weight_decay").GetDouble(),
            MaxGradientNorm = settings.GetProperty("max_grad_norm").GetDouble(),
            WarmupProportion = settings.GetProperty("warmup_proportion").GetDouble(),
        };
        var losses = new List<double>();
        var steps = new List<TrainingStep>();
        var trainer = new Trainer(model, options, _ => [.. Enumerable.Range(0, batches).Select(i => new[] { i })], batch =>
        {
            var loss = SequenceClassifier.Loss(
                model.forward(golden[$"batch{batch[0]}/input_ids"], golden[$"batch{batch[0]}/attention_mask"],
                    golden[$"batch{batch[0]}/token_type_ids"]),
                golden[$"batch{batch[0]}/labels"]);
            losses.Add(loss.item<float>());
            return loss;
        })
        { OnStep = steps.Add };
        trainer.Run(cancellation: TestContext.Current.CancellationToken);

        var expected = run.GetProperty("steps").EnumerateArray().ToList();
        Assert.Equal(expected.Count, steps.Count);
        int position = 0;
        foreach (var (reference, step) in expected.Zip(steps))
        {
            Assert.Equal(reference.GetProperty("learning_rate").GetDouble(), step.LearningRate, 1e-12);
            double norm = reference.GetProperty("gradient_norm").GetDouble();
            Assert.InRange(step.GradientNorm, norm * (1 - 1e-3), norm * (1 + 1e-3));
            var loss = reference.GetProperty("loss");
            foreach (double value in loss.ValueKind == JsonValueKind.Array
                ? loss.EnumerateArray().Select(x => x.GetDouble())
                : [loss.GetDouble()])
            {
                Assert.Equal(value, losses[position++], 1e-4);
            }
        }

        var finals = golden.Keys.Where(key => key.StartsWith($"final-{name}/", StringComparison.Ordinal))
            .Select(key => key[(key.IndexOf('/') + 1)..]).ToList();
        Assert.True(finals.Count == 0
            ? head != "fc"
            : finals.Order().SequenceEqual(model.named_parameters().Select(named => named.name).Order())); // the file has them for fc
        foreach (var (parameterName, parameter) in model.named_parameters()
            .Where(named => finals.Contains(named.name) && !named.name.EndsWith("attention.self.key.bias", StringComparison.Ordinal)))
        {
            Close.To(golden[$"final-{name}/{parameterName}"], parameter, 1e-4, parameterName);
        }
    }

    private static SequenceClassifier Model(ElectraConfig config, string head, IReadOnlyDictionary<string, Tensor> golden)
    {
        var model = new SequenceClassifier(new ElectraEncoder(config), Electra.Heads.Create(head, config, 2, HeadVariant.Published));
        using var grad = no_grad();
        foreach (var (name, parameter) in model.named_parameters())
        {
            bool isHead = name.StartsWith("classifier.", StringComparison.Ordinal) && head != "fc";
            parameter.copy_(golden[$"initial{(isHead ? "-" + head : "")}/{name}"]);
        }

        return model;
    }
}
