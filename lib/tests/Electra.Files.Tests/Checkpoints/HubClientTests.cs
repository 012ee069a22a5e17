using System.Security.Cryptography;
using System.Text;

namespace Electra.Tests;

public sealed class HubClientTests : IDisposable
{
    private const string Id = "owner/electra-small";
    private static readonly byte[] Weights = [.. Enumerable.Range(0, 200_000).Select(i => (byte)(i * i >> 3))];

    private readonly TemporaryFolder _cache = new();
    private readonly Variables _variables = new();
    private readonly Dictionary<string, byte[]> _files = new()
    {
        ["config.json"] = "{\"hidden_size\": 8}"u8.ToArray(),
        ["vocab.txt"] = "[PAD]\n[UNK]\n"u8.ToArray(),
        ["tokenizer_config.json"] = "{}"u8.ToArray(),
        ["model.safetensors"] = Weights,
    };

    private string _commit = new('a', 40);

    public HubClientTests()
    {
        _variables["ELECTRA_CACHE"] = _cache.Path;
        foreach (string name in (string[])["HF_ENDPOINT", "HF_TOKEN", "HF_HUB_DISABLE_IMPLICIT_TOKEN", "HF_HUB_OFFLINE"])
        {
            _variables[name] = null;
        }
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _variables.Dispose();
        _cache.Dispose();
    }

    [Theory]
    [InlineData(Id, "main")]
    [InlineData($"{Id}@v1.0", "v1.0")]
    [InlineData($"{Id}@refs/pr/1", "refs%2Fpr%2F1")]
    public async Task A_checkpoint_is_downloaded_once_and_then_found_without_network(string id, string revision)
    {
        using var store = Store();
        using var hub = Hub(store);
        string folder = await Client(hub.Address + "/").DownloadAsync(id, null, Token);
        foreach ((string name, byte[] content) in _files)
        {
            Assert.Equal(content, File.ReadAllBytes(Path.Combine(folder, name)));
            Assert.Contains(hub.Requests, request => request.Path == $"/{Id}/resolve/{revision}/{name}");
        }

        Assert.DoesNotContain(Directory.GetFiles(folder), file => file.EndsWith(".incomplete", StringComparison.Ordinal));
        Assert.StartsWith(_cache.Path, folder, StringComparison.Ordinal);
        Assert.Equal(folder, await Client(LoopbackServer.Nobody()).DownloadAsync(id, null, Token));
        _variables["HF_HUB_OFFLINE"] = "1";
        Assert.Equal(folder, await Client(LoopbackServer.Nobody()).DownloadAsync(id, null, Token));
    }

