namespace NotebookKernel;

/// <summary>What runs a notebook's cells.</summary>
public enum NotebookHost
{
    /// <summary>This library's own session.</summary>
    Own,

    /// <summary>.NET Interactive, the kernel of Polyglot Notebooks, as the local tool <c>dotnet interactive</c>.</summary>
    Interactive,
}
