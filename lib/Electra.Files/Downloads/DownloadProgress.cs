namespace Electra;

/// <summary>How far a download is.</summary>
/// <param name="File">Name of the file, without its folder.</param>
/// <param name="Received">Bytes on disk so far, those of an earlier, interrupted download included.</param>
/// <param name="Total">Bytes of the whole file, or null where the server does not say.</param>
public readonly record struct DownloadProgress(string File, long Received, long? Total);
