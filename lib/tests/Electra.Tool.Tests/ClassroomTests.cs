using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Electra.Tests;
using Electra.Tool.Classroom;

namespace Electra.Tool.Tests;

/// <summary>
/// What <c>electra classroom</c> writes, without restoring anything: lib/tests/classroom does that, in a namespace without a network.
/// </summary>
[Collection(ToolConsole.Name)]
public partial class ClassroomTests
{
    private const string Sdk = "10.0.401";
    private static readonly string Settings = ClassroomFolder.Resource("workspace.config");

    [Fact]
    public void Of_a_clone_the_workspace_has_what_git_tracks_as_it_lies_there()
    {
        using var folder = new TemporaryFolder();
        Fill(folder, "ElectraNotebooks.sln", "lib/a.cs", "lib/gone.cs", "notes/영화.md", "notes/untracked.md");
        if (!Git(folder, "init", "-q") || !Git(folder, "add", "ElectraNotebooks.sln", "lib", "notes/영화.md"))
        {
            Assert.Skip("there is no git");
        }

        File.Delete(folder.File("lib/gone.cs"));
        Assert.Equal(["ElectraNotebooks.sln", "lib/a.cs", "notes/영화.md"], ClassroomFolder.Tracked(folder.Path));
        string inside = folder.File("class/workspace"); // a copy in the clone is none
        Fill(folder, "class/workspace/ElectraNotebooks.sln");
        string refused = Assert.Throws<InputException>(() => ClassroomFolder.Tracked(inside)).Message;
        Assert.Contains("in a clone", refused, StringComparison.Ordinal);
    }

    [Fact]
    public void The_workspace_is_restored_from_the_folder_beside_it_and_from_nowhere_else()
    {
        XElement settings = XDocument.Parse(Settings).Root!;
        XElement[] sources = [.. settings.Element("packageSources")!.Elements()];
        Assert.Equal(["clear", "add"], sources.Select(source => source.Name.LocalName));
        Assert.Equal("../packages", sources[1].Attribute("value")!.Value);
        Assert.All((string[])["auditSources", "packageSourceMapping", "disabledPackageSources", "fallbackPackageFolders"],
            section => Assert.Equal("clear", Assert.Single(settings.Element(section)!.Elements()).Name.LocalName));
    }

    [Fact]
    public void The_workspace_asks_for_the_SDK_that_its_packages_belong_to_and_changes_nothing_else()
    {
        string settings = File.ReadAllText(Path.Combine(Reference.Root, "global.json"));
        JsonElement pinned = JsonDocument.Parse(ClassroomFolder.Pinned(settings, Sdk)).RootElement;
        JsonElement sdk = pinned.GetProperty("sdk");
        Assert.Equal((Sdk, "disable"), (sdk.GetProperty("version").GetString(), sdk.GetProperty("rollForward").GetString()));
        Assert.Contains(Sdk, sdk.GetProperty("errorMessage").GetString(), StringComparison.Ordinal);
        Assert.Equal(JsonDocument.Parse(settings).RootElement.GetProperty("test").GetRawText().Where(c => !char.IsWhiteSpace(c)),
            pinned.GetProperty("test").GetRawText().Where(c => !char.IsWhiteSpace(c)));
    }

