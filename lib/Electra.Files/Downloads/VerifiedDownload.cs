using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Electra;

/// <summary>
/// Downloads a file so that it is there whole and right, or not at all: written to <c>NAME.incomplete</c>, resumed there after an
/// interruption, compared with the expected size and hash, and only then renamed.
/// </summary>
internal sealed class VerifiedDownload
{
    private const int MaximalRedirects = 10;
    private const int MaximalAttempts = 5; // in a row without progress
    private const int MinimalRate = 1024; // bytes/s over each IdleLimit

    /// <summary>
    /// The most bytes of a file whose size nobody says, and a limit for files that are small by nature: configurations, vocabularies.
    /// </summary>
    internal const long Small = 16 << 20;

    private static readonly HttpClient Client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false })
    {
        Timeout = Timeout.InfiniteTimeSpan, // IdleLimit instead: a large file may take hours, but not stand still
        DefaultRequestHeaders = { { "User-Agent", "electra-notebooks" }, { "Accept-Encoding", "identity" } },
    };

    /// <summary>How long a server may say nothing, and over how long it must send 1 KiB/s.</summary>
    public TimeSpan IdleLimit { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The wait before the first retry; each further one in a row waits that much longer.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Sent as a bearer token to the URL's own host and to nobody else.</summary>
    public string? Token { get; init; }

    /// <summary>
    /// What an answer of the URL's own host, redirects included, says about the file; completes the size and hash that the caller of
    /// <see cref="FetchAsync"/> does not know. Of several answers the first that says something counts. May throw.
    /// </summary>
    public Func<HttpResponseMessage, (long? Size, string? Hash)>? Announced { get; init; }

    /// <summary>Downloads a file; does nothing when it is there already, with the expected size.</summary>
    /// <param name="url">HTTPS, or HTTP on this machine itself.</param>
    /// <param name="destination">Path of the file; missing folders are made.</param>
    /// <param name="size">Expected bytes, or null.</param>
    /// <param name="hash">Expected hash, or null: 64 hexadecimal digits are a SHA-256, 40 the id of a git blob.</param>
    /// <param name="progress">Told after each block that arrives.</param>
    /// <param name="cancellation">Stops the download; what has arrived stays for the next attempt.</param>
    /// <param name="limit">The most bytes that the file may have; null: any number that is said before.</param>
    /// <exception cref="InputException">
    /// The file is too large, or has neither size nor hash and is not JSON, which says itself whether it is whole; the server cannot be
    /// reached, refuses (then the inner exception is a <see cref="HttpRequestException"/> with the status), delivers something else than
    /// expected, or the folder cannot be written to.
    /// </exception>
    public async Task FetchAsync(
        Uri url, string destination, long? size, string? hash, IProgress<DownloadProgress>? progress, CancellationToken cancellation,
        long? limit = null)
    {
        if (hash is not null && !IsHash(hash))
        {
            throw new ArgumentException("64 or 40 hexadecimal digits.", nameof(hash));
        }

        string target = Path.GetFullPath(destination);
        if (File.Exists(target) && (size is null || new FileInfo(target).Length == size))
        {
            return;
        }

        string beside = $"{target}.incomplete";
        bool useless = false;
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            using (var partial = new FileStream(beside, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None))
            {
                try
                {
                    await FillAsync(url, partial, Path.GetFileName(target), new Expectation(size, hash, limit), progress,
                        cancellation).ConfigureAwait(false);
                    partial.Flush(flushToDisk: true);
                }
                catch
                {
                    useless = partial.Length == 0;
                    throw;
                }
            }

            File.Move(beside, target, overwrite: true);
        }
        catch (CorruptException e)
        {
            throw new InputException(
                $"{url} delivers something else than the expected file ({e.Message}); try again later or use another source.", e);
        }
        catch (Exception e) when (InputFile.IsFileError(e))
        {
            throw new InputException(
                $"{destination} cannot be written ({e.Message.TrimEnd('.')}); free some space, choose another folder with ELECTRA_CACHE, "
                + "or wait for another process that downloads it.", e);
        }
        finally
        {
            if (useless)
            {
                File.Delete(beside); // nothing to go on from
            }
        }
    }

    /// <summary>Whether a text is a hash that can be checked: the digits of a SHA-256 or of a git blob id.</summary>
    internal static bool IsHash(string text) => text.Length is 64 or 40 && text.All(char.IsAsciiHexDigit);

    /// <summary>Continues the partial file until it is whole and verified; a corrupt one is thrown away and fetched once more.</summary>
    private async Task FillAsync(
        Uri url, FileStream partial, string name, Expectation expected, IProgress<DownloadProgress>? progress,
        CancellationToken cancellation)
    {
        long best = partial.Length;
        bool corruptBefore = false;
        int failures = 0;
        while (true)
        {
            try
            {
                await ReceiveAsync(url, partial, name, expected, progress, cancellation).ConfigureAwait(false);
                await VerifyAsync(partial, expected, cancellation).ConfigureAwait(false);
                return;
            }
            catch (CorruptException)
            {
                partial.SetLength(0);
                best = 0;
                if (corruptBefore)
                {
                    throw;
                }

                corruptBefore = true;
            }
            catch (DroppedException e)
            {
                bool gained = partial.Length > best + (MinimalRate * IdleLimit.TotalSeconds);
                failures = gained ? 1 : failures + 1;
                best = gained ? partial.Length : best;
                if (failures == MaximalAttempts)
                {
                    throw new InputException(
                        $"{url} cannot be downloaded ({e.Message.TrimEnd('.')}); check the network and run the same again, it " +
                        "goes on where it stopped.",
                        e.InnerException);
                }

                await Task.Delay(Pause * failures, cancellation).ConfigureAwait(false);
            }
        }
    }

    private async Task ReceiveAsync(
        Uri url, FileStream partial, string name, Expectation expected, IProgress<DownloadProgress>? progress,
        CancellationToken cancellation)
    {
        using var idle = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        long offset = partial.Length;
        if (offset > 0 && offset == expected.Size && expected.Hash is not null)
        {
            return; // only the rename was missing
        }

        using HttpResponseMessage answer = await NetworkAsync(() => AnswerAsync(url, offset, expected, idle.Token)).ConfigureAwait(false);
        bool continues = answer.StatusCode == HttpStatusCode.PartialContent;
        bool nothingLeft = answer.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable && offset > 0;
        if (!answer.IsSuccessStatusCode && !nothingLeft)
        {
            throw new InputException(
                $"{url} cannot be downloaded: the server answers {(int)answer.StatusCode} {answer.StatusCode}; check the address.",
                new HttpRequestException(null, null, answer.StatusCode));
        }

        if (nothingLeft && offset == expected.Size && expected.Hash is not null)
        {
            return;
        }

        if (nothingLeft || (continues && offset > 0 && (answer.Content.Headers.ContentRange?.From != offset || expected.Hash is null)))
        {
            // What is here does not fit, or no hash would tell a mixture of two versions.
            partial.SetLength(0);
            await ReceiveAsync(url, partial, name, expected, progress, cancellation).ConfigureAwait(false);
            return;
        }

        long received = continues ? offset : 0; // a server that ignores ranges sends everything
        partial.SetLength(received);
        partial.Position = received;
        long? total = answer.Content.Headers.ContentLength is long rest ? received + rest : expected.Size;
        if (expected.Size is long size && total != size)
        {
            throw new CorruptException($"{total} bytes instead of {size}");
        }

        long most = expected.Limit ?? total ?? Small;
        CheckSize(total ?? 0);
        using Stream body = await NetworkAsync(() => answer.Content.ReadAsStreamAsync(idle.Token)).ConfigureAwait(false);
        byte[] block = new byte[128 * 1024];
        var watch = Stopwatch.StartNew();
        long before = received;
        while (await NetworkAsync(() => body.ReadAsync(block, idle.Token).AsTask()).ConfigureAwait(false) is int read and > 0)
        {
            received += read;
            if (received > total)
            {
                throw new CorruptException($"more than {total} bytes");
            }

            CheckSize(received);

            await partial.WriteAsync(block.AsMemory(0, read), cancellation).ConfigureAwait(false);
            progress?.Report(new DownloadProgress(name, received, total));
            if (watch.Elapsed > IdleLimit)
            {
                if (received - before < MinimalRate * watch.Elapsed.TotalSeconds)
                {
                    throw new DroppedException($"only {received - before} bytes in {watch.Elapsed.TotalSeconds:0.#} s");
                }

                before = received;
                watch.Restart();
            }
        }

        if (received < total)
        {
            throw new DroppedException($"the connection ended after {received} of {total} bytes");
        }

        if (total is null && expected.Hash is null)
        {
            CheckWhole();
        }

        void CheckSize(long bytes)
        {
            if (bytes > most)
            {
                partial.SetLength(0);
                throw new InputException($"{url} is larger than {most} bytes, the most that {name} may have; check the address.");
            }
        }

        // Neither a size nor a hash says whether the body was cut off; JSON that ends does.
        void CheckWhole()
        {
            if (!name.EndsWith(".json", StringComparison.OrdinalIgnoreCase))
            {
                partial.SetLength(0);
                throw new InputException($"{url} cannot be checked: the server says neither the size nor a hash of {name}, which may be " +
                    "cut off; use another source.");
            }

            try
            {
                partial.Position = 0;
                using var json = JsonDocument.Parse(partial);
            }
            catch (JsonException e)
            {
                throw new DroppedException($"{name} ends after {received} bytes, where it is not whole", e);
            }
        }

        // Everything that waits for the server goes through here: silence and broken connections become one exception, which is retried.
        async Task<T> NetworkAsync<T>(Func<Task<T>> ask)
        {
            try
            {
                idle.CancelAfter(IdleLimit);
                T result = await ask().ConfigureAwait(false);
                idle.CancelAfter(Timeout.InfiniteTimeSpan);
                return result;
            }
            catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
            {
                throw new DroppedException($"no answer for {IdleLimit.TotalSeconds:0.#} s", e);
            }
            catch (Exception e) when (e is HttpRequestException or IOException)
            {
                throw new DroppedException(e.Message, e);
            }
        }
    }

    /// <summary>Sends the request, follows redirects and notes what the URL's own host says about the file.</summary>
    private async Task<HttpResponseMessage> AnswerAsync(Uri url, long offset, Expectation expected, CancellationToken cancellation)
    {
        Uri at = url;
        for (int redirects = 0; redirects <= MaximalRedirects; redirects++)
        {
            if (at.Scheme != Uri.UriSchemeHttps && !(at.Scheme == Uri.UriSchemeHttp && at.IsLoopback && url.IsLoopback))
            {
                throw new InputException(
                    $"{at} is not HTTPS; nothing is downloaded over an open connection, use an address that begins with https://.");
            }

            bool ownHost = at.Scheme == url.Scheme && at.Authority == url.Authority;
            using var request = new HttpRequestMessage(HttpMethod.Get, at);
            request.Headers.Range = offset > 0 ? new RangeHeaderValue(offset, null) : null;
            request.Headers.Authorization = ownHost && Token is not null ? new AuthenticationHeaderValue("Bearer", Token) : null;
            HttpResponseMessage answer = await Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead,
                cancellation).ConfigureAwait(false);
            try
            {
                if (ownHost && Announced?.Invoke(answer) is var (size, hash))
                {
                    expected.Announce(size, hash);
                }

                if ((int)answer.StatusCode is >= 500 or 408 or 429)
                {
                    throw new DroppedException($"the server answers {(int)answer.StatusCode} {answer.ReasonPhrase}");
                }

                if (!((int)answer.StatusCode is 301 or 302 or 303 or 307 or 308 && answer.Headers.Location is Uri location))
                {
                    return answer;
                }

                at = Uri.TryCreate(at, location, out Uri? next) ? next
                    : throw new InputException($"{url} is redirected to a broken address, {location}; try again later.");
                answer.Dispose();
            }
            catch
            {
                answer.Dispose();
                throw;
            }
        }

        throw new InputException($"{url} is redirected more than {MaximalRedirects} times; check the address.");
    }

    private static async Task VerifyAsync(FileStream file, Expectation expected, CancellationToken cancellation)
    {
        if (expected.Size is long size && file.Length != size)
        {
            throw new CorruptException($"{file.Length} bytes instead of {size}");
        }

        if (expected.Hash is not string hash)
        {
            return;
        }

        using var hasher = IncrementalHash.CreateHash(hash.Length == 64 ? HashAlgorithmName.SHA256 : HashAlgorithmName.SHA1);
        if (hash.Length == 40)
        {
            hasher.AppendData(Encoding.ASCII.GetBytes($"blob {file.Length}\0")); // what git puts before a file's bytes
        }

        byte[] block = new byte[128 * 1024];
        file.Position = 0;
        while (await file.ReadAsync(block, cancellation).ConfigureAwait(false) is int read and > 0)
        {
            hasher.AppendData(block, 0, read);
        }

        string found = Convert.ToHexStringLower(hasher.GetHashAndReset());
        if (!found.Equals(hash, StringComparison.OrdinalIgnoreCase))
        {
            throw new CorruptException($"hash {found} instead of {hash}");
        }
    }

    /// <summary>What the file must be: what the caller knows, completed by what the server announces.</summary>
    private sealed class Expectation(long? knownSize, string? knownHash, long? limit)
    {
        private long? _announcedSize;
        private string? _announcedHash;

        public long? Size => knownSize ?? _announcedSize;

        public string? Hash => knownHash ?? _announcedHash;

        public long? Limit => limit;

        public void Announce(long? size, string? hash) =>
            (_announcedSize, _announcedHash) = (_announcedSize ?? size, _announcedHash ?? hash);
    }

    /// <summary>The connection failed; worth another attempt.</summary>
    private sealed class DroppedException(string message, Exception? inner = null) : Exception(message, inner);

    /// <summary>The bytes are not the expected ones.</summary>
    private sealed class CorruptException(string message) : Exception(message);
}
