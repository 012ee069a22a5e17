using System.IO.Compression;

namespace Electra.Tests;

public class DataDownloadTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task NSMC_is_downloaded_once_verified_and_found()
    {
        byte[] train = Unzipped(Reference.Data("nsmc", "train.tsv.gz"));
        byte[] test = Unzipped(Reference.Data("nsmc", "test.tsv.gz"));
        using var server = new LoopbackServer(request => request.Path switch
        {
            "/mirror/ratings_train.txt" => Reply.Content(request, train),
            "/mirror/ratings_test.txt" => Reply.Content(request, test),
            _ => new Reply(404, []),
        });
        using var folder = new TemporaryFolder();
        using var variables = new Variables
        {
            ["ELECTRA_CACHE"] = folder.Path,
            ["ELECTRA_DATA"] = null,
            ["ELECTRA_NSMC_URL"] = $"{server.Address}/mirror",
        };
        string place = await DataDownload.GetAsync("nsmc", cancellationToken: Token);
        Assert.StartsWith(folder.Path, place, StringComparison.Ordinal);
        Assert.Equal(place, await DataDownload.GetAsync("nsmc", cancellationToken: Token));
        Assert.Equal(2, server.Requests.Count);
        ReviewData data = ReviewData.Open("nsmc", limit: 100);
        Assert.Equal((100, 50_000), (data.Train.Count, data.Test.Count));
    }

    [Theory]
    [InlineData(4_000)]
    [InlineData(14_628_807)]
    public async Task Files_that_are_not_the_official_ones_are_refused(int size)
    {
        using var server = new LoopbackServer(request => Reply.Content(request, new byte[size]));
        using var folder = new TemporaryFolder();
        using var variables = new Variables { ["ELECTRA_CACHE"] = folder.Path, ["ELECTRA_NSMC_URL"] = server.Address };
        InputException error = await Assert.ThrowsAsync<InputException>(() => DataDownload.GetAsync("nsmc", cancellationToken: Token));
        Assert.Contains("something else than the expected file", error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(folder.Path, "*.txt", SearchOption.AllDirectories));
    }

    [Theory]
    [InlineData("somewhere", "ELECTRA_NSMC_URL")]
    [InlineData("http://example.org/nsmc", "HTTPS")]
    public async Task A_mirror_that_is_no_safe_address_is_refused(string address, string expected)
    {
        using var folder = new TemporaryFolder();
        using var variables = new Variables { ["ELECTRA_CACHE"] = folder.Path, ["ELECTRA_NSMC_URL"] = address };
        InputException error = await Assert.ThrowsAsync<InputException>(() => DataDownload.GetAsync("nsmc", cancellationToken: Token));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("imdb")]
    [InlineData("../nsmc")]
    public async Task Only_known_data_sets_are_downloaded(string name)
    {
        InputException error = await Assert.ThrowsAsync<InputException>(() => DataDownload.GetAsync(name, cancellationToken: Token));
        Assert.Contains("nsmc is the one", error.Message, StringComparison.Ordinal);
    }

    private static byte[] Unzipped(string path)
    {
        using var gzip = new GZipStream(File.OpenRead(path), CompressionMode.Decompress);
        using var bytes = new MemoryStream();
        gzip.CopyTo(bytes);
        return bytes.ToArray();
    }
}
