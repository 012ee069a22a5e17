namespace Electra.Tests;

public class MeasuredSpeedTests
{
    private static readonly RunRecord Run = Records.All.First(run => !run.IsBaseline);

    [Fact]
    public void A_speed_belongs_to_runs_of_the_same_settings_and_machine_whatever_their_seed_and_threads()
    {
        using var folder = new TemporaryFolder();
        var options = Run.Options!;
        MeasuredSpeed.Write(folder.Path, Run, 123.5);
        RunRecord[] same =
        [
            Run, Run with { Seed = 7, Options = options with { Seed = 7 } },
            Run with { Machine = Run.Machine with { Threads = Run.Machine.Threads + 1 } },
        ];
        RunRecord[] others =
        [
            Run with { Head = "other" }, Run with { Variant = "other" }, Run with { Data = Run.Data with { Hash = "other" } },
            Run with { Options = options with { BatchSize = options.BatchSize + 1 } },
            Run with { Options = options with { Precision = options.Precision == Precision.Fp32 ? Precision.Bf16 : Precision.Fp32 } },
            Run with { Encoder = Run.Encoder! with { Hash = "other" } }, Run with { Machine = Run.Machine with { Cpu = "other" } },
        ];
        Assert.All(MeasuredSpeed.Added(folder.Path, same), run => Assert.Equal(123.5, run.MeasuredPerSecond));
        Assert.All(MeasuredSpeed.Added(folder.Path, others), run => Assert.Null(run.MeasuredPerSecond));
        Assert.Equal(123.5, Assert.Single(ComparisonTable.Of([.. MeasuredSpeed.Added(folder.Path, [Run])]).Rows).ExamplesPerSecond);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{\"head\": \"fc\"}")]
    public void A_file_that_is_no_speed_is_refused_by_name(string content)
    {
        using var folder = new TemporaryFolder();
        string path = MeasuredSpeed.PathOf(folder.Path, Run);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
        Assert.Contains(path, Assert.Throws<InputException>(() => MeasuredSpeed.Added(folder.Path, [Run]).ToList()).Message,
            StringComparison.Ordinal);
    }
}
