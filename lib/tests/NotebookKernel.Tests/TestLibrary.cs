using System.Runtime.InteropServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace NotebookKernel.Tests;

/// <summary>Compiles small libraries for notebooks to reference, with their documentation beside them.</summary>
internal static class TestLibrary
{
    public static string Compile(string folder, string name, string code, params string[] references)
    {
        string file = Path.Combine(folder, name + ".dll");
        CSharpCompilation compilation = CSharpCompilation.Create(
            name,
            [CSharpSyntaxTree.ParseText(code, new CSharpParseOptions(documentationMode: DocumentationMode.Diagnose))],
            [.. references.Prepend(typeof(object).Assembly.Location)
                .Append(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "System.Runtime.dll"))
                .Append(typeof(List<>).Assembly.Location).Append(typeof(Enumerable).Assembly.Location)
                .Append(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "System.Collections.dll"))
                .Distinct().Select(r => MetadataReference.CreateFromFile(r))],
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
        Microsoft.CodeAnalysis.Emit.EmitResult result = compilation.Emit(file, xmlDocumentationPath: Path.ChangeExtension(file, ".xml"));
        Assert.True(result.Success, string.Join('\n', result.Diagnostics));
        return file;
    }
}
