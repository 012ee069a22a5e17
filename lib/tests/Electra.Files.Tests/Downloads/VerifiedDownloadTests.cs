using System.Net;
using System.Text;

namespace Electra.Tests;

public class VerifiedDownloadTests
{
    private static readonly byte[] Content = [.. Enumerable.Range(0, 300_000).Select(i => (byte)(i * i >> 5))];
    private static readonly string Hash = LoopbackServer.Sha256(Content);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_file_arrives_whole_and_once()
    {
        using var folder = new TemporaryFolder();
        using var server = new LoopbackServer(request => Reply.Content(request, Content));
        string target = Path.Combine(folder.Path, "new", "file.bin");
        var steps = new List<DownloadProgress>();
        await Download().FetchAsync(server.File, target, Content.Length, Hash.ToUpperInvariant(), new Steps(steps.Add), Token);
        await Download().FetchAsync(server.File, target, Content.Length, Hash, null, Token);
        Assert.Equal(Content, File.ReadAllBytes(target));
        Assert.Single(server.Requests);
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(target)!));
        Assert.Equal(new DownloadProgress("file.bin", Content.Length, Content.Length), steps[^1]);
        Assert.Equal(steps.Select(step => step.Received).Order(), steps.Select(step => step.Received));
    }

    [Fact]
    public async Task A_git_blob_id_is_checked()
    {
        using var folder = new TemporaryFolder();
        using var server = new LoopbackServer(request => Reply.Content(request, "hello\n"u8.ToArray()));
        const string HelloBlob = "ce013625030ba8dba906f756967f9e9ca394464a"; // git's id of "hello\n"
        await Download().FetchAsync(server.File, folder.File("a"), null, HelloBlob, null, Token);
        Assert.Equal("hello\n", File.ReadAllText(folder.File("a")));
        await Assert.ThrowsAsync<InputException>(
            () => Download().FetchAsync(server.File, folder.File("b"), null, $"0{HelloBlob[1..]}", null, Token));
    }

    [Fact]
    public async Task A_dropped_connection_is_continued_where_it_broke()
    {
        using var folder = new TemporaryFolder();
        using var server = new LoopbackServer(request =>
        {
            Reply reply = Reply.Content(request, Content);
            // six pieces: more drops than attempts without progress
            return request.From < 250_000 ? reply with { SendOnly = 50_000 } : reply;
        });
        await Download().FetchAsync(server.File, folder.File("file"), Content.Length, Hash, null, Token);
        Assert.Equal(Content, File.ReadAllBytes(folder.File("file")));
        Assert.Equal([0, 50_000, 100_000, 150_000, 200_000, 250_000], server.Requests.Select(request => request.From));
    }

    [Fact]
    public async Task A_server_that_ignores_ranges_is_read_from_the_start()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("file.incomplete"), Content[..1000]);
        using var server = new LoopbackServer(_ => new Reply(200, Content));
        await Download().FetchAsync(server.File, folder.File("file"), null, Hash, null, Token);
        Assert.Equal(Content, File.ReadAllBytes(folder.File("file")));
        Assert.Equal(1000, Assert.Single(server.Requests).From);
    }

    [Fact]
    public async Task A_server_that_sends_another_range_is_asked_for_everything()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("file.incomplete"), Content[..1000]);
        using var server = new LoopbackServer(
            request => request.From == 0
                ? new Reply(200, Content)
                : new Reply(206, Content[500..], ("Content-Range", "bytes 500-299999/300000")));
        await Download().FetchAsync(server.File, folder.File("file"), null, Hash, null, Token);
        Assert.Equal(Content, File.ReadAllBytes(folder.File("file")));
    }

    [Fact]
    public async Task A_corrupt_part_is_thrown_away_and_everything_fetched_once_more()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("file.incomplete"), new byte[1000]);
        using var server = new LoopbackServer(request => Reply.Content(request, Content));
        await Download().FetchAsync(server.File, folder.File("file"), null, Hash, null, Token);
        Assert.Equal(Content, File.ReadAllBytes(folder.File("file")));
        Assert.Equal([1000, 0], server.Requests.Select(request => request.From));
    }

    [Fact]
    public async Task A_part_that_is_whole_already_is_only_verified_and_renamed()
    {
        using var folder = new TemporaryFolder();
        using var server = new LoopbackServer(request => Reply.Content(request, Content));
        File.WriteAllBytes(folder.File("a.incomplete"), Content);
        await Download().FetchAsync(server.File, folder.File("a"), Content.Length, Hash, null, Token);
        Assert.Empty(server.Requests);
        File.WriteAllBytes(folder.File("b.incomplete"), [.. Content, 1, 2, 3]); // longer than the file: the server has no such range
        await Download().FetchAsync(server.File, folder.File("b"), null, Hash, null, Token);
        int before = server.Requests.Count;
        File.WriteAllBytes(folder.File("c.incomplete"), Content);
        await new VerifiedDownload { Announced = _ => (Content.Length, Hash) }.FetchAsync(server.File, folder.File("c"),
            null, null, null, Token);
        Assert.Equal(before + 1, server.Requests.Count);
        Assert.All(["a", "b", "c"], name => Assert.Equal(Content, File.ReadAllBytes(folder.File(name))));
    }

    [Fact]
    public async Task Without_a_hash_nothing_is_continued()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("file.incomplete"), new byte[1000]);
        using var server = new LoopbackServer(request => Reply.Content(request, Content));
        await Download().FetchAsync(server.File, folder.File("file"), Content.Length, null, null, Token);
        Assert.Equal(Content, File.ReadAllBytes(folder.File("file")));
    }

    [Fact]
    public async Task Wrong_bytes_are_refused_after_a_second_try_and_leave_nothing()
    {
        using var folder = new TemporaryFolder();
        using var server = new LoopbackServer(request => Reply.Content(request, Content));
        string other = new('0', 64);
        var error = await Assert.ThrowsAsync<InputException>(
            () => Download().FetchAsync(server.File, folder.File("file"), null, other, null, Token));
        Assert.Contains(Hash, error.Message, StringComparison.Ordinal);
        Assert.Contains(other, error.Message, StringComparison.Ordinal);
        Assert.Equal(2, server.Requests.Count);
        await Assert.ThrowsAsync<InputException>(() => Download().FetchAsync(server.File, folder.File("file"), 5, null, null, Token));
        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public async Task A_body_longer_than_announced_is_refused()
    {
        using var folder = new TemporaryFolder();
        using var server = new LoopbackServer(
            _ => new Reply(200, Encoding.ASCII.GetBytes("A\r\n0123456789\r\n0\r\n\r\n"), ("Transfer-Encoding", "chunked")));
        var error = await Assert.ThrowsAsync<InputException>(
            () => Download().FetchAsync(server.File, folder.File("file"), 9, null, null, Token));
        Assert.Contains("more than 9 bytes", error.Message, StringComparison.Ordinal);
        await Download().FetchAsync(server.File, folder.File("file"), 10, null, null, Token);
        Assert.Equal("0123456789", File.ReadAllText(folder.File("file")));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100_000)]
    public async Task A_server_that_stands_still_is_left_and_asked_again(int sendOnly)
    {
        using var folder = new TemporaryFolder();
        bool first = true;
        using var server = new LoopbackServer(request =>
        {
            Reply reply = Reply.Content(request, Content) with
            {
                Stalls = first,
                SendOnly = first ? sendOnly : Content.Length - (int)request.From
            };
            first = false;
            return reply;
        });
        await new VerifiedDownload { Pause = TimeSpan.Zero, IdleLimit = TimeSpan.FromMilliseconds(400) }.FetchAsync(server.File,
            folder.File("file"), null, Hash, null, Token);
        Assert.Equal(Content, File.ReadAllBytes(folder.File("file")));
        Assert.True(server.Requests.Count > 1);
    }

    [Theory]
    [InlineData(503, 5)]
    [InlineData(429, 5)]
    [InlineData(404, 1)]
    [InlineData(403, 1)]
    [InlineData(410, 1)]
    [InlineData(302, 1)]
    public async Task A_refusal_is_an_input_error_and_only_a_passing_one_is_retried(int status, int requests)
    {
        using var folder = new TemporaryFolder();
        using var server = new LoopbackServer(_ => new Reply(status, []));
        var error = await Assert.ThrowsAsync<InputException>(
            () => Download().FetchAsync(server.File, folder.File("file"), null, Hash, null, Token));
        Assert.Contains($"{status}", error.Message, StringComparison.Ordinal);
        Assert.Contains(server.File.AbsoluteUri, error.Message, StringComparison.Ordinal);
        Assert.Equal(requests == 1 ? (HttpStatusCode)status : null, (error.InnerException as HttpRequestException)?.StatusCode);
        Assert.Equal(requests, server.Requests.Count);
        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public async Task A_refusal_keeps_the_part_that_is_there()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("file.incomplete"), Content[..1000]);
        using var server = new LoopbackServer(_ => new Reply(401, []));
        await Assert.ThrowsAsync<InputException>(() => Download().FetchAsync(server.File, folder.File("file"), null, null, null, Token));
        Assert.Equal(1000, new FileInfo(folder.File("file.incomplete")).Length);
    }

    [Fact]
    public async Task A_server_that_recovers_is_good_enough()
    {
        using var folder = new TemporaryFolder();
        int asked = 0;
        using var server = new LoopbackServer(request => ++asked < 4 ? new Reply(500 + asked, []) : Reply.Content(request, Content));
        await Download().FetchAsync(server.File, folder.File("file"), Content.Length, Hash, null, Token);
        Assert.Equal(Content, File.ReadAllBytes(folder.File("file")));
    }

    [Fact]
    public async Task The_token_stays_with_its_own_host()
    {
        using var folder = new TemporaryFolder();
        using var store = new LoopbackServer(request => Reply.Content(request, Content, ("ETag", $"\"{new string('0', 64)}\"")));
        using var server = new LoopbackServer(
            request => request.Path == "/file.bin" ? Reply.Redirect("/moved") : Reply.Redirect($"{store.Address}/blob"));
        int announced = 0;
        var download = new VerifiedDownload
        {
            Pause = TimeSpan.Zero,
            Token = "secret",
            Announced = _ => ++announced == 1 ? (Content.Length, null) : (1, Hash), // what is said first counts
        };
        await download.FetchAsync(server.File, folder.File("file"), null, null, null, Token);
        Assert.Equal(Content, File.ReadAllBytes(folder.File("file")));
        Assert.Equal(["Bearer secret", "Bearer secret"], server.Requests.Select(request => request.Authorization));
        Assert.Null(Assert.Single(store.Requests).Authorization);
        Assert.Equal(2, announced);
    }

    [Fact]
    public async Task Only_https_or_this_machine_is_asked()
    {
        using var folder = new TemporaryFolder();
        using var server = new LoopbackServer(_ => Reply.Redirect("http://example.org/file"));
        foreach (Uri url in (Uri[])[new("http://example.org/file"), new("ftp://127.0.0.1/file"), server.File])
        {
            var error = await Assert.ThrowsAsync<InputException>(
                () => Download().FetchAsync(url, folder.File("file"), null, Hash, null, Token));
            Assert.Contains("not HTTPS", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Redirects_come_to_an_end()
    {
        using var folder = new TemporaryFolder();
        using var server = new LoopbackServer(_ => Reply.Redirect("/again"));
        var error = await Assert.ThrowsAsync<InputException>(
            () => Download().FetchAsync(server.File, folder.File("file"), null, Hash, null, Token));
        Assert.Contains("redirected", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancelling_keeps_what_has_arrived()
    {
        using var folder = new TemporaryFolder();
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(Token);
        using var server = new LoopbackServer(
            request => Reply.Content(request, Content) with
            {
                Stalls = request.From == 0,
                SendOnly = request.From == 0 ? 100_000 : Content.Length - (int)request.From
            });
        var stop = new Steps(step =>
        {
            if (step.Received == 100_000)
            {
                cancellation.Cancel();
            }
        });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => Download().FetchAsync(server.File, folder.File("file"), null, Hash, stop, cancellation.Token));
        Assert.Equal(100_000, new FileInfo(folder.File("file.incomplete")).Length);
        await Download().FetchAsync(server.File, folder.File("file"), null, Hash, null, Token);
        Assert.Equal(Content, File.ReadAllBytes(folder.File("file")));
        Assert.Equal(100_000, server.Requests.Last().From);
    }

    [Fact]
    public async Task Nobody_there_and_nowhere_to_write_are_input_errors()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("inTheWay"), "");
        using var server = new LoopbackServer(request => Reply.Content(request, Content));
        var nobody = await Assert.ThrowsAsync<InputException>(
            () => Download().FetchAsync(new Uri(LoopbackServer.Nobody()), folder.File("file"), null, Hash, null, Token));
        Assert.Contains("check the network", nobody.Message, StringComparison.Ordinal);
        var nowhere = await Assert.ThrowsAsync<InputException>(
            () => Download().FetchAsync(server.File, folder.File("inTheWay/file"), null, Hash, null, Token));
        Assert.Contains("cannot be written", nowhere.Message, StringComparison.Ordinal);
        Assert.Equal([folder.File("inTheWay")], Directory.GetFileSystemEntries(folder.Path));
    }

    [Theory]
    [InlineData("file.json", "{\"a\": [1, 2", 5)] // cut off
    [InlineData("file.json", "", 5)]
    [InlineData("vocab.txt", "[PAD]\n[UNK]\n", 1)] // nothing in it says that it is whole
    [InlineData("model.safetensors", "12345678", 1)]
    public async Task What_has_neither_hash_nor_size_and_may_be_cut_off_is_refused(string name, string body, int requests)
    {
        using var folder = new TemporaryFolder();
        using var server = new LoopbackServer(_ => new Reply(200, Encoding.UTF8.GetBytes(body)) { WithoutLength = true });
        var error = await Assert.ThrowsAsync<InputException>(
            () => Download().FetchAsync(server.File, folder.File(name), null, null, null, Token));
        Assert.Contains(server.File.AbsoluteUri, error.Message, StringComparison.Ordinal);
        Assert.Equal(requests, server.Requests.Count);
        Assert.False(File.Exists(folder.File(name)));
    }

    [Fact]
    public async Task Small_JSON_that_is_whole_needs_neither_hash_nor_size_and_a_hash_needs_no_size()
    {
        using var folder = new TemporaryFolder();
        using var server = new LoopbackServer(request =>
            new Reply(200, request.Path == "/file.bin" ? Content : "{\"a\": 1}\n"u8.ToArray()) { WithoutLength = true });
        await Download().FetchAsync(new Uri(server.File, "config.json"), folder.File("config.json"), null, null, null, Token);
        Assert.Equal("{\"a\": 1}\n", File.ReadAllText(folder.File("config.json")));
        await Download().FetchAsync(server.File, folder.File("file"), null, Hash, null, Token);
        Assert.Equal(Content, File.ReadAllBytes(folder.File("file")));
    }

    [Theory]
    [InlineData(true, null)] // whatever it is: nobody said how large it is
    [InlineData(true, 1000L)]
    [InlineData(false, 1000L)]
    public async Task What_is_larger_than_it_may_be_is_refused_and_leaves_nothing(bool withoutLength, long? limit)
    {
        using var folder = new TemporaryFolder();
        byte[] large = new byte[limit is null ? (16 << 20) + 1 : 1001];
        using var server = new LoopbackServer(_ => new Reply(200, large) { WithoutLength = withoutLength });
        var error = await Assert.ThrowsAsync<InputException>(
            () => Download().FetchAsync(server.File, folder.File("file.json"), null, Hash, null, Token, limit));
        Assert.Contains("larger than", error.Message, StringComparison.Ordinal);
        Assert.Single(server.Requests);
        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_server_that_drips_is_not_waited_for_without_end(bool hashIsKnown)
    {
        using var folder = new TemporaryFolder();
        using var server = new LoopbackServer(
            request => Reply.Content(request, Content) with
            {
                Drip = TimeSpan.FromMilliseconds(20),
                SendOnly = Content.Length - (int)request.From,
            });
        var error = await Assert.ThrowsAsync<InputException>(
            () => new VerifiedDownload { Pause = TimeSpan.Zero, IdleLimit = TimeSpan.FromMilliseconds(500) }
                .FetchAsync(server.File, folder.File("file"), null, hashIsKnown ? Hash : null, null, Token)
                .WaitAsync(TimeSpan.FromSeconds(60), Token));
        Assert.Contains("bytes in", error.Message, StringComparison.Ordinal);
        Assert.InRange(server.Requests.Count, 2, 10);
    }

    private static VerifiedDownload Download() => new() { Pause = TimeSpan.Zero };

    private sealed class Steps(Action<DownloadProgress> told) : IProgress<DownloadProgress>
    {
        public void Report(DownloadProgress value) => told(value);
    }
}
