using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Electra;

/// <summary>
/// Lets libtorch's threads sleep while they wait for each other. By default OpenMP's wait busily; when another program wants a core, small models then
/// run several times slower. Set OMP_WAIT_POLICY or GOMP_SPINCOUNT to decide otherwise.
/// </summary>
internal static partial class NativeThreads
{
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "OpenMP reads the variable once, when libtorch is loaded; nothing later has an effect.")]
    internal static void WaitQuietly()
    {
        // Environment.SetEnvironmentVariable changes .NET's copy only, which native code does not see.
        if (OperatingSystem.IsLinux() && Environment.GetEnvironmentVariable("OMP_WAIT_POLICY") is null)
        {
            _ = SetEnvironment("GOMP_SPINCOUNT", "0", overwrite: 0);
        }
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrite);
}
