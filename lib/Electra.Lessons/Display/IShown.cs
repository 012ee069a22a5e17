namespace Electra.Lessons;

/// <summary>A value that notebooks show in forms of its own.</summary>
internal interface IShown
{
    /// <summary>The value in one form, or null where it has no such form.</summary>
    string? As(string mimeType);
}
