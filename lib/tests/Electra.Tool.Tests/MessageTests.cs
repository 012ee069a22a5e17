using Electra.Tests;

namespace Electra.Tool.Tests;

/// <summary>What somebody reads who mistypes.</summary>
[Collection(ToolConsole.Name)]
public class MessageTests(SmallModels models) : IClassFixture<SmallModels>
{
    [Theory]
    [InlineData("predct", "predct", "predict")]
    [InlineData("tran --output x", "tran", "train")]
    [InlineData("comapre", "comapre", "compare")]
    [InlineData("data gt nsmc", "gt", "get")]
    [InlineData("train --outptu x", "--outptu", "--output")]
    [InlineData("compare --sedes 1", "--sedes", "--seeds")]
    [InlineData("predict --modle m text", "--modle", "--model")]
    [InlineData("tokenize --vocb v.txt 영화", "--vocb", "--vocab")]
    [InlineData("doctor --jsn", "--jsn", "--json")]
    public async Task A_mistyped_word_gets_the_nearest_one(string line, string mistyped, string nearest)
    {
        string message = await ToolConsole.Refused(line.Split(' '));
        Assert.Contains($" {mistyped}; did you mean {nearest}? See: electra ", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("xyzzy")]
    [InlineData("doctor --xyzzy")]
    public async Task A_word_that_is_like_none_gets_none(string line)
    {
        string message = await ToolConsole.Refused(line.Split(' '));
        Assert.Contains("xyzzy", message, StringComparison.Ordinal);
        Assert.DoesNotContain("did you mean", message, StringComparison.Ordinal);
        Assert.Contains("--help", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_text_that_begins_like_an_option_is_written_after_two_dashes()
    {
        Assert.Contains("-- ", await ToolConsole.Refused("tokenize", "--encoder", models.Sequence, "--가"), StringComparison.Ordinal);
        var (code, lines) = await ToolConsole.Run("tokenize", "--json", "--encoder", models.Sequence, "--", "--가");
        Assert.Equal((0, "--가"), (code, lines[0].GetProperty("text").GetString()));
    }

    [Theory]
    [InlineData("train --output x --limit many", "--limit", "many", "whole number")]
    [InlineData("train --output x --epochs 1.5", "--epochs", "1.5", "whole number")]
    [InlineData("train --output x --epochs 99999999999", "--epochs", "99999999999", "whole number")]
    [InlineData("train --output x --learning-rate fast", "--learning-rate", "fast", "number")]
    [InlineData("train --output x --seed one", "--seed", "one", "whole number")]
    public async Task A_value_of_another_kind_is_named_with_the_kind_that_is_wanted(string line, string option, string value, string kind)
    {
        string message = await ToolConsole.Refused(line.Split(' '));
        Assert.DoesNotContain("System.", message, StringComparison.Ordinal);
        Assert.All((string[])[option, $"\"{value}\"", kind], part => Assert.Contains(part, message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_is_not_there_is_said_to_be_missing()
    {
        using var folder = new TemporaryFolder();
        string nowhere = folder.File("nowhere");
        string missing = $"{nowhere} does not exist";
        Assert.StartsWith(missing, await ToolConsole.Refused("tokenize", "--encoder", nowhere, "가"), StringComparison.Ordinal);
        Assert.StartsWith(missing, await ToolConsole.Refused("encode", "--encoder", nowhere, "--output", folder.File("x")),
            StringComparison.Ordinal);
        Assert.StartsWith(missing, await ToolConsole.Refused("predict", "--model", nowhere, "가"), StringComparison.Ordinal);
        foreach (string model in (string[])[models.Sequence, models.Token, models.Question])
        {
            Assert.StartsWith(missing, await ToolConsole.Refused("evaluate", "--model", model, "--data", nowhere),
                StringComparison.Ordinal);
            Assert.StartsWith("nowhere.tsv does not exist",
                await ToolConsole.Refused("evaluate", "--model", model, "--data", "nowhere.tsv"), StringComparison.Ordinal);
        }

        Assert.StartsWith(missing, await ToolConsole.Refused("train", "--encoder", nowhere, "--output", folder.File("x")),
            StringComparison.Ordinal);
        Assert.StartsWith(missing, await ToolConsole.Refused("train", "--encoder", $"random:{nowhere}", "--output", folder.File("x")),
            StringComparison.Ordinal);
        Assert.StartsWith(missing, await ToolConsole.Refused("charts", "--results", nowhere), StringComparison.Ordinal);
        Assert.Contains("nothing", await ToolConsole.Refused("evaluate", "--model", models.Sequence, "--data", "nothing"),
            StringComparison.Ordinal); // a name, not a path: what names there are is said
    }

    [Fact]
    public async Task An_output_that_cannot_be_is_refused_before_the_work()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("file"), "");
        string impossible = folder.File("file/model");
        // neither the data nor the encoder are there: the output is looked at first
        Assert.StartsWith($"{impossible} cannot be", await ToolConsole.Refused("train", "--output", impossible, "--data", folder.Path,
            "--encoder", folder.File("nowhere")), StringComparison.Ordinal);
        Assert.StartsWith($"{impossible} cannot be", await ToolConsole.Refused("pretrain", "--output", impossible, "--input",
            folder.File("nowhere")), StringComparison.Ordinal);
        Assert.StartsWith($"{impossible} cannot be", await ToolConsole.Refused("compare", "--results", impossible, "--data", folder.Path,
            "--encoder", folder.File("nowhere")), StringComparison.Ordinal);
        Assert.StartsWith($"{impossible} cannot be", await ToolConsole.Refused("encode", "--output", impossible, "--encoder",
            folder.File("nowhere"), "--input", folder.File("file")), StringComparison.Ordinal);
        Assert.Equal([folder.File("file")], Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public async Task Rows_longer_than_the_encoder_reads_are_refused()
    {
        using var folder = new TemporaryFolder();
        string[] rows = ["id\tdocument\tlabel", .. Enumerable.Range(0, 40).Select(i => $"{i}\t가 나\t{i % 2}")];
        File.WriteAllLines(folder.File("train.tsv"), rows);
        File.WriteAllLines(folder.File("test.tsv"), rows);
        foreach (string[] verb in (string[][])[["evaluate", "--model", models.Sequence], ["train", "--encoder", models.Sequence,
            "--output", folder.File("model")], ["compare", "--encoder", models.Sequence, "--results", folder.File("results")]])
        {
            string message = await ToolConsole.Refused([.. verb, "--data", folder.Path, "--max-tokens", "33"]);
            Assert.Contains("--max-tokens is 33", message, StringComparison.Ordinal);
            Assert.Contains("32", message, StringComparison.Ordinal); // as many positions as it has
        }
    }
}
