namespace Electra.Tests;

/// <summary>One training has a folder, and what a killed one left is no hindrance.</summary>
public class TrainingFolderTests
{
    [Fact]
    public void A_folder_belongs_to_one_training_until_it_ends()
    {
        using var folder = new TemporaryFolder();
        using (TrainingFolder.Lock(folder.Path, folder.Path))
        {
            var error = Assert.Throws<InputException>(() => TrainingFolder.Lock(folder.Path, folder.File("discriminator")));
            Assert.Contains(folder.Path, error.Message, StringComparison.Ordinal);
            Assert.Contains("Another training", error.Message, StringComparison.Ordinal);
        }

        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
        TrainingFolder.Lock(folder.Path, folder.Path).Dispose();
    }

    [Fact]
    public async Task A_lock_has_one_owner_however_many_want_it()
    {
        using var folder = new TemporaryFolder();
        int owners = 0;
        int taken = 0;
        await Parallel.ForEachAsync(Enumerable.Range(0, 8), TestContext.Current.CancellationToken, (_, _) =>
        {
            for (int i = 0; i < 2000; i++)
            {
                using var file = FileLock.Take(folder.File("run.lock"));
                if (file is not null)
                {
                    Assert.Equal(1, Interlocked.Increment(ref owners));
                    Interlocked.Increment(ref taken);
                    Interlocked.Decrement(ref owners);
                }
            }

            return ValueTask.CompletedTask;
        });
        Assert.InRange(taken, 2000, 16_000);
        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void What_a_killed_training_left_half_written_is_swept_and_nothing_else()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("discriminator"));
        string[] swept = ["training.state.17.tmp", "training.state.4711.tmp", "discriminator/model.safetensors.17.tmp"];
        string[] kept =
            ["training.state", "notes.17.tmp", "training.state.old.tmp", "model.safetensors.17.tmp.txt", "discriminator/vocab.txt"];
        foreach (string name in (string[])[.. swept, .. kept, "training.lock"]) // which nobody holds any more
        {
            File.WriteAllText(folder.File(name), name);
        }

        using (TrainingFolder.Lock(folder.Path, folder.File("discriminator")))
        {
            Assert.All(swept, name => Assert.False(File.Exists(folder.File(name)), name));
        }

        Assert.Equal(kept.Select(folder.File).Order(StringComparer.Ordinal),
            Directory.GetFiles(folder.Path, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_folder_that_was_made_for_nothing_is_gone_again_and_one_that_cannot_be_made_is_an_error()
    {
        using var folder = new TemporaryFolder();
        using (TrainingFolder.Lock(folder.File("new"), folder.File("new")))
        {
            Assert.True(Directory.Exists(folder.File("new")));
        }

        Assert.False(Directory.Exists(folder.File("new")));
        File.WriteAllText(folder.File("file"), "");
        var error = Assert.Throws<InputException>(() => TrainingFolder.Lock(folder.File("file/model"), folder.File("file/model")));
        Assert.Contains("cannot be written", error.Message, StringComparison.Ordinal);
    }
}
