using System.Text.Json.Nodes;

namespace NotebookKernel.Tests;

public class SessionTests
{
    [Fact]
    public async Task Cells_share_variables_functions_types_and_usings()
    {
        var session = new TestSession();
        await session.ResultAsync("using System.Globalization; var x = 20; int Twice(int a) => 2 * a; record P(int A);");
        await session.ResultAsync("x++;");
        Assert.Equal("42", await session.ResultAsync("Twice(x)"));
        Assert.Equal("Invariant Language (Invariant Country)", await session.ResultAsync("CultureInfo.InvariantCulture.EnglishName"));
        Assert.Equal("7", await session.ResultAsync("new P(7).A"));
    }

    [Fact]
    public async Task A_cell_of_usings_and_comments_runs_and_its_usings_stay()
    {
        var session = new TestSession();
        await session.ResultAsync("// a comment");
        await session.ResultAsync("using System.IO;\nusing static System.Math;");
        Assert.Equal("2", await session.ResultAsync("Path.Combine(\"a\", \"b\").Length - (int)Sqrt(1)"));
    }

    [Fact]
    public async Task Names_can_be_declared_again_with_another_type()
    {
        var session = new TestSession();
        await session.ResultAsync("var x = 1; class C { public int A = 1; }");
        await session.ResultAsync("var x = \"text\"; class C { public int B = 2; }");
        Assert.Equal("text2", await session.ResultAsync("x + new C().B"));
    }

    [Theory]
    [InlineData("1 + 1", "2")]
    [InlineData("Math.Abs(-1);", null)]
    [InlineData("var y = 3;", null)]
    [InlineData("Console.Out.Flush()", null)]
    [InlineData("await Task.FromResult(5)", "5")]
    [InlineData("await Task.Delay(1)", null)]
    [InlineData("(string)null", "<null>")]
    [InlineData("return 8;", "8")]
    [InlineData("", null)]
    public async Task The_last_expression_is_shown_only_without_a_semicolon(string code, string? shown) =>
        Assert.Equal(shown, await new TestSession().ResultAsync(code));

    [Fact]
    public async Task Compile_errors_name_line_column_and_message_and_later_cells_run()
    {
        var session = new TestSession();
        await session.ResultAsync("var x = 1;");
        (string name, string message, string[] lines) = await session.ErrorAsync("x = 2;\nint y = x.Length;");
        Assert.Equal("CompilationError", name);
        Assert.StartsWith("cell [2], line 2, column 11: CS1061:", message, StringComparison.Ordinal);
        Assert.Equal("    int y = x.Length;", lines[1]);
        Assert.Equal(lines[1].IndexOf("Length", StringComparison.Ordinal), lines[2].IndexOf('^'));
        Assert.Equal("1", await session.ResultAsync("x"));
    }

    [Fact]
    public async Task Exceptions_show_the_learners_own_lines_only()
    {
        var session = new TestSession();
        await session.ResultAsync("int Parse(string s)\n{\n    return int.Parse(s);\n}\nasync Task<int> Later(string s) { await " +
            "Task.Yield(); return Parse(s); }");
        (string name, string message, string[] lines) = await session.ErrorAsync("// one\nvar n = await Later(\"zz\");");
        Assert.Equal("System.FormatException", name);
        Assert.Contains("zz", message, StringComparison.Ordinal);
        Assert.Equal([$"System.FormatException: {message}", "   at cell [1], line 3, in Parse()", "   at cell [1], line 5, in Later()",
            "   at cell [2], line 2"], lines);
    }

    [Fact]
    public async Task The_cause_of_an_exception_is_shown_too()
    {
        (_, _, string[] lines) = await new TestSession().ErrorAsync(
            "try { throw new ArgumentException(\"inner\"); }\ncatch (Exception e) { throw new InvalidOperationException(\"outer\", e); }");
        Assert.Equal(["System.InvalidOperationException: outer", "   at cell [1], line 2", "caused by System.ArgumentException: inner",
            "   at cell [1], line 1"], lines);
    }

