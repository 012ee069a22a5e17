using System.Collections.Immutable;
using System.Diagnostics;
using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Emit;

namespace NotebookKernel;

/// <summary>
/// Runs cells one after another with shared state. Each cell is a script compilation (a "submission") that sees the ones before it;
/// its assembly is loaded into the session's own context, beside what the notebook referenced.
/// </summary>
internal sealed class Session
{
    /// <summary>What .NET Interactive opens for every cell, and nothing more: code that runs here runs there.</summary>
    public static readonly ImmutableArray<string> Usings =
    [
        "System", "System.Text", "System.Collections", "System.Collections.Generic", "System.Threading.Tasks", "System.Linq",
        typeof(CellFunctions).FullName!,
    ];

    private readonly CSharpCompilationOptions _options = new(
        OutputKind.DynamicallyLinkedLibrary,
        usings: Usings,
        optimizationLevel: OptimizationLevel.Debug,
        allowUnsafe: true,
        nullableContextOptions: NullableContextOptions.Disable,
        warningLevel: 0,
        assemblyIdentityComparer: DesktopAssemblyIdentityComparer.Default);

    private readonly References _references;
    private readonly List<SyntaxTree> _compiled = [];
    private CSharpCompilation? _previous;
    private object?[] _states = new object?[16]; // slot 0 would hold a globals object; each submission stores itself in the next one
    private int _submissions;
    private int _seen; // references that earlier submissions hand on

    /// <param name="folder">The notebook's folder, where relative paths start.</param>
    public Session(string folder) => _references = new References(folder);

    /// <summary>The cells that were compiled, for completion.</summary>
    public SyntaxTree[] Compiled
    {
        get
        {
            lock (_compiled)
            {
                return [.. _compiled];
            }
        }
    }

    public ImmutableArray<MetadataReference> MetadataReferences => _references.All;

    public CompilationOptions Options => _options;

    /// <summary>
    /// Runs one cell. Everything it shows goes to <paramref name="cell"/>; nothing is thrown for what the cell does wrong.
    /// </summary>
    /// <returns>Whether the cell ran to its end.</returns>
    public async Task<bool> RunAsync(string code, Cell cell)
    {
        long start = Stopwatch.GetTimestamp();
        try
        {
            CellSource source = CellSource.Parse(code, cell.Number, cell.Cancel);
            if (source.Refused.Count > 0)
            {
                cell.Error("DirectiveError", source.Refused[0].Message,
                    [.. source.Refused.Select(r => CellError.At(cell.Number, r.Line, null) + ": " + r.Message)]);
                return false;
            }

            foreach ((string reference, int line) in source.References)
            {
                try
                {
                    await _references.AddAsync(reference, cell.Cancel);
                }
                catch (NotebookException e)
                {
                    cell.Error("ReferenceError", e.Message, [CellError.At(cell.Number, line, null) + ": " + e.Message]);
                    return false;
                }
            }

            (bool compiled, MethodInfo? factory, bool shows) = Compile(source, cell);
            if (!compiled)
            {
                return false;
            }

            if (factory is not null)
            {
                object? result = await ExecuteAsync(factory, cell);
                if (shows)
                {
                    cell.Result(result);
                }
            }

            if (source.Timed)
            {
                cell.Display(new HtmlText($"Wall time: {Stopwatch.GetElapsedTime(start).TotalMilliseconds:0.0} ms"), []);
            }

            return !cell.HasFailed;
        }
        catch (OperationCanceledException) when (cell.Cancel.IsCancellationRequested)
        {
            cell.Error("Interrupted", "The cell was interrupted.", ["The cell was interrupted."]);
            return false;
        }
        catch (Exception e)
        {
            CellError.Report(cell, e);
            return false;
        }
        finally
        {
            cell.End();
        }
    }

    private (bool Compiled, MethodInfo? Factory, bool Shows) Compile(CellSource source, Cell cell)
    {
        CompilationUnitSyntax root = source.Root;
        string name = $"Submission{_submissions + 1}";
        CSharpCompilation compilation = CSharpCompilation.CreateScriptCompilation(
            name, source.Tree, _references.All.Skip(_seen), _options.WithScriptClassName(name), _previous);
        if (root.Members.Count == 0)
        {
            // Only usings and comments: nothing to run, and no slot is used.
            if (Failed(compilation.GetDiagnostics(cell.Cancel), cell))
            {
                return default;
            }

            Advance(compilation, source);
            return (true, null, false);
        }

        using var image = new MemoryStream();
        using var symbols = new MemoryStream();
        EmitResult emitted = compilation.Emit(image, symbols,
            options: new EmitOptions(debugInformationFormat: DebugInformationFormat.PortablePdb), cancellationToken: cell.Cancel);
        if (Failed(emitted.Diagnostics, cell))
        {
            return default;
        }

        bool shows =
            root.Members[^1] is GlobalStatementSyntax { Statement: ExpressionStatementSyntax { SemicolonToken.IsMissing: true } last }
            && compilation.GetSemanticModel(source.Tree)
                .GetTypeInfo(last.Expression, cell.Cancel).Type?.SpecialType != SpecialType.System_Void;
        shows |= root.Members.Any(m => m is GlobalStatementSyntax { Statement: ReturnStatementSyntax { Expression: not null } });

        IMethodSymbol entry = compilation.GetEntryPoint(cell.Cancel)!;
        image.Position = symbols.Position = 0;
        Assembly assembly = _references.Context.LoadFromStream(image, symbols);
        MethodInfo factory = assembly.GetType(entry.ContainingType.MetadataName, throwOnError: true)!
            .GetMethod(entry.MetadataName, BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)!;
        Advance(compilation, source);
        _submissions++;
        return (true, factory, shows);
    }

    private void Advance(CSharpCompilation compilation, CellSource source)
    {
        _previous = compilation;
        _seen = _references.All.Length;
        lock (_compiled)
        {
            _compiled.Add(source.Tree);
        }
    }

    private async Task<object?> ExecuteAsync(MethodInfo factory, Cell cell)
    {
        if (_submissions + 1 >= _states.Length)
        {
            Array.Resize(ref _states, _states.Length * 2);
        }

        var run = factory.CreateDelegate<Func<object?[], Task<object?>>>();
        return await cell.RunInsideAsync(() => run(_states));
    }

    private static bool Failed(ImmutableArray<Diagnostic> diagnostics, Cell cell)
    {
        Diagnostic[] errors = [.. diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error).OrderBy(d => d.Location.SourceSpan.Start)];
        if (errors.Length == 0)
        {
            return false;
        }

        CellError.Report(cell, errors);
        return true;
    }
}
