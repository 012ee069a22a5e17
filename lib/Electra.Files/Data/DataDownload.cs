namespace Electra;

/// <summary>Fetches public data sets into the cache.</summary>
public static class DataDownload
{
    // The files of github.com/e9t/nsmc (CC0 1.0), by size in bytes and git blob id.
    private static readonly (string Name, long Size, string Hash)[] Nsmc =
    [
        ("ratings_train.txt", 14_628_807, "ac0dba272895dc1d0b3dd5f11afbeaeb7abe7876"),
        ("ratings_test.txt", 4_893_335, "b6cfcd8cd1557bcd9bf06617b0e429ed73e9a367"),
    ];

    /// <summary>Downloads a data set and verifies it against known sizes and hashes; what is there already stays.</summary>
    /// <param name="name"><c>nsmc</c>, which comes from its authors' repository, or from the address in ELECTRA_NSMC_URL (a
    /// mirror).</param>
    /// <param name="progress">Told after each block that arrives, or null.</param>
    /// <param name="cancellationToken">Stops the download; calling again goes on from there.</param>
    /// <returns>The folder with the files, which <see cref="ReviewData.Open"/> finds by the data set's name.</returns>
    /// <exception cref="InputException">
    /// The name is unknown, the server cannot be reached or delivers something else, or the cache cannot be written to.
    /// </exception>
    public static async Task<string> GetAsync(
        string name, IProgress<DownloadProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        if (name != "nsmc")
        {
            throw new InputException($"There is no data set \"{name}\" to download; nsmc is the one there is.");
        }

        string address = Environment.GetEnvironmentVariable("ELECTRA_NSMC_URL") is { Length: > 0 } mirror
            ? mirror
            : "https://raw.githubusercontent.com/e9t/nsmc/master";
        if (!Uri.TryCreate($"{address.TrimEnd('/')}/", UriKind.Absolute, out Uri? folder))
        {
            throw new InputException(
                $"ELECTRA_NSMC_URL is \"{address}\", which is no address; set it to one that begins with https:// or unset it.");
        }

        foreach ((string file, long size, string hash) in Nsmc)
        {
            await new VerifiedDownload()
                .FetchAsync(new Uri(folder, file), Path.Combine(Folder(name), file), size, hash, progress,
                    cancellationToken).ConfigureAwait(false);
        }

        return Folder(name);
    }

    /// <summary>Where a data set is put.</summary>
    internal static string Folder(string name) => Path.Combine(CacheFolder.Root, "data", name);
}