    [Fact]
    public async Task What_a_cell_did_before_it_failed_stays()
    {
        var session = new TestSession();
        await session.ErrorAsync("var done = 5; throw new Exception(\"no\");");
        Assert.Equal("5", await session.ResultAsync("done"));
    }

    [Fact]
    public async Task A_cell_that_looks_at_its_token_can_be_interrupted()
    {
        using var stop = new CancellationTokenSource();
        var session = new TestSession();
        Task<(bool Ok, JsonObject[] Outputs)> run = session.RunAsync("await Task.Delay(-1, Cancellation);", stop.Token);
        await stop.CancelAsync();
        (bool ok, JsonObject[] outputs) = await run;
        Assert.False(ok);
        Assert.Equal("Interrupted", (string?)Assert.Single(outputs)["ename"]);
        Assert.Equal("1", await session.ResultAsync("1"));
    }

    [Theory]
    [InlineData("#!markdown\nHello", "Markdown cell")]
    [InlineData("#!fsharp\nlet x = 1", "#!fsharp is not supported")]
    [InlineData("1\n#!lsmagic", "line 2")]
    [InlineData("#i \"nuget:https://example.org\"", "nuget.config")]
    [InlineData("#r \"nuget: two words\"", "#r \"nuget: Name, Version\"")]
    [InlineData("#r \"nuget: A, 1.0, 2\"", "is not understood")]
    [InlineData("#r \"nowhere/x.dll\"", "there is no such file")]
    public async Task What_only_another_kernel_knows_is_refused_with_a_remedy(string code, string remedy)
    {
        (_, _, string[] lines) = await new TestSession().ErrorAsync(code);
        Assert.Contains(remedy, string.Join('\n', lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Directives_keep_line_numbers_and_are_not_looked_for_in_strings()
    {
        var session = new TestSession();
        Assert.Equal("#!markdown\n#r \"x.dll\"",
            await session.ResultAsync("#!csharp\nvar s = \"\"\"\n#!markdown\n#r \"x.dll\"\n\"\"\";\ns"));
        Assert.StartsWith("cell [2], line 3, column 1:", (await session.ErrorAsync("#!time\n\nnope();")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Time_is_shown_when_asked_for()
    {
        (bool ok, JsonObject[] outputs) = await new TestSession().RunAsync("#!time\nint z = 1;", TestContext.Current.CancellationToken);
        Assert.True(ok);
        Assert.Matches(@"^Wall time: [\d.]+ ms$", (string?)Assert.Single(outputs)["data"]!["text/html"]);
    }

    [Fact]
    public async Task A_referenced_library_brings_its_neighbours()
    {
        using var folder = new TemporaryFolder();
        string below = Directory.CreateDirectory(folder.File("lib")).FullName;
        string inner = TestLibrary.Compile(below, "TestInner", "namespace Inner { public class I { public int N => 6; } }");
        TestLibrary.Compile(below, "TestOuter", "namespace Outer { public class O { public Inner.I I => new Inner.I(); } }", inner);
        var session = new TestSession(folder.Path);
        await session.ResultAsync("#r \"lib/TestOuter.dll\"\nusing Outer; using Inner;");
        Assert.Equal("12", await session.ResultAsync("new O().I.N + new I().N"));
    }

    [Fact]
    public async Task A_file_that_is_no_assembly_is_refused()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("x.dll"), "not an assembly");
        Assert.Contains("is not a .NET assembly", (await new TestSession(folder.Path).ErrorAsync("#r \"x.dll\"")).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_newer_version_of_what_is_loaded_is_refused()
    {
        using var folder = new TemporaryFolder();
        string other = Directory.CreateDirectory(folder.File("other")).FullName;
        TestLibrary.Compile(folder.Path, "TestVersioned", "[assembly: System.Reflection.AssemblyVersion(\"1.0.0.0\")] public class V1 { }");
        TestLibrary.Compile(other, "TestVersioned", "[assembly: System.Reflection.AssemblyVersion(\"2.0.0.0\")] public class V2 { }");
        var session = new TestSession(folder.Path);
        await session.ResultAsync("#r \"TestVersioned.dll\"");
        await session.ResultAsync("#r \"TestVersioned.dll\""); // again is nothing
        Assert.Contains("older version", (await session.ErrorAsync("#r \"other/TestVersioned.dll\"")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_package_is_loaded_from_the_machines_cache()
    {
        var session = new TestSession();
        // a package of the kernel's own, so it is there
        await session.ResultAsync("#r \"nuget: Humanizer.Core, 2.14.1\"\nusing Humanizer;");
        Assert.Equal("forty-two", await session.ResultAsync("42.ToWords()"));
    }

    [Fact]
    public async Task Two_hundred_cells_take_little_memory_and_completion_stays_complete()
    {
        var session = new TestSession();
        var completion = new Completion(session.Session);
        long Heap()
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            return GC.GetTotalMemory(forceFullCollection: true);
        }

        var heap = new List<long>();
        for (int i = 1; i <= 200; i++)
        {
            await session.ResultAsync(
                $"var v{i} = {i}; int F{i}(int a) => a + v{Math.Max(1, i - 1)}; record R{i}(int A); new R{i}(F{i}(2))");
            if (i % 100 == 1)
            {
                await completion.CompleteAsync("v1.", 3);
                heap.Add(Heap());
            }
        }

        JsonNode found = await completion.CompleteAsync("using System.IO;\nv", 18);
        Assert.Equal(200,
            found["items"]!.AsArray().Count(item => ((string)item!["text"]!).Length > 1 && char.IsAsciiDigit(((string)item["text"]!)[1])));
        heap.Add(Heap());
        // The heap is the process's: what another test lets go of meanwhile may make it smaller.
        Assert.InRange(heap[2] - heap[1], long.MinValue, 40_000_000);
        Assert.InRange(heap[1] - heap[0], long.MinValue, 40_000_000);
    }

    [Theory]
    [InlineData("var local = 1; loc", "local", "loc")]
    [InlineData("for (int i = 0; i < 3; i++) { text.Sub", "Substring", "Sub")]
    [InlineData("using System.Diagnos", "Diagnostics", "Diagnos")]
    [InlineData("using System.IO;\nusing System.Net;\nPat", "Path", "Pat")]
    [InlineData("new Later(3).", "Name", "")]
    [InlineData("first.Le", "Length", "Le")]
    [InlineData("#!time\n#r \"nuget: Nothing, 1.0\"\ntext.Sub", "Substring", "Sub")]
    [InlineData("Sq", "Sqrt", "Sq")]
    public async Task Completion_knows_the_cells_so_far(string code, string offered, string typed)
    {
        var session = new TestSession();
        await session.ResultAsync("using static System.Math; var text = 5; class Later { }");
        await session.ResultAsync(
            "var text = \"again\"; record Later(int Number) { public string Name => \"n\"; }\nvar (first, second) = (\"a\", 2);");
        JsonNode found = await new Completion(session.Session).CompleteAsync(code, code.Length);
        Assert.Contains(offered, found["items"]!.AsArray().Select(item => (string)item!["text"]!));
        Assert.Equal(code.Length - typed.Length, (int)found["start"]!);
    }

    private const string Documented = """
        /// <summary>Multiplies.</summary>
        public class Scale
        {
            /// <summary>Takes a factor, see <see cref="Of(double)"/>.</summary>
            /// <param name="factor">What numbers are multiplied by; not <c>0</c>.</param>
            public Scale(double factor) { }

            /// <summary>From nothing.</summary>
            public Scale() { }

            /// <summary>Multiplies a number.</summary>
            /// <param name="number">The number,
            /// as given to <see cref="Scale(double)"/>.</param>
            /// <returns>The product.</returns>
            /// <exception cref="System.InvalidOperationException">Too large.</exception>
            public virtual double Of(double number) => number;

            public double Of(string text, int times = 2) => 0;
        }

        public class Twice : Scale
        {
            public override double Of(double number) => 2 * number;
        }

        /// <summary>A point.</summary>
        /// <param name="X">To the right.</param>
        public record Point(int X);
        """;

    [Theory]
    [InlineData("new Scale|(", "Takes a factor|factor (double): What numbers are multiplied by; not 0.|Scale.Scale()|From nothing.")]
    [InlineData("new Scale(|", "Takes a factor|factor (double): What")]
    [InlineData("new Scale(2, |);", "factor (double): What")]
    [InlineData("Sca|le x;", "Multiplies.|Or Scale.Scale(double factor)|factor (double): What")]
    [InlineData("s.O|f(1)", "Multiplies a number.|number (double): The number, as given to Scale.|The " +
        "product.|InvalidOperationException|double Scale.Of(string text, int times")]
    [InlineData("s.Of(|", "number (double)|Scale.Of(string text, int times")]
    [InlineData("s.Of(\"a\", |3)", "text (string)|times (int)")]
    [InlineData("s.Of(Twice(|), 2)", "n (int): How many.")]
    [InlineData("new Twice().Of|(1)", "number (double): The number, as")]
    [InlineData("new Point(|1)", "X (int): To the right.")]
    [InlineData("Twice|(3)", "int Twice(int n)|Two times.|n (int): How many.")]
    [InlineData("Console.WriteLine(|", "void Console.WriteLine(string")]
    [InlineData("string.Join(',', |", "separator")]
    [InlineData("var y = s|;", "Scale s")]
    public async Task Inspection_shows_signature_documentation_and_parameters(string code, string shown)
    {
        using var folder = new TemporaryFolder();
        TestLibrary.Compile(folder.Path, "TestDocumented", Documented);
        var session = new TestSession(folder.Path);
        await session.ResultAsync("#r \"TestDocumented.dll\"\nvar s = new Scale(3);");
        await session.ResultAsync("/// <summary>Two times.</summary>\n/// <param name=\"n\">How many.</param>\nint Twice(int n) => 2 * n;");
        JsonObject found = await new Completion(session.Session).InspectAsync(code.Replace("|", "", StringComparison.Ordinal),
            code.IndexOf('|', StringComparison.Ordinal));
        Assert.All(shown.Split('|'), text => Assert.Contains(text, (string?)found["plain"], StringComparison.Ordinal));
        Assert.StartsWith("```csharp\n", (string?)found["markdown"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("   |")]
    [InlineData("|")]
    [InlineData("(|")]
    [InlineData("nowhere(|")]
    public async Task Inspection_shows_nothing_where_there_is_nothing(string code)
    {
        JsonObject found = await new Completion(new TestSession().Session).InspectAsync(code.Replace("|", "", StringComparison.Ordinal),
            code.IndexOf('|', StringComparison.Ordinal));
        Assert.Equal("", (string?)found["plain"]);
    }

    [Fact]
    public async Task Completion_offers_types_first()
    {
        var session = new TestSession();
        await session.ResultAsync(
            "int strange = 1; class Striking { } interface IStr { } enum Strokes { } void Stroll() { } delegate void Strum();");
        string[] offered = [.. (await new Completion(session.Session).CompleteAsync("Str", 3))["items"]!.AsArray()
            .Select(item => (string)item!["text"]!)];
        Assert.Equal(offered.Distinct(), offered);
        int first = Array.FindIndex(offered, o => o is "strange" or "Stroll");
        Assert.True(first > 0);
        Assert.All((string[])["Striking", "Strokes", "Strum", "String", "StringBuilder"],
            type => Assert.InRange(Array.IndexOf(offered, type), 0, first - 1));
    }

    [Fact]
    public async Task Torch_computes_in_cells()
    {
        var session = new TestSession();
        await session.ResultAsync("#r \"TorchSharp.dll\"\nusing TorchSharp;");
        Assert.Equal("6", await session.ResultAsync("torch.ones(2, 3).sum().item<float>()"));
    }
}
