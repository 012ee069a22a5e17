using System.Text.Json;
using Electra.Tests;

namespace Electra.Tool.Tests;

/// <summary><c>electra pretrain</c> from raw text to a folder, and on from there.</summary>
public class PretrainTests
{
    private static readonly string[] Sizes = ["--vocab-size", "60", "--layers", "1", "--hidden", "16", "--embedding", "8", "--heads", "2"];

    [Fact]
    public async Task It_makes_an_encoder_goes_on_from_it_elsewhere_and_overwrites_nothing()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllLines(folder.File("texts.txt"),
            Enumerable.Range(0, 200).Select(i => string.Concat("가나다라마바사아자차".Select((c, j) => (i >> j) % 3 == 0 ? $"{c} " : $"{c}"))));
        var (code, output, errors) = await Pretrain("first", [.. Sizes, "--steps", "2"]);
        Assert.True(code == 0, output + errors);
        using var result = JsonDocument.Parse(output);
        Assert.Equal(2, result.RootElement.GetProperty("step").GetInt32());
        Assert.True(result.RootElement.GetProperty("held_out").GetProperty("accuracy").GetDouble() is > 0 and <= 1);
        byte[] weights = File.ReadAllBytes(folder.File("first/discriminator/model.safetensors"));
        Assert.Equal(16, ElectraConfig.Read(folder.File("first/discriminator")).HiddenSize);

        (code, output, errors) = await Pretrain("second", ["--start-from", folder.File("first"), "--steps", "1"]);
        Assert.True(code == 0, output + errors);
        Assert.Equal(File.ReadAllBytes(folder.File("first/discriminator/vocab.txt")),
            File.ReadAllBytes(folder.File("second/discriminator/vocab.txt")));
        Assert.NotEqual(weights, File.ReadAllBytes(folder.File("second/discriminator/model.safetensors")));

        (code, output, errors) = await Pretrain("narrower",
            ["--start-from", folder.File("first/discriminator"), "--vocab-size", "40", "--steps", "1", "--warmup", "0", "--hold", "1"]);
        Assert.True(code == 0, output + errors);
        Assert.Equal(16, ElectraConfig.Read(folder.File("narrower/discriminator")).HiddenSize);
        Assert.Equal(40, ElectraConfig.Read(folder.File("narrower/discriminator")).VocabSize);

        await Refused("has a model already", "first", [.. Sizes, "--steps", "2"]);
        await Refused("has a model already", "first", ["--start-from", folder.File("first"), "--steps", "1"]);
        await Refused("no interrupted training", "first", [.. Sizes, "--steps", "2", "--resume"]);
        await Refused("--layers does not go with --start-from", "third",
            ["--start-from", folder.File("first"), "--layers", "2", "--steps", "1"]);
        foreach (string[] large in (string[][])[["--hidden", "2000000000"], ["--layers", "2000000000"], ["--max-positions", "2000000000"],
            ["--vocab-size", "2000000000", "--embedding", "1024"], ["--hidden", "1048576", "--intermediate", "1"]])
        {
            await Refused("parameters, but this machine's memory has room for", "third", ["--steps", "2", .. large]);
        }

        await Refused("generator size is 2", "third", [.. Sizes, "--generator-size", "2", "--steps", "2"]);
        Assert.Equal(weights, File.ReadAllBytes(folder.File("first/discriminator/model.safetensors")));
        Assert.False(Directory.Exists(folder.File("third")));

        async Task Refused(string reason, string name, string[] options)
        {
            var (code, output, errors) = await Pretrain(name, options);
            Assert.True(code == 2, output + errors);
            using var error = JsonDocument.Parse(output);
            Assert.Contains(reason, error.RootElement.GetProperty("error").GetString(), StringComparison.Ordinal);
        }

        Task<(int Code, string Output, string Errors)> Pretrain(string name, string[] options) => ToolProcess.Run(
            ["pretrain", "--json", "--input", folder.File("texts.txt"), "--output", folder.File(name), "--length", "16", "--batch-size",
                "2", "--evaluate-every", "1", "--held-out", "0.2", .. options]);
    }
}
