using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Electra.Tool.Tests;

/// <summary>What lib/README.md promises of the house: arrows that point one way, and a learner's library that is small.</summary>
public partial class HouseTests
{
    private const int MostLines = 2800;
    private const int MostCharacters = 140;

    private static readonly string Library = Path.Combine(ProjectFolder.Find()!, "lib");

    [Fact]
    public void Projects_refer_to_each_other_in_one_direction()
    {
        var references = Directory.GetFiles(Library, "*.csproj", SearchOption.AllDirectories).ToDictionary(
            file => Path.GetFileNameWithoutExtension(file),
            file => XDocument.Load(file).Descendants("ProjectReference")
                .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/')))
                .ToHashSet());
        string? circle = CircleIn(references);
        Assert.True(circle is null, $"Projects refer to each other in a circle: {circle}.");
        Assert.True(references["Electra"].Count == 0,
            $"The learner's library stands on nothing of the house, but Electra refers to {string.Join(", ", references["Electra"])}.");
        string[] benchmarking = [.. references
            .Where(project => project.Value.Contains("Electra.Benchmarks") && project.Key != "Electra.Benchmarks.Tests")
            .Select(project => project.Key)];
        Assert.True(benchmarking.Length == 0,
            $"Nothing stands on the benchmarks, whose native package is theirs alone, but {string.Join(", ", benchmarking)} does.");
        Assert.True(references["NotebookKernel"].Count == 0, $"NotebookKernel runs any notebook and knows none of the others, but " +
            $"refers to {string.Join(", ", references["NotebookKernel"])}.");
    }

    [Fact]
    public void The_folders_of_the_learners_library_use_each_other_in_one_direction()
    {
        var uses = FolderUses(Path.Combine(Library, "Electra"));
        Assert.Equal(["", "Heads", "Model", "Speed", "Tasks", "Text"], uses.Keys.Order());
        Assert.Contains("Model", uses["Heads"].Keys); // so that the reading of the sources is seen to work
        string? circle = CircleIn(uses.ToDictionary(folder => folder.Key, folder => folder.Value.Keys.ToHashSet()));
        Assert.True(
            circle is null,
            $"Folders of lib/Electra use each other in a circle: {circle}. What is used: "
            + string.Join("; ",
                uses.SelectMany(
                    folder => folder.Value.Select(
                        used => $"{Show(folder.Key)} uses of {Show(used.Key)} {string.Join(", ", used.Value.Order())}"))));
    }

    [Fact]
    public void The_learners_library_stays_small_enough_for_an_evening()
    {
        int lines = Sources(Path.Combine(Library, "Electra"))
            .Sum(file => File.ReadLines(file).Count(line => !BlankOrComment().IsMatch(line)));
        Assert.InRange(lines, 1000, int.MaxValue); // they are there
        Assert.True(lines <= MostLines, $"lib/Electra has {lines} lines without blank ones and comments; at most {MostLines} may be " +
            "read in an evening: move something that is not about the model to another project.");
    }

    [Fact]
    public void Lines_of_code_have_at_most_140_characters()
    {
        string[] sources = [.. Sources(Library), .. Sources(Path.Combine(ProjectFolder.Find()!, "images"))];
        Assert.InRange(sources.Length, 300, int.MaxValue); // they are there
        string[] wide = [.. sources.SelectMany(file => File.ReadLines(file)
            .Select((line, i) => (line.Length, Place: $"{Path.GetRelativePath(Library, file)}:{i + 1}"))
            .Where(line => line.Length > MostCharacters)
            .Select(line => line.Place))];
        Assert.True(wide.Length == 0, $"Longer than {MostCharacters} characters: {string.Join(", ", wide)}.");
    }

    [Fact]
    public void A_circle_is_found_and_named()
    {
        Assert.Null(CircleIn(new() { ["a"] = ["b", "c"], ["b"] = ["c"], ["c"] = ["elsewhere"] }));
        Assert.Equal("b → c → b", CircleIn(new() { ["a"] = ["b"], ["b"] = ["c"], ["c"] = ["b"] }));
    }

    private static string Show(string folder) => folder.Length == 0 ? "the root" : folder;