    [Fact]
    public async Task Older_weights_and_no_tokenizer_settings_are_enough()
    {
        _files.Remove("tokenizer_config.json");
        _files.Remove("model.safetensors");
        _files["pytorch_model.bin"] = Weights;
        using var store = Store();
        using var hub = Hub(store);
        string folder = await Client(hub.Address).DownloadAsync(Id, null, Token);
        Assert.Equal(Weights, File.ReadAllBytes(Path.Combine(folder, "pytorch_model.bin")));
        Assert.False(File.Exists(Path.Combine(folder, "tokenizer_config.json")));
        Assert.DoesNotContain(Directory.GetFiles(folder), file => file.EndsWith(".incomplete", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("secret\n", null, "Bearer secret")]
    [InlineData("secret", "1", null)]
    [InlineData("", null, null)]
    public async Task The_token_goes_to_the_hub_and_not_to_the_store(string token, string? disabled, string? authorization)
    {
        _variables["HF_TOKEN"] = token;
        _variables["HF_HUB_DISABLE_IMPLICIT_TOKEN"] = disabled;
        using var store = Store();
        using var hub = Hub(store);
        await Client(hub.Address).DownloadAsync(Id, null, Token);
        Assert.All(hub.Requests, request => Assert.Equal(authorization, request.Authorization));
        Assert.Null(Assert.Single(store.Requests).Authorization);
    }

    [Fact]
    public async Task Weights_that_the_store_has_changed_are_refused_by_the_hubs_hash()
    {
        using var store = new LoopbackServer(request => Reply.Content(request, [.. Weights[..^1], 99]));
        using var hub = Hub(store);
        var error = await Assert.ThrowsAsync<InputException>(() => Client(hub.Address).DownloadAsync(Id, null, Token));
        Assert.Contains(LoopbackServer.Sha256(Weights), error.Message, StringComparison.Ordinal);
        Assert.Contains(Id, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Small_files_are_checked_against_the_git_blob_id()
    {
        using var store = Store();
        using var hub = Hub(store, name => name == "vocab.txt" ? BlobId("something else"u8.ToArray()) : null);
        var error = await Assert.ThrowsAsync<InputException>(() => Client(hub.Address).DownloadAsync(Id, null, Token));
        Assert.Contains("vocab.txt", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_interrupted_download_goes_on_with_the_missing_part()
    {
        bool healthy = false;
        using var store = new LoopbackServer(
            request => Reply.Content(request,
                Weights) with
            { SendOnly = healthy ? Weights.Length - (int)request.From : request.From == 0 ? 70_000 : 0 });
        using var hub = Hub(store);
        var error = await Assert.ThrowsAsync<InputException>(() => Client(hub.Address).DownloadAsync(Id, null, Token));
        Assert.Contains("model.safetensors", error.Message, StringComparison.Ordinal);
        healthy = true;
        int before = hub.Requests.Count;
        string folder = await Client(hub.Address).DownloadAsync(Id, null, Token);
        Assert.Equal(Weights, File.ReadAllBytes(Path.Combine(folder, "model.safetensors")));
        Assert.Equal(70_000, store.Requests.Last().From);
        Assert.Equal(before + 1, hub.Requests.Count); // the complete files are not asked for again
    }

    [Fact]
    public async Task A_branch_that_moves_between_two_files_is_fetched_anew()
    {
        using var store = Store();
        using var hub = Hub(store, name =>
        {
            if (name == "tokenizer_config.json" && _commit[0] == 'a')
            {
                _commit = new string('b', 40);
                _files["vocab.txt"] = "new"u8.ToArray();
            }

            return null;
        });
        string folder = await Client(hub.Address).DownloadAsync(Id, null, Token);
        Assert.Equal("new", File.ReadAllText(Path.Combine(folder, "vocab.txt")));
    }

    [Fact]
    public async Task Absent_and_offline_says_what_where_and_what_to_do()
    {
        _variables["HF_HUB_OFFLINE"] = "yes";
        var error = await Assert.ThrowsAsync<InputException>(() => new HubClient().DownloadAsync(Id, null, Token));
        Assert.All([Id, "config.json", _cache.Path, "HF_HUB_OFFLINE"],
            part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
        _variables["HF_HUB_OFFLINE"] = null;
        error = await Assert.ThrowsAsync<InputException>(() => Client(LoopbackServer.Nobody()).DownloadAsync(Id, null, Token));
        Assert.All([Id, "config.json", _cache.Path, "check the network"],
            part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(401, null, "HF_TOKEN")]
    [InlineData(403, "GatedRepo", "gated")]
    [InlineData(404, "RepoNotFound", "no checkpoint owner/electra-small")]
    [InlineData(404, "RevisionNotFound", "no revision main")]
    [InlineData(404, "EntryNotFound", "no file config.json")]
    [InlineData(404, null, "no file config.json")]
    public async Task A_refusal_says_which_thing_is_missing(int status, string? code, string message)
    {
        using var hub = new LoopbackServer(_ => code is null ? new Reply(status, []) : new Reply(status, [], ("X-Error-Code", code)));
        var error = await Assert.ThrowsAsync<InputException>(() => Client(hub.Address).DownloadAsync(Id, null, Token));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Contains(Id, error.Message, StringComparison.Ordinal);
        Assert.Single(hub.Requests);
    }

    [Fact]
    public async Task A_checkpoint_without_weights_is_refused_by_name()
    {
        _files.Remove("model.safetensors");
        using var store = Store();
        using var hub = Hub(store);
        var error = await Assert.ThrowsAsync<InputException>(() => Client(hub.Address).DownloadAsync(Id, null, Token));
        Assert.Contains("no file pytorch_model.bin", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("electra")]
    [InlineData("../x")]
    [InlineData("a/../b")]
    [InlineData("a/b/c")]
    [InlineData("/a/b")]
    [InlineData("C:\\a/b")]
    [InlineData("a/b@")]
    [InlineData("a/b@../../c")]
    [InlineData("a/b@/c")]
    [InlineData("a/b@x y")]
    [InlineData("a/b\n")]
    [InlineData("a--b/c")]
    [InlineData("a/b?x=1")]
    [InlineData("ㄱ/b")]
    public async Task An_id_that_is_none_is_refused(string id)
    {
        var error = await Assert.ThrowsAsync<InputException>(() => Client(LoopbackServer.Nobody()).DownloadAsync(id, null, Token));
        Assert.Contains("owner/name@revision", error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_cache.Path));
    }

    [Fact]
    public async Task Settings_that_make_no_sense_are_refused()
    {
        Assert.Contains("HF_ENDPOINT", Assert.Throws<InputException>(() => Client("huggingface.co")).Message, StringComparison.Ordinal);
        var open = await Assert.ThrowsAsync<InputException>(() => Client("http://example.org").DownloadAsync(Id, null, Token));
        Assert.Contains("not HTTPS", open.Message, StringComparison.Ordinal);
        _variables["HF_TOKEN"] = "hf_ㄱ";
        Assert.Contains("HF_TOKEN", Assert.Throws<InputException>(() => new HubClient()).Message, StringComparison.Ordinal);
    }

    private HubClient Client(string endpoint)
    {
        _variables["HF_ENDPOINT"] = endpoint;
        return new HubClient { Pause = TimeSpan.Zero };
    }

    private static LoopbackServer Store() => new(request => Reply.Content(request, Weights));

    /// <summary>Answers as the hub does: small files after a redirect on the same host, large ones by one to another.</summary>
    private LoopbackServer Hub(LoopbackServer store, Func<string, string?>? hash = null) => new(request =>
    {
        string name = request.Path.Split('/')[^1];
        string? told = hash?.Invoke(name);
        (string, string) commit = ("X-Repo-Commit", _commit);
        return !_files.TryGetValue(name, out byte[]? content) ? new Reply(404, [], ("X-Error-Code", "EntryNotFound"), commit)
            : content == Weights ? Reply.Redirect(
                $"{store.Address}/blob", commit, ("X-Linked-Size", $"{content.Length}"),
                ("X-Linked-ETag", $"\"{told ?? LoopbackServer.Sha256(content)}\""), ("ETag", $"\"{new string('0', 40)}\""))
            : request.Path.StartsWith("/api/", StringComparison.Ordinal)
                ? Reply.Content(request, content, commit, ("ETag", $"W/\"{told ?? BlobId(content)}\""))
            : Reply.Redirect($"/api/resolve-cache/models/{name}", commit);
    });

    private static string BlobId(byte[] content) =>
        Convert.ToHexStringLower(CryptographicOperations.HashData(HashAlgorithmName.SHA1,
            (byte[])[.. Encoding.ASCII.GetBytes($"blob {content.Length}\0"), .. content]));
}
