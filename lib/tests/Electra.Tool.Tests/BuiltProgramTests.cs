using System.Diagnostics;
using Electra.Tests;

namespace Electra.Tool.Tests;

/// <summary>The scripts that start the command line build it when a source is newer, gone or new, and otherwise do not.</summary>
public sealed class BuiltProgramTests : IDisposable
{
    private static readonly DateTime Began = new(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc);

    private readonly TemporaryFolder _folder = new();

    public BuiltProgramTests()
    {
        foreach (string name in (string[])["lib/Electra/Model/Encoder.cs", "lib/Electra/Electra.csproj", "lib/build/Some.targets",
            "Directory.Build.props", "Directory.Packages.props", "global.json"])
        {
            Write(name, Began.AddHours(-1));
        }

        Write("lib/Electra/README.md", Began.AddHours(1));
        Write("lib/Electra/obj/Release/Made.cs", Began.AddHours(1));
        Write("lib/bin/Electra.dll", Began.AddHours(1));
        Write("lib/tests/Electra.Tests/Tests.cs", Began.AddHours(1));
        Write(BuiltProgram.FileName, Began,
            "cpu\n" +
                string.Join('\n', ((string[])["Electra/Model/Encoder.cs", "Electra/Electra.csproj", "build/Some.targets"])
                    .Select(name => Path.Combine(name.Split('/')))) + "\n");
    }

    private bool IsUpToDate => BuiltProgram.IsUpToDate(_folder.Path, _folder.Path);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_build_that_is_newer_than_all_sources_is_up_to_date() => Assert.True(IsUpToDate);

    [Theory]
    [InlineData("lib/Electra/Model/Encoder.cs")]
    [InlineData("lib/Electra/Electra.csproj")]
    [InlineData("lib/build/Some.targets")]
    [InlineData("Directory.Build.props")]
    [InlineData("Directory.Packages.props")]
    [InlineData("global.json")]
    public void A_source_that_is_newer_asks_for_a_build(string name)
    {
        Write(name, Began.AddSeconds(1));
        Assert.False(IsUpToDate);
    }

    [Fact]
    public void A_source_that_has_come_asks_for_a_build_however_old_it_is()
    {
        Write("lib/Electra/Heads/Head.cs", Began.AddYears(-1));
        Assert.False(IsUpToDate);
    }

    [Fact]
    public void A_source_that_is_gone_asks_for_a_build()
    {
        File.Delete(_folder.File("lib/Electra/Model/Encoder.cs"));
        Assert.False(IsUpToDate);
    }

    [Fact]
    public void What_no_build_has_finished_asks_for_a_build()
    {
        File.Delete(_folder.File(BuiltProgram.FileName));
        Assert.False(IsUpToDate);
    }

    [Fact]
    public void The_build_remembers_the_sources_that_the_program_looks_for()
    {
        string bin = AppContext.BaseDirectory.Replace("Electra.Tool.Tests", "Electra.Tool", StringComparison.Ordinal)
            .Replace(Path.Combine("lib", "tests"), "lib", StringComparison.Ordinal);
        string[] found = [.. BuiltProgram.Found(Reference.Root).Select(source => source.Name).Order(StringComparer.Ordinal)];
        Assert.Equal(found, BuiltProgram.Sources(bin).Order(StringComparer.Ordinal));
        Assert.Contains(Path.Combine("Electra.Tool", "BuiltProgram.cs"), found);
        Assert.DoesNotContain(found, name => name.Contains("tests", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_script_starts_a_program_that_is_up_to_date_with_the_arguments_as_they_are()
    {
        var (code, log, errors) = await RunScript(upToDate: true, built: true, "predict", "연기가 좋다", "", "--model", "a b");
        Assert.Equal(3, code); // the program's own
        Assert.Equal(["TOOL --up-to-date", "TOOL predict|연기가 좋다||--model|a b"], log);
        Assert.Empty(errors);
    }

    [Fact]
    public async Task The_script_builds_first_what_is_older_than_a_source_and_keeps_its_libtorch()
    {
        var (code, log, errors) = await RunScript(upToDate: false, built: true, "doctor");
        Assert.Equal(3, code);
        Assert.Equal(["TOOL --up-to-date", "build ROOT/lib/Electra.Tool|-c|Release|-nologo|-v|quiet|-p:Torch=cuda", "TOOL doctor"], log);
        Assert.Equal("electra: building …\nthe build talks\n", errors); // standard output is the program's alone
    }

    [Fact]
    public async Task The_script_builds_first_where_nothing_is_built_and_fails_with_the_build()
    {
        var (code, log, _) = await RunScript(upToDate: false, built: false, "doctor");
        Assert.Equal(3, code);
        Assert.Equal(["build ROOT/lib/Electra.Tool|-c|Release|-nologo|-v|quiet", "TOOL doctor"], log);

        (code, log, _) = await RunScript(upToDate: false, built: false, "fail");
        Assert.Equal(1, code);
        Assert.Equal(["build ROOT/lib/Electra.Tool|-c|Release|-nologo|-v|quiet"], log);
    }

    private void Write(string name, DateTime written, string text = "")
    {
        string file = _folder.File(name);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
        File.SetLastWriteTimeUtc(file, written);
    }

    // Runs a copy of the script, with a program in place of dotnet that writes down how it was called.
    private static async Task<(int Code, string[] Log, string Errors)> RunScript(bool upToDate, bool built, params string[] arguments)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "electra is a script for sh; the hosted workflow starts electra.cmd.");
        using var clone = new TemporaryFolder();
        string script = clone.File("electra");
        File.Copy(Path.Combine(Reference.Root, "electra"), script);
        string bin = clone.File("lib/Electra.Tool/bin/Release/net10.0");
        if (built)
        {
            Directory.CreateDirectory(bin);
            File.WriteAllText(Path.Combine(bin, BuiltProgram.FileName), "cuda\n");
        }

        Directory.CreateDirectory(clone.File("programs"));
        string dotnet = clone.File("programs/dotnet");
        File.WriteAllText(dotnet, $$"""
            #!/bin/sh
            first=$1; shift
            printf '%s ' "$first" >> '{{clone.File("log")}}'
            (IFS='|'; printf '%s\n' "$*" >> '{{clone.File("log")}}')
            case "$first $1" in
              build*) echo "the build talks"; exit {{(arguments[0] == "fail" ? 7 : 0)}} ;;
              *--up-to-date) exit {{(upToDate ? 0 : 1)}} ;;
              *) exit 3 ;;
            esac
            """.ReplaceLineEndings("\n"));
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(dotnet, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        var start = new ProcessStartInfo("sh", [script, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        start.Environment["PATH"] = clone.File("programs") + Path.PathSeparator + start.Environment["PATH"];
        using var process = Process.Start(start)!;
        var token = TestContext.Current.CancellationToken;
        var errors = process.StandardError.ReadToEndAsync(token);
        Assert.Empty(await process.StandardOutput.ReadToEndAsync(token));
        await process.WaitForExitAsync(token);
        string[] log = [.. File.ReadLines(clone.File("log"))
            .Select(line => line.Replace(Path.Combine(bin, "Electra.Tool.dll"), "TOOL", StringComparison.Ordinal)
            .Replace("/private", "", StringComparison.Ordinal).Replace(clone.Path, "ROOT", StringComparison.Ordinal))];
        return (process.ExitCode, log, await errors);
    }
}