    private static string? CircleIn(Dictionary<string, HashSet<string>> arrows)
    {
        return arrows.Keys.Order(StringComparer.Ordinal).Select(start => From(start, [])).FirstOrDefault(circle => circle is not null);

        string? From(string here, string[] way) => Array.IndexOf(way, here) is >= 0 and var first
            ? string.Join(" → ", [.. way[first..], here])
            : arrows.GetValueOrDefault(here, []).Order(StringComparer.Ordinal).Select(next => From(next, [.. way, here]))
                .FirstOrDefault(circle => circle is not null);
    }

    private static string[] Sources(string folder) =>
        [.. Directory.GetFiles(folder, "*.cs", SearchOption.AllDirectories)
            .Where(file => !Output().IsMatch(Path.GetRelativePath(folder, file)))];

    /// <summary>
    /// For each folder the types of other folders that its code (not its documentation) uses, by folder; "" is the project's own.
    /// </summary>
    private static Dictionary<string, Dictionary<string, HashSet<string>>> FolderUses(string project)
    {
        const string ImplicitUsings = "global using System; global using System.Collections.Generic; global using System.IO; global " +
            "using System.Linq; global using System.Net.Http; global using System.Threading; global using System.Threading.Tasks;";
        var options = new CSharpParseOptions(LanguageVersion.Latest);
        var trees = Sources(project).Select(file => CSharpSyntaxTree.ParseText(File.ReadAllText(file), options, file)).ToList();
        Compilation compilation = CSharpCompilation.Create(
            "Electra",
            [.. trees, CSharpSyntaxTree.ParseText(ImplicitUsings, options)],
            ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
                .Where(file => !Path.GetFileName(file).StartsWith("Electra", StringComparison.Ordinal))
                .Select(file => MetadataReference.CreateFromFile(file)),
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
        CSharpGeneratorDriver.Create([JsonGenerator()], parseOptions: options)
            .RunGeneratorsAndUpdateCompilation(compilation, out compilation, out _, TestContext.Current.CancellationToken);
        Assert.Empty(compilation.GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)
            .Select(diagnostic => diagnostic.ToString()));
        var uses = trees.Select(tree => FolderOf(tree)).Distinct()
            .ToDictionary(folder => folder, _ => new Dictionary<string, HashSet<string>>());
        foreach (var tree in trees)
        {
            var model = compilation.GetSemanticModel(tree);
            foreach (var name in tree.GetRoot().DescendantNodes().OfType<SimpleNameSyntax>())
            {
                var symbol = model.GetSymbolInfo(name).Symbol;
                var type = symbol as INamedTypeSymbol ?? symbol?.ContainingType;
                if (type?.OriginalDefinition.DeclaringSyntaxReferences.FirstOrDefault()?.SyntaxTree is { } declared
                    && FolderOf(declared) != FolderOf(tree))
                {
                    var used = uses[FolderOf(tree)];
                    used.TryAdd(FolderOf(declared), []);
                    used[FolderOf(declared)].Add(type.Name);
                }
            }
        }

        return uses;

        // What the SDK compiles with, beside the runtime that this test runs on.
        static ISourceGenerator JsonGenerator()
        {
            string dotnet = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "..", "..", ".."));
            string packs = Path.Combine(dotnet, "packs", "Microsoft.NETCore.App.Ref");
            string pack = Directory.GetDirectories(packs, $"{Environment.Version.Major}.*")[0];
            string file = Path.Combine(pack, "analyzers", "dotnet", "cs", "System.Text.Json.SourceGeneration.dll");
            var generator = Assembly.LoadFrom(file).GetType("System.Text.Json.SourceGeneration.JsonSourceGenerator", throwOnError: true)!;
            return ((IIncrementalGenerator)Activator.CreateInstance(generator)!).AsSourceGenerator();
        }

        string FolderOf(SyntaxTree tree) => Path.GetDirectoryName(Path.GetRelativePath(project, tree.FilePath))!;
    }

    [GeneratedRegex(@"^\s*(//.*)?$")]
    private static partial Regex BlankOrComment();

    [GeneratedRegex(@"(^|[\\/])(bin|obj)[\\/]")]
    private static partial Regex Output();
}
