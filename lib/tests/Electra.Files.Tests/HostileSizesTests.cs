using System.IO.Compression;
using System.Text;

namespace Electra.Tests;

/// <summary>Files that ask for more memory than they are worth.</summary>
public class HostileSizesTests
{
    private const int Unpacked = 32 << 20;

    [Theory]
    [InlineData("reviews.tsv.gz", "id\tdocument\tlabel\n", "1\t좋다\t1\n")]
    [InlineData("entities.tsv.gz", "", "가\tO\n\n")]
    [InlineData("texts.txt.gz", "", "좋다\n")]
    [InlineData("questions.json.gz", "{\"x\": [", "[],")]
    public void What_unpacks_to_more_than_a_hundred_times_its_size_is_refused_while_it_is_read(string name, string start, string repeated)
    {
        using var folder = new TemporaryFolder();
        byte[] block = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(repeated, 100_000)));
        using (var gzip = new GZipStream(File.Create(folder.File(name)), CompressionLevel.Optimal))
        {
            gzip.Write(Encoding.UTF8.GetBytes(start));
            for (int written = 0; written < Unpacked; written += block.Length)
            {
                gzip.Write(block);
            }
        }

        Assert.InRange(new FileInfo(folder.File(name)).Length, 1, Unpacked / 200);
        var error = Assert.Throws<InputException>(() => Read(folder.Path, name));
        Assert.Contains(folder.File(name), error.Message, StringComparison.Ordinal);
        Assert.Contains("100 times", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_small_file_of_few_words_may_unpack_to_any_multiple()
    {
        using var folder = new TemporaryFolder();
        using (var gzip = new GZipStream(File.Create(folder.File("texts.gz")), CompressionLevel.Optimal))
        {
            gzip.Write(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("좋다\n", 100_000))));
        }

        Assert.InRange(new FileInfo(folder.File("texts.gz")).Length, 1, 7000);
        Assert.Equal(100_000, TextFile.Read(folder.File("texts.gz")).Count);
    }

    [Fact]
    public void Labels_that_the_weights_do_not_have_are_refused_before_a_head_is_built_for_them()
    {
        using var folder = new TemporaryFolder();
        string[] labels = [.. Enumerable.Range(0, 200_000).Select(i => $"L{i}")];
        using (var model = Small.Classifier("fc", HeadVariant.MaskAware))
        {
            Checkpoint.Save(folder.Path, model, Small.Config.WithLabels(labels) with { ClassifierHead = "fc" }, SmallTokenizer.Cased);
        }

        using var checkpoint = Checkpoint.Open(folder.Path);
        TaskModel Create() => checkpoint.CreateSequenceClassifier();
        var error = Assert.Throws<InputException>(Create);
        Assert.Contains("200000 labels", error.Message, StringComparison.Ordinal);
        Assert.Contains(folder.Path, error.Message, StringComparison.Ordinal);
        using var other = checkpoint.CreateSequenceClassifier("fc", labels: ["a", "b", "c"]); // a fresh head asks nothing of the file's
        Assert.NotEmpty(checkpoint.Notes);
    }

    private static object Read(string folder, string name)
    {
        string path = Path.Combine(folder, name);
        return name switch
        {
            "reviews.tsv.gz" => ReviewFile.Read(path),
            "questions.json.gz" => QuestionFile.Read(path),
            "texts.txt.gz" => TextFile.Read(path),
            _ => EntityFile.Read(path),
        };
    }
}
