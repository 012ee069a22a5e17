using System.CommandLine;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Spectre.Console;
using TorchSharp;

namespace Electra.Tool.Commands;

/// <summary>What this machine has and lacks, each line with its remedy.</summary>
internal static class DoctorCommand
{
    private const string Ok = "ok";
    private const string Lacking = "lacking"; // something works less well without it
    private const string Broken = "broken"; // nothing works without it

    public static Command Create()
    {
        var command = new Command("doctor", "Says what this machine has and lacks, and what helps.");
        command.SetAction((parsed, cancellation) => Run(parsed, cancellation));
        return command;
    }

    private static async Task<int> Run(ParseResult parsed, CancellationToken cancellation)
    {
        Finding native = Native();
        Finding[] findings =
        [
            await Sdk(cancellation),
            Platform(),
            native,
            .. native.State == Ok ? [Threads(), Device()] : Array.Empty<Finding>(),
            Bfloat16(),
            Memory(),
            Disk(),
            Browser(),
            await KoreanFont(cancellation),
            Encoder(),
            Notebooks(),
            Kernel(),
            await Jupyter(cancellation),
            await Interactive(cancellation),
            Data(),
            Cache(),
            await Network(cancellation),
        ];
        bool broken = findings.Any(finding => finding.State == Broken);
        if (parsed.GetValue(Terminal.Json))
        {
            Terminal.WriteJson(new { ok = !broken, findings });
        }
        else
        {
            var table = new ResultTable("what", "state", "found", "remedy");
            foreach (var finding in findings)
            {
                string color = finding.State == Ok ? "green" : finding.State == Broken ? "red" : "yellow";
                table.AddRow(finding.What, $"[{color}]{finding.State}[/]", Markup.Escape(finding.Found), Markup.Escape(finding.Remedy));
            }

            Terminal.PrintTable(table);
        }

        return broken ? Terminal.Failed : 0;
    }

    private static async Task<Finding> Sdk(CancellationToken cancellation)
    {
        string found = await Output("dotnet", "--version", cancellation) ?? "";
        return found.StartsWith("10.", StringComparison.Ordinal)
            ? new(".NET SDK", Ok, found)
            : new(".NET SDK", Lacking, found.Length > 0 ? found : "not on the PATH",
                "Building needs the .NET 10 SDK: https://dotnet.microsoft.com/download");
    }

    private static Finding Platform()
    {
        string rid = RuntimeInformation.RuntimeIdentifier;
        bool known = (RuntimeInformation.OSArchitecture == Architecture.X64 && (OperatingSystem.IsLinux() || OperatingSystem.IsWindows()))
            || (RuntimeInformation.OSArchitecture == Architecture.Arm64 && OperatingSystem.IsMacOS());
        return known
            ? new("platform", Ok, rid)
            : new("platform", Broken, rid, "libtorch is published for Linux x64, Windows x64 and macOS arm64; use one of these (on " +
                "Windows arm64 or Linux arm64, an x64 container).");
    }

    private static Finding Native()
    {
        try
        {
            using var sum = torch.ones(2, 3).sum();
            return new("libtorch", sum.item<float>() == 6 ? Ok : Broken, $"{torch.__version__} loads and computes");
        }
        catch (Exception e) when (e is TypeInitializationException or DllNotFoundException or NotSupportedException
            or BadImageFormatException)
        {
            return new("libtorch", Broken, WhyNotLoaded(), WhatHelps());
        }
    }