    [Theory]
    [InlineData("win-x64", 0, "dotnet-sdk-10.0.401-win-x64.exe", true)]
    [InlineData("win-x64", 0, "DotNet-SDK-10.0.401-Win-x64.exe", true)]
    [InlineData("win-x64", 0, "dotnet-sdk-10.0.402-win-x64.exe", false)]
    [InlineData("win-x64", 0, "dotnet-sdk-10.0.401-osx-arm64.pkg", false)]
    [InlineData("win-x64", 1, "VSCodeUserSetup-x64-1.111.0.exe", true)]
    [InlineData("win-x64", 1, "VSCodeSetup-x64-1.111.0.exe", true)]
    [InlineData("win-x64", 1, "VSCodeUserSetup-arm64-1.111.0.exe", false)]
    [InlineData("win-x64", 2, "ms-toolsai.jupyter-2024.4.2024041702@win32-x64.vsix", true)]
    [InlineData("win-x64", 2, "ms-toolsai.jupyter-2025.9.1-universal.vsix", true)]
    [InlineData("win-x64", 2, "ms-toolsai.jupyter-2025.9.1@darwin-arm64.vsix", false)]
    [InlineData("win-x64", 2, "ms-toolsai.jupyter-renderers-1.3.0.vsix", false)]
    [InlineData("win-x64", 3, "VC_redist.x64.exe", true)]
    [InlineData("osx-arm64", 0, "dotnet-sdk-10.0.401-osx-arm64.pkg", true)]
    [InlineData("osx-arm64", 1, "VSCode-darwin-universal.zip", true)]
    [InlineData("linux-x64", 0, "dotnet-sdk-10.0.401-linux-x64.tar.gz", true)]
    [InlineData("linux-x64", 1, "code_1.111.0-1773000000_amd64.deb", true)]
    [InlineData("linux-x64", 1, "code-1.111.0-1773000000.el8.x86_64.rpm", true)]
    [InlineData("linux-x64", 1, "code_1.111.0-1773000000_arm64.deb", false)]
    public void An_installer_is_known_by_its_name(string system, int installer, string name, bool isIt)
    {
        using var folder = new TemporaryFolder();
        Fill(folder, $"below/{name}");
        Installer sought = ClassroomSystem.Parse([system])[0].Installers(Sdk).ElementAt(installer);
        Assert.Equal(isIt ? name : null, sought.Find(folder.Path));
        File.WriteAllText(folder.File($"below/{name}"), ""); // a download that was broken off
        Assert.Null(sought.Find(folder.Path));
        Assert.Null(sought.Find(folder.File("nowhere")));
    }

    [Fact]
    public void The_sheet_says_in_both_languages_which_SDK_and_the_two_commands_of_the_README()
    {
        string readme = File.ReadAllText(Path.Combine(Reference.Root, "README.md")).ReplaceLineEndings("\n");
        string commands = TwoCommands().Match(readme).Groups[1].Value;
        Assert.Equal(2, commands.Split('\n').Length);
        string asked = ClassroomFolder.Asked(File.ReadAllText(Path.Combine(Reference.Root, "global.json")));
        string sheet = ClassroomSheet.Html(ClassroomSystem.All, Sdk, asked, 1_234_567_890);
        Assert.Contains($"<code>{commands}</code>", sheet, StringComparison.Ordinal);
        string korean = string.Concat(Korean().Matches(sheet).Select(part => part.Value));
        string english = Korean().Replace(sheet, "");
        Assert.Equal(Heading().Count(english), Heading().Count(korean));
        Assert.All((string[])[asked, Sdk, "VSIX", "workspace", "packages", "doctor", "Run All", "Jupyter Kernel", "NU1101", "setx"], said =>
        {
            Assert.Contains(said, english, StringComparison.Ordinal);
            Assert.Contains(said, korean, StringComparison.Ordinal);
        });
        Assert.Contains("1.2 GB", sheet, StringComparison.Ordinal);
        Assert.DoesNotMatch(@"\{[a-z]+\}", sheet);
        Assert.DoesNotMatch("(?i)https?:|<script|<link|<img", sheet); // it asks for nothing
    }

    [Fact]
    public void What_is_only_for_Windows_stands_on_a_sheet_for_Windows_only()
    {
        Assert.Contains("setx", ClassroomSheet.Html(ClassroomSystem.Parse(["win-x64"]), Sdk, Sdk, 1), StringComparison.Ordinal);
        string other = ClassroomSheet.Html(ClassroomSystem.Parse(["osx-arm64", "linux-x64"]), Sdk, Sdk, 1);
        Assert.All((string[])["setx", "VC_redist", "win-x64", "NU3018"],
            said => Assert.DoesNotContain(said, other, StringComparison.Ordinal));
        Assert.Contains("NU1101", other, StringComparison.Ordinal);
    }

