using System.Diagnostics;

namespace Electra.Tests;

/// <summary>What has the name of a file and is none.</summary>
public class OddFilesTests
{
    public static TheoryData<string, string> Devices
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (string name in (string[])["config.json", "vocab.txt", "tokenizer_config.json", "model.safetensors",
                "pytorch_model.bin", "train.tsv", "train.json.gz", "entities.tsv"])
            {
                foreach (string device in (string[])["pipe", "/dev/zero", "/dev/urandom"])
                {
                    data.Add(name, device);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public async Task A_pipe_or_a_device_is_refused_in_place_of_a_file(string name, string device)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such files.");
        using var folder = new TemporaryFolder();
        if (name is "tokenizer_config.json")
        {
            File.WriteAllLines(folder.File("vocab.txt"), ElectraTokenizer.SpecialTokens);
        }
        else if (name is "model.safetensors" or "pytorch_model.bin")
        {
            Small.Config.Write(folder.Path);
        }

        string path = folder.File(name);
        if (device == "pipe")
        {
            using var make = Process.Start("mkfifo", [path]);
            await make.WaitForExitAsync(TestContext.Current.CancellationToken);
        }
        else
        {
            File.CreateSymbolicLink(path, device);
        }

        // on a thread of its own, which a failure leaves behind
        var read = Task.Run(() => Assert.Throws<InputException>(() => Read(folder.Path, name)), TestContext.Current.CancellationToken);
        var error = await read.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
        Assert.Contains("a pipe or a device", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_links_of_a_folder_point_to_is_read()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need rights on Windows.");
        using var store = new TemporaryFolder();
        using var folder = new TemporaryFolder();
        File.WriteAllLines(store.File("blob"), ElectraTokenizer.SpecialTokens);
        File.CreateSymbolicLink(store.File("link"), "blob");
        File.CreateSymbolicLink(folder.File("vocab.txt"), store.File("link"));
        Assert.Equal(5, ElectraTokenizer.FromVocabulary(folder.File("vocab.txt")).VocabularySize);
    }

    private static object Read(string folder, string name)
    {
        string path = Path.Combine(folder, name);
        return name switch
        {
            "config.json" => ElectraConfig.Read(folder),
            "vocab.txt" => ElectraTokenizer.FromVocabulary(path),
            "tokenizer_config.json" => ElectraTokenizer.FromFolder(folder),
            "model.safetensors" or "pytorch_model.bin" => Checkpoint.Open(folder),
            "train.tsv" => ReviewFile.Read(path),
            "train.json.gz" => QuestionFile.Read(path),
            _ => EntityFile.Read(path),
        };
    }
}
