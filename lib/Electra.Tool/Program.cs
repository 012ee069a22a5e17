using System.Text;
using Electra.Tool;

if (args is [BuiltProgram.Question])
{
    string folder = AppContext.BaseDirectory; // lib/Electra.Tool/bin/Release/net10.0/
    return BuiltProgram.IsUpToDate(Path.GetFullPath(Path.Combine(folder, "../../../../..")), folder) ? 0 : 1;
}

Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
return await CommandLine.RunAsync(args);