    [Fact]
    public void The_list_of_installers_names_each_file_and_its_page()
    {
        string list = ClassroomSheet.Installers(ClassroomSystem.All, Sdk);
        Assert.All(ClassroomSystem.All.SelectMany(system => system.Installers(Sdk)), installer =>
        {
            Assert.Contains($"`{installer.Patterns[0]}`", list, StringComparison.Ordinal);
            Assert.Contains(installer.Page, list, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void A_second_run_copies_what_is_new_and_deletes_what_is_no_package_any_more()
    {
        using var folder = new TemporaryFolder();
        Fill(folder, "cache/a.1.nupkg", "cache/b.1.nupkg", "cache/b.2.nupkg");
        var classroom = new ClassroomFolder(folder.File("class"));
        FileInfo[] Cache(params string[] names) => [.. names.Select(name => new FileInfo(folder.File($"cache/{name}.nupkg")))];
        classroom.CopyPackages(Cache("a.1", "b.1"), TestContext.Current.CancellationToken);
        string kept = folder.File("class/packages/a.1.nupkg");
        File.WriteAllText(kept, "x" + File.ReadAllText(kept)[1..]); // of the same size: what is there is not copied again
        Fill(folder, "class/packages/c.1.nupkg.tmp");
        classroom.CopyPackages(Cache("a.1", "b.2"), TestContext.Current.CancellationToken);
        Assert.Equal(["a.1.nupkg", "b.2.nupkg"], Directory.GetFiles(folder.File("class/packages")).Select(Path.GetFileName).Order());
        Assert.StartsWith("x", File.ReadAllText(kept), StringComparison.Ordinal);
        File.WriteAllText(kept, "cut");
        classroom.CopyPackages(Cache("a.1", "b.2"), TestContext.Current.CancellationToken);
        Assert.Equal(File.ReadAllText(folder.File("cache/a.1.nupkg")), File.ReadAllText(kept));
    }

    [Fact]
    public async Task What_a_copy_has_lost_is_found_and_installers_are_only_named()
    {
        using var folder = new TemporaryFolder();
        string[] written = ["packages/a.1.nupkg", "sheet.html"];
        Fill(folder, written);
        var files = written.ToDictionary(file => file, file => new FileInfo(folder.File(file)).Length);
        File.WriteAllText(folder.File("classroom.json"), JsonSerializer.Serialize(
            new { sdk = Sdk, systems = (string[])["linux-x64"], files }));
        var (code, lines) = await ToolConsole.Run("classroom", folder.Path, "--check", "--json");
        Assert.Equal(0, code); // no installer is there, and that is no failure
        Assert.All(lines[0].GetProperty("installers").EnumerateArray(),
            installer => Assert.Equal(JsonValueKind.Null, installer.GetProperty("file").ValueKind));
        Fill(folder, $"installers/dotnet-sdk-{Sdk}-linux-x64.tar.gz");
        File.AppendAllText(folder.File("sheet.html"), "more");
        File.Delete(folder.File("packages/a.1.nupkg"));
        (code, lines) = await ToolConsole.Run("classroom", folder.Path, "--check", "--json");
        Assert.Equal(1, code);
        Assert.Equal(written,
            lines[0].GetProperty("missing").EnumerateArray().Select(file => file.GetString()));
        Assert.Single(lines[0].GetProperty("installers").EnumerateArray(),
            installer => installer.GetProperty("file").ValueKind == JsonValueKind.String);
    }

    [Fact]
    public async Task What_cannot_be_a_classroom_is_refused_in_a_sentence()
    {
        using var folder = new TemporaryFolder();
        Fill(folder, "mine/notes.txt", "broken/classroom.json", "begun/classroom.json", "file");
        File.WriteAllText(folder.File("begun/classroom.json"), """{"sdk": "10.0.401", "systems": ["linux-x64"], "files": {}}""");
        Assert.Contains("did not write", await ToolConsole.Refused("classroom", folder.File("mine")), StringComparison.Ordinal);
        Assert.Contains("classroom.json", await ToolConsole.Refused("classroom", folder.File("broken")), StringComparison.Ordinal);
        Assert.Contains("is a file", await ToolConsole.Refused("classroom", folder.File("file/class")), StringComparison.Ordinal);
        Assert.Contains("to its end", await ToolConsole.Refused("classroom", folder.File("begun"), "--check"), StringComparison.Ordinal);
        Assert.Contains("to its end", await ToolConsole.Refused("classroom", folder.File("new"), "--check"), StringComparison.Ordinal);
        string refused = await ToolConsole.Refused("classroom", folder.File("new"), "--systems", "win-x64,linux-arm64");
        Assert.Contains("linux-arm64", refused, StringComparison.Ordinal);
        Assert.Contains("win-x64, osx-arm64, linux-x64", refused, StringComparison.Ordinal);
        await ToolConsole.Refused("classroom");
        Assert.False(Directory.Exists(folder.File("new")));
        Assert.Equal(["notes.txt"], Directory.GetFileSystemEntries(folder.File("mine")).Select(Path.GetFileName));
    }

    [Fact]
    public void A_package_that_is_not_to_be_had_is_named()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("packages"));
        string workspace = Directory.CreateDirectory(folder.File("workspace")).FullName;
        File.WriteAllText(folder.File("workspace/nuget.config"), Settings);
        File.WriteAllText(folder.File("workspace/a.csproj"), """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup>
              <ItemGroup><PackageReference Include="No.Such.Package" Version="1.0.0" /></ItemGroup>
            </Project>
            """);
        File.WriteAllText(folder.File("workspace/ElectraNotebooks.sln"), """
            Microsoft Visual Studio Solution File, Format Version 12.00
            Project("{FAE04EC0-301F-11D3-BF4B-00C04F79EFBC}") = "a", "a.csproj", "{6F1E2E3E-6A4B-4B0B-9B39-0C5A2B7B3C11}"
            EndProject
            Global
            	GlobalSection(SolutionConfigurationPlatforms) = preSolution
            		Debug|Any CPU = Debug|Any CPU
            	EndGlobalSection
            	GlobalSection(ProjectConfigurationPlatforms) = postSolution
            		{6F1E2E3E-6A4B-4B0B-9B39-0C5A2B7B3C11}.Debug|Any CPU.ActiveCfg = Debug|Any CPU
            		{6F1E2E3E-6A4B-4B0B-9B39-0C5A2B7B3C11}.Debug|Any CPU.Build.0 = Debug|Any CPU
            	EndGlobalSection
            EndGlobal
            """);
        string message = Assert.Throws<InputException>(() => ClassroomPackages.Restore(workspace, [],
            ClassroomSystem.Parse(["linux-x64"]), TestContext.Current.CancellationToken)).Message;
        Assert.Contains("linux-x64", message, StringComparison.Ordinal);
        Assert.Contains("NU1101", message, StringComparison.Ordinal);
        Assert.Contains("No.Such.Package", message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    private static void Fill(TemporaryFolder folder, params string[] files)
    {
        foreach (string file in files)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(folder.File(file))!);
            File.WriteAllText(folder.File(file), $"content of {Path.GetFileName(file)}");
        }
    }

    private static bool Git(TemporaryFolder folder, params string[] arguments)
    {
        try
        {
            using Process git = Process.Start(new ProcessStartInfo("git", arguments) { WorkingDirectory = folder.Path })!;
            git.WaitForExit();
            return git.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    [GeneratedRegex("## Two commands\n.*?```\n(.*?)\n```", RegexOptions.Singleline)]
    private static partial Regex TwoCommands();

    [GeneratedRegex("""<div lang="ko">.*?</div>""", RegexOptions.Singleline)]
    private static partial Regex Korean();

    [GeneratedRegex("<h2>")]
    private static partial Regex Heading();
}
