namespace NotebookKernel;

/// <summary>The kernelspec, by which Jupyter programs find the kernel.</summary>
public static class KernelSpec
{
    /// <summary>The name that C# notebooks carry in their metadata.</summary>
    public const string Name = ".net-csharp";

    /// <summary>What menus show.</summary>
    public const string DisplayName = ".NET (C#)";
}
