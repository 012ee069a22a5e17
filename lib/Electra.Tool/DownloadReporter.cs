namespace Electra.Tool;

/// <summary>Shows a download's progress, at once and in order.</summary>
internal sealed class DownloadReporter : IProgress<DownloadProgress>, IDisposable
{
    private readonly Progress _progress = new("bytes");

    public void Report(DownloadProgress value) => _progress.Report(value.File, value.Received, value.Total);

    public void Dispose() => _progress.Dispose();
}
