using System.Net;
using System.Text.RegularExpressions;

namespace Electra;

/// <summary>
/// Downloads checkpoints from the Hugging Face hub into the cache folder, once: config, vocabulary, tokenizer settings and weights.
/// Settings are those of Python's <c>huggingface_hub</c>: <c>HF_ENDPOINT</c>, <c>HF_TOKEN</c>, <c>HF_HUB_DISABLE_IMPLICIT_TOKEN</c>,
/// <c>HF_HUB_OFFLINE</c>.
/// </summary>
public sealed partial class HubClient
{
    private const string CommitFile = "commit.txt";

    private readonly string _endpoint;
    private readonly string? _token;
    private readonly bool _offline;

    /// <summary>Reads the settings from the environment.</summary>
    /// <exception cref="InputException"><c>HF_ENDPOINT</c> is not an address, or <c>HF_TOKEN</c> not a token.</exception>
    public HubClient()
    {
        _endpoint = Environment.GetEnvironmentVariable("HF_ENDPOINT") is { Length: > 0 } set ? set.TrimEnd('/') : "https://huggingface.co";
        if (!Uri.TryCreate(_endpoint, UriKind.Absolute, out Uri? uri) || !uri.Scheme.StartsWith("http", StringComparison.Ordinal))
        {
            throw new InputException(
                $"HF_ENDPOINT is '{_endpoint}', which is not an address; set it to one like https://huggingface.co or remove it.");
        }

        _offline = IsOn("HF_HUB_OFFLINE");
        string? token = IsOn("HF_HUB_DISABLE_IMPLICIT_TOKEN") ? null : Environment.GetEnvironmentVariable("HF_TOKEN")?.Trim();
        _token = string.IsNullOrEmpty(token) ? null : token.All(c => c is > ' ' and <= '~') ? token
            : throw new InputException(
                "HF_TOKEN is not a token: it has blanks or characters outside of ASCII; copy it again or remove it.");
    }