    // TorchSharp's own message names a missing package whatever the reason; the loader's says what is wrong.
    private static string WhyNotLoaded()
    {
        string name = OperatingSystem.IsWindows()
            ? "LibTorchSharp.dll"
            : OperatingSystem.IsMacOS() ? "libLibTorchSharp.dylib" : "libLibTorchSharp.so";
        string file = Path.Combine(AppContext.BaseDirectory, name);
        if (!File.Exists(file))
        {
            return $"{name} is not beside the program";
        }

        try
        {
            NativeLibrary.Free(NativeLibrary.Load(file));
            return "it loads by itself, but not in TorchSharp";
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
        {
            return e.Message.Split('\n')
                .FirstOrDefault(line => line.Contains("GLIBC", StringComparison.Ordinal)
                    || line.Contains(".so", StringComparison.Ordinal))?.Trim() ?? e.Message.Split('\n')[0];
        }
    }

    private static string WhatHelps() => WhyNotLoaded() switch
    {
        var why when why.Contains("GLIBCXX", StringComparison.Ordinal) =>
            "The system's libstdc++ is older than TorchSharp asks for, and the build's cure was not applied: delete lib/*/obj and " +
            "lib/*/bin and build again, or update libstdc++ (GCC 13 or newer).",
        var why when why.Contains("GLIBC_", StringComparison.Ordinal) =>
            "The system's C library is too old for libtorch: use Debian 12, Ubuntu 22.04 or newer.",
        var why when why.Contains("not beside", StringComparison.Ordinal) =>
            "Build again on this machine: dotnet build -c Release (a build made elsewhere has other natives).",
        var why when why.Contains("libgomp", StringComparison.Ordinal) => "Install the OpenMP runtime (Debian and Ubuntu: libgomp1).",
        _ when OperatingSystem.IsWindows() => "Install the Microsoft Visual C++ Redistributable 2015–2022 (x64).",
        _ => "Delete lib/*/obj and lib/*/bin and build again: dotnet build -c Release.",
    };

    private static Finding Threads()
    {
        int threads = torch.get_num_threads();
        int cores = Environment.ProcessorCount;
        return threads > 1 || cores == 1
            ? new("threads", Ok, $"{threads} on {cores} cores")
            : new("threads", Lacking, $"{threads} on {cores} cores",
                "libtorch uses one thread only: unset OMP_NUM_THREADS, or set it to the number of cores.");
    }

    private static Finding Device() => torch.cuda.is_available()
        ? new("device", Ok, $"{torch.cuda.device_count()} GPU")
        : new("device", Ok, "cpu", "With an NVIDIA GPU on Linux or Windows: dotnet build -c Release -p:Torch=cuda.");

    private static Finding Bfloat16()
    {
        const string Info = "/proc/cpuinfo";
        if (!File.Exists(Info))
        {
            return new("bf16", Ok, "not known on this system");
        }

        string flags = File.ReadLines(Info).FirstOrDefault(line => line.StartsWith("flags", StringComparison.Ordinal)) ?? "";
        string[] found = [.. flags.Split(' ').Where(flag => flag is "avx512_bf16" or "amx_bf16")];
        return found.Length > 0
            ? new("bf16", Ok, string.Join(", ", found))
            : new("bf16", Lacking, "no avx512_bf16 or amx_bf16",
                "Nothing to do: fp32 is the fast way here, and --precision bf16 is emulated; a newer processor is faster in bf16.");
    }

    private static Finding Browser() => Lessons.Browser.Find() is { } found
        ? new("browser", Ok, Path.GetFileName(found))
        : new("browser", Lacking, "no Chromium, Chrome or Edge",
            "Only for static pictures of new charts: install Chromium (Debian and Ubuntu: apt install chromium).");

    private static Finding Encoder() => ProjectFolder.Find() is { } root && Directory.Exists(Path.Combine(root, EncoderSource.Shipped))
        ? new("encoder", Ok, EncoderSource.Shipped)
        : new("encoder", Lacking, "the shipped one lies in a clone of the project, which this is not run in",
            "compare and train start from random weights; for real results fetch one: electra model get " +
            "monologg/koelectra-small-v3-discriminator");

    private static Finding Memory()
    {
        const double Enough = 4; // a comparison with the shipped encoder takes less than two
        double gigabytes = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 1e9;
        return gigabytes >= Enough
            ? new("memory", Ok, $"{gigabytes:0.0} GB")
            : new("memory", Lacking, $"{gigabytes:0.0} GB", "Train with a smaller --batch-size, and --accumulation to make up for it.");
    }

    private static Finding Disk()
    {
        const double Enough = 5; // the packages take two, the built clone another
        string place = ProjectFolder.Find() ?? Environment.CurrentDirectory;
        try
        {
            double gigabytes = new DriveInfo(place).AvailableFreeSpace / 1e9;
            return gigabytes >= Enough
                ? new("disk", Ok, $"{gigabytes:0.0} GB free")
                : new("disk", Lacking, $"{gigabytes:0.0} GB free in {place}", "Packages, builds and models need gigabytes: free some.");
        }
        catch (Exception e) when (InputFile.IsFileError(e) || e is ArgumentException)
        {
            return new("disk", Lacking, $"free space of {place} is not known ({e.Message.TrimEnd('.')})",
                "See to it that some gigabytes are free.");
        }
    }

    private static async Task<Finding> KoreanFont(CancellationToken cancellation)
    {
        if (!OperatingSystem.IsLinux())
        {
            return new("Korean font", Ok, "comes with the system");
        }

        string? fonts = await Output("fc-list", ":lang=ko family", cancellation);
        return fonts is { Length: > 0 }
            ? new("Korean font", Ok, fonts.Split('\n').Order(StringComparer.Ordinal).First().Split(',')[0])
            : new("Korean font", Lacking, fonts is null ? "not known, because there is no fc-list" : "none",
                "Charts with Korean words show boxes without one: install Noto CJK (Debian and Ubuntu: apt install fonts-noto-cjk).");
    }

    private static Finding Notebooks()
    {
        const string Remedy = "Notebooks load what is in lib/bin: dotnet build -c Release";
        return ProjectFolder.Find() is not { } root ? new("lib/bin", Ok, "not in a clone of the project")
            : BuiltProgram.StaleForNotebooks(root) switch
            {
                null => new("lib/bin", Lacking, "nothing is built", Remedy),
                [] => new("lib/bin", Ok, "as new as its sources"),
                var stale => new("lib/bin", Lacking, $"older than its sources: {string.Join(", ", stale)}", Remedy),
            };
    }

    private static Finding Kernel() => NotebookKernel.KernelSpec.Find() is { } file
        ? new("kernel", Ok, file)
        : new("kernel", Lacking, $"{NotebookKernel.KernelSpec.DisplayName} is not installed",
            "Only to open notebooks in an editor: electra kernel install --user");

    private static async Task<Finding> Jupyter(CancellationToken cancellation) =>
        await Output("jupyter", "--version", cancellation) is { Length: > 0 } versions
        ? new("Jupyter", Ok, versions.Split('\n').FirstOrDefault(line => line.Contains("core", StringComparison.Ordinal))?.Trim()
            ?? versions.Split('\n')[0])
        : new("Jupyter", Lacking, "not on the PATH",
            "Only for notebooks in a browser (pip install jupyterlab); VS Code's extension Jupyter and electra notebooks run need none.");

    private static async Task<Finding> Interactive(CancellationToken cancellation) =>
        await Output("dotnet", "interactive --version", cancellation) is { Length: > 0 } version && char.IsAsciiDigit(version[0])
        ? new(".NET Interactive", Ok, version.Split('+')[0])
        : new(".NET Interactive", Lacking, "not installed",
            "Only for Polyglot Notebooks, which is retired: dotnet tool restore, in the clone; the project's own kernel needs none.");

    private static Finding Data()
    {
        const string Variable = "ELECTRA_DATA";
        string[] known = ["nsmc", "korquad", "ner"];
        string? folder = Environment.GetEnvironmentVariable(Variable);
        return folder is not { Length: > 0 } ? new(Variable, Ok, "not set",
                $"It may name a folder with data sets that you have: {string.Join(", ", known)}.")
            : !Directory.Exists(folder) ? new(Variable, Lacking, $"{folder} does not exist", "Set it to a folder that exists, or unset it.")
            : known.Where(name => Directory.Exists(Path.Combine(folder, name))).ToList() is { Count: > 0 } found
                ? new(Variable, Ok, $"{folder}: {string.Join(", ", found)}")
                : new(Variable, Lacking, $"{folder} has none of {string.Join(", ", known)}",
                    "Put data sets there in folders of these names, or unset it.");
    }

    private static Finding Cache()
    {
        string folder = CacheFolder.Root;
        string probe = Path.Combine(folder, "doctor.txt");
        try
        {
            AtomicFile.WriteText(probe, "ok\n");
            File.Delete(probe);
            return new("cache", Ok, folder);
        }
        catch (InputException e)
        {
            return new("cache", Lacking, e.Message, "Downloads need a writable folder: set ELECTRA_CACHE to one.");
        }
    }

    private static async Task<Finding> Network(CancellationToken cancellation)
    {
        string endpoint = Environment.GetEnvironmentVariable("HF_ENDPOINT") is { Length: > 0 } set ? set : "https://huggingface.co";
        const string Remedy = "Only downloads need it; everything in the clone works offline. Behind a proxy, set HTTPS_PROXY.";
        try
        {
            using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
            using var request = new HttpRequestMessage(HttpMethod.Head, endpoint);
            using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
            return new("network", Ok, $"{endpoint} answers");
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException or UriFormatException or InvalidOperationException
            or NotSupportedException && !cancellation.IsCancellationRequested)
        {
            return new("network", Lacking, $"{endpoint} cannot be reached", Remedy);
        }
    }

    private static async Task<string?> Output(string program, string arguments, CancellationToken cancellation)
    {
        try
        {
            using var process = Process.Start(
                new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var errors = process.StandardError.ReadToEndAsync(cancellation); // read too, lest the program waits for it
            string output = await process.StandardOutput.ReadToEndAsync(cancellation);
            await process.WaitForExitAsync(cancellation);
            await errors;
            return process.ExitCode == 0 ? output.Trim() : "";
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    private sealed record Finding(string What, string State, string Found, string Remedy = "");
}
