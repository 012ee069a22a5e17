using System.Diagnostics;
using Electra.Tests;

namespace Electra.Tool.Tests;

/// <summary>What Ctrl-C and a scheduler's SIGTERM do to a training and to work that does not end.</summary>
public class SignalTests
{
    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task A_signal_saves_and_ends_with_code_3_and_a_second_one_ends_at_once(string signal)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no signals.");
        using var folder = new TemporaryFolder();
        string[] rows = ["id\tdocument\tlabel",
            .. Enumerable.Range(0, 40).Select(i => $"{i}\t영화 {"가나다라"[i % 4]} {(i % 2 == 0 ? "별로다" : "좋았다")}\t{i % 2}")];
        File.WriteAllLines(folder.File("train.tsv"), rows);
        File.WriteAllLines(folder.File("test.tsv"), rows);
        string[] command = ["train", "--encoder", "random", "--data", folder.Path, "--head", "fc", "--epochs", "2000",
            "--output", folder.File("model")];
        foreach (string[] going in (string[][])[command, [.. command, "--resume"]])
        {
            bool sent = false;
            var (code, output, errors) = await ToolProcess.Run((id, line) =>
            {
                if (!sent && line?.StartsWith("epoch ", StringComparison.Ordinal) == true)
                {
                    sent = true;
                    Kill(id);
                }
            }, going);
            Assert.True(code == 3, $"{code}: {output}{errors[^Math.Min(errors.Length, 1000)..]}");
            Assert.Contains("--resume goes on", errors, StringComparison.Ordinal);
            Assert.True(File.Exists(folder.File("model/training.state")));
        }

        // A line that never ends keeps predict waiting, whatever it is asked; it is longer than a pipe, so that all is written when predict
        // reads it.
        var token = TestContext.Current.CancellationToken;
        using var waiting = ToolProcess.Start("predict", "--model", folder.File("model"), "--input", "-");
        await waiting.StandardInput.WriteAsync(new string('a', 300_000).AsMemory(), token);
        await waiting.StandardInput.FlushAsync(token);
        Kill(waiting.Id);
        int signals = 0;
        while (await waiting.StandardError.ReadLineAsync(token) is { } line)
        {
            if (line.StartsWith("Interrupted", StringComparison.Ordinal) && signals++ == 0)
            {
                Kill(waiting.Id);
            }
        }

        await waiting.WaitForExitAsync(token);
        Assert.Equal(1, signals);
        Assert.Equal(128 + 9, waiting.ExitCode);

        void Kill(int id) => Process.Start("kill", [$"-{signal}", $"{id}"]).Dispose();
    }
}