    /// <summary>How long the hub may say nothing.</summary>
    internal TimeSpan IdleLimit { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The wait before the first retry.</summary>
    internal TimeSpan Pause { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Downloads what is not in the cache yet. A checkpoint that is there completely is not asked for again, also where its branch has
    /// moved since: delete the folder to get the newer one.
    /// </summary>
    /// <param name="id"><c>owner/name</c> for branch main, or <c>owner/name@revision</c> with a branch, tag or commit.</param>
    /// <param name="progress">Told after each block that arrives.</param>
    /// <param name="cancellation">Stops the download; the next one goes on from there.</param>
    /// <returns>
    /// The folder, with <c>config.json</c>, <c>vocab.txt</c>, <c>model.safetensors</c> or <c>pytorch_model.bin</c>, and
    /// <c>tokenizer_config.json</c> where the hub has it.
    /// </returns>
    /// <exception cref="InputException">The id is malformed, the hub does not have it or cannot be reached, or the cache cannot be written
    /// to.</exception>
    public async Task<string> DownloadAsync(string id, IProgress<DownloadProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(id);
        if (IdPattern().Match(id) is not { Success: true } parts)
        {
            throw new InputException($"'{id}' is not the id of a checkpoint on the hub; write owner/name or owner/name@revision.");
        }

        string name = $"{parts.Groups["owner"]}/{parts.Groups["name"]}";
        string revision = Uri.EscapeDataString(parts.Groups["revision"] is { Success: true } given ? given.Value : "main");
        string folder = Path.Combine(CacheFolder.Root, "hub", name.Replace("/", "--", StringComparison.Ordinal), revision);
        try
        {
            try
            {
                await FillAsync(name, revision, folder, progress, cancellation).ConfigureAwait(false);
            }
            catch (MovedException)
            {
                Directory.Delete(folder, recursive: true); // files of two commits do not fit together
                await FillAsync(name, revision, folder, progress, cancellation).ConfigureAwait(false);
            }
        }
        catch (MovedException e)
        {
            throw new InputException($"{id} changes on the hub while it is downloaded; name a commit, as in {name}@0123abcd.", e);
        }
        catch (Exception e) when (InputFile.IsFileError(e))
        {
            throw new InputException(
                $"{folder} cannot be used ({e.Message.TrimEnd('.')}); check its permissions, or choose another cache with ELECTRA_CACHE.",
                e);
        }

        return folder;
    }

    /// <summary>Whether a text has the form of a checkpoint's id, <c>owner/name</c> or <c>owner/name@revision</c>.</summary>
    public static bool IsId(string text) => IdPattern().IsMatch(text);

    private async Task FillAsync(string name, string revision, string folder, IProgress<DownloadProgress>? progress,
        CancellationToken cancellation)
    {
        if (Has("config.json") && Has("vocab.txt") && (Has("model.safetensors") || Has("pytorch_model.bin")))
        {
            return;
        }

        string? errorCode = null;
        string? commit = Has(CommitFile)
            ? await File.ReadAllTextAsync(Path.Combine(folder, CommitFile), cancellation).ConfigureAwait(false)
            : null;
        var download = new VerifiedDownload { IdleLimit = IdleLimit, Pause = Pause, Token = _token, Announced = Announced };
        await FetchAsync("config.json").ConfigureAwait(false);
        await FetchAsync("vocab.txt").ConfigureAwait(false);
        await FetchAsync("tokenizer_config.json", required: false).ConfigureAwait(false);
        if (!await FetchAsync("model.safetensors", required: false).ConfigureAwait(false)) // weights last: with them the folder is complete
        {
            await FetchAsync("pytorch_model.bin").ConfigureAwait(false);
        }

        bool Has(string file) => File.Exists(Path.Combine(folder, file));

        async Task<bool> FetchAsync(string file, bool required = true)
        {
            if (Has(file))
            {
                return true;
            }

            if (_offline)
            {
                throw new InputException(
                    $"{name}: {file} is not in {folder}, and HF_HUB_OFFLINE forbids downloading it; "
                    + "remove that variable, or copy the checkpoint's files there.");
            }

            try
            {
                var url = new Uri($"{_endpoint}/{name}/resolve/{revision}/{file}");
                long? limit = file is "model.safetensors" or "pytorch_model.bin" ? null : VerifiedDownload.Small;
                await download.FetchAsync(url, Path.Combine(folder, file), null, null, progress, cancellation, limit)
                    .ConfigureAwait(false);
                return true;
            }
            catch (InputException e)
            {
                HttpStatusCode? status = (e.InnerException as HttpRequestException)?.StatusCode;
                if (status == HttpStatusCode.NotFound && !required && errorCode is null or "EntryNotFound")
                {
                    return false;
                }

                string rights = _token is null ? "set HF_TOKEN to a token that may read it" : "use an HF_TOKEN that may read it";
                throw new InputException(
                    status switch
                    {
                        HttpStatusCode.NotFound when errorCode == "RepoNotFound" =>
                            $"The hub at {_endpoint} has no checkpoint {name}; check the id.",
                        HttpStatusCode.NotFound when errorCode == "RevisionNotFound" =>
                            $"{name} on the hub has no revision {revision}; check the part after @.",
                        HttpStatusCode.NotFound =>
                            $"{name} at revision {revision} on the hub has no file {file}; check the id, it must be an " +
                            "ELECTRA checkpoint for PyTorch.",
                        HttpStatusCode.Unauthorized =>
                            $"{name} does not exist on the hub, is private or is gated; check the id or {rights}.",
                        HttpStatusCode.Forbidden => $"{name} is gated or private; accept its terms at {_endpoint}/{name} and {rights}.",
                        _ => $"{name}: {file} is not in {folder} and cannot be fetched: {e.Message}",
                    },
                    e);
            }
        }

        (long? Size, string? Hash) Announced(HttpResponseMessage answer)
        {
            errorCode = Header("X-Error-Code");
            if (Header("X-Repo-Commit") is { } now && now != commit)
            {
                if (commit is not null)
                {
                    throw new MovedException();
                }

                commit = now;
                AtomicFile.WriteText(Path.Combine(folder, CommitFile), now);
            }

            // The SHA-256 of a large file, or the git blob id of a small one; other tags say nothing about the content.
            string? hash = (Header("X-Linked-ETag") ?? Header("ETag"))?.Replace("W/", "", StringComparison.Ordinal).Trim('"');
            long? size = long.TryParse(Header("X-Linked-Size"), out long bytes) ? bytes : null;
            return (size, hash is not null && VerifiedDownload.IsHash(hash) ? hash : null);

            string? Header(string key) => answer.Headers.TryGetValues(key, out IEnumerable<string>? values) ? values.First() : null;
        }
    }

    private static bool IsOn(string variable) =>
        Environment.GetEnvironmentVariable(variable)?.ToUpperInvariant() is "1" or "ON" or "YES" or "TRUE";

    // Neither .. nor --, as on the hub: an id names a folder of the cache.
    [GeneratedRegex(
        @"^(?!.*\.\.)(?![^@]*--)(?<owner>\w[\w.-]{0,95})/(?<name>\w[\w.-]{0,95})(@(?<revision>\w[\w./-]{0,199}))?\z",
            RegexOptions.ECMAScript)]
    private static partial Regex IdPattern();

    /// <summary>The branch points to another commit than that of the files in the cache.</summary>
    private sealed class MovedException : Exception;
}
