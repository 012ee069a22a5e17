namespace Electra.Lessons.Tests;

internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("electra-lessons-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
