using System.Runtime.InteropServices;
using TorchSharp;

namespace Electra;

/// <summary>What computes here, for the record.</summary>
public static class Machine
{
    /// <summary>The class of this machine.</summary>
    /// <param name="device">Where tensors are computed.</param>
    public static RunRecord.MachineRecord Describe(torch.Device device) =>
        new(Cpu(), Environment.ProcessorCount, torch.get_num_threads(), device.type.ToString().ToLowerInvariant(),
            $"{System()} {RuntimeInformation.OSArchitecture}");

    /// <summary>Versions of this library and of what it stands on.</summary>
    public static IReadOnlyDictionary<string, string> Versions() => new Dictionary<string, string>
    {
        ["electra"] = VersionOf(typeof(Machine)),
        ["torchsharp"] = VersionOf(typeof(torch)),
        ["libtorch"] = torch.__version__,
        ["dotnet"] = Environment.Version.ToString(),
    };

    private static string VersionOf(Type type) => type.Assembly.GetName().Version?.ToString(3) ?? "unknown";

    private static string System() =>
        OperatingSystem.IsLinux() ? "Linux" : OperatingSystem.IsWindows() ? "Windows" : OperatingSystem.IsMacOS() ? "macOS" : "other";

    private static string Cpu()
    {
        const string Info = "/proc/cpuinfo";
        string? line = File.Exists(Info)
            ? File.ReadLines(Info).FirstOrDefault(text => text.StartsWith("model name", StringComparison.Ordinal))
            : null;
        return line?.Split(':', 2)[1].Trim() ?? Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER") ?? "unknown";
    }
}
