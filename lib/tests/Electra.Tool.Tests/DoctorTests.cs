using System.Text.Json;
using Electra.Tests;

namespace Electra.Tool.Tests;

/// <summary>What <c>electra doctor</c> looks at, and the ways that it names.</summary>
[Collection(ToolConsole.Name)]
public class DoctorTests
{
    [Fact]
    public async Task It_looks_at_all_that_lessons_need_and_has_a_remedy_for_what_is_lacking()
    {
        using var variables = new Variables();
        using var folder = new TemporaryFolder();
        variables["ELECTRA_DATA"] = folder.File("nowhere");
        variables["JUPYTER_DATA_DIR"] = folder.Path;
        variables["HF_ENDPOINT"] = "https://127.0.0.1:9"; // nobody listens
        var findings = await Findings();
        Assert.All((string[])["memory", "disk", "Korean font", "lib/bin", "kernel", "Jupyter", ".NET Interactive", "ELECTRA_DATA"],
            what => Assert.Contains(what, findings.Keys));
        Assert.All(findings.Values.Where(finding => finding.State != "ok"), finding => Assert.NotEmpty(finding.Remedy));
        Assert.NotEqual("ok", findings["ELECTRA_DATA"].State);
        Assert.Contains("does not exist", findings["ELECTRA_DATA"].Found, StringComparison.Ordinal);

        Directory.CreateDirectory(folder.File("data/nsmc"));
        variables["ELECTRA_DATA"] = folder.File("data");
        NotebookKernel.KernelSpec.Install(user: true);
        findings = await Findings();
        Assert.Equal(("ok", $"{folder.File("data")}: nsmc"), (findings["ELECTRA_DATA"].State, findings["ELECTRA_DATA"].Found));
        Assert.Equal(("ok", folder.File("kernels/.net-csharp/kernel.json")), (findings["kernel"].State, findings["kernel"].Found));
    }

    [Fact]
    public void Libraries_that_are_older_than_a_source_of_theirs_are_named()
    {
        using var clone = new TemporaryFolder();
        Assert.Null(BuiltProgram.StaleForNotebooks(Write("lib/Electra/A.cs", 1)));
        Write("lib/bin/Electra.dll", 2);
        Write("lib/Electra.Files/B.cs", 3);
        Write("lib/bin/Electra.Files.dll", 4);
        Write("lib/bin/TorchSharp.dll", 0); // not made here
        Assert.Empty(BuiltProgram.StaleForNotebooks(clone.Path)!);
        Write("lib/Electra/Model/C.cs", 5);
        Assert.Equal(["Electra"], BuiltProgram.StaleForNotebooks(clone.Path)!);

        string Write(string name, int hour)
        {
            string file = clone.File(name);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, "");
            File.SetLastWriteTimeUtc(file, new DateTime(2026, 1, 2, hour, 0, 0, DateTimeKind.Utc));
            return clone.Path;
        }
    }

    [Fact]
    public async Task Where_there_is_no_network_downloads_name_the_ways_without_one()
    {
        using var variables = new Variables();
        using var folder = new TemporaryFolder();
        variables["ELECTRA_CACHE"] = folder.Path;
        variables["HF_ENDPOINT"] = "https://127.0.0.1:9";
        variables["ELECTRA_NSMC_URL"] = "https://127.0.0.1:9";
        Assert.Contains("ELECTRA_DATA", await ToolConsole.Refused("data", "get", "nsmc"), StringComparison.Ordinal);
        Assert.Contains("--encoder", await ToolConsole.Refused("model", "get", "some/body"), StringComparison.Ordinal);
        Assert.DoesNotContain("network", await ToolConsole.Refused("data", "get", "nothing"), StringComparison.Ordinal);
    }

    private static async Task<Dictionary<string, (string State, string Found, string Remedy)>> Findings()
    {
        var (_, lines) = await ToolConsole.Run("doctor", "--json");
        return lines[0].GetProperty("findings").EnumerateArray().ToDictionary(finding => Text(finding, "what"),
            finding => (Text(finding, "state"), Text(finding, "found"), Text(finding, "remedy")));

        static string Text(JsonElement finding, string name) => finding.GetProperty(name).GetString()!;
    }
}
