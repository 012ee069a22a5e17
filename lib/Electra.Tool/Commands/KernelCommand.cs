using System.CommandLine;
using System.Text.Json;
using NotebookKernel;

namespace Electra.Tool;

/// <summary><c>electra kernel install</c> and <c>electra kernel serve</c>.</summary>
public static class KernelCommand
{
    public static Command Create() => new("kernel", "The C# kernel for Jupyter: JupyterLab, the Jupyter extension of VS Code, nbconvert.") { Install(), Serve() };

    private static Command Install()
    {
        Option<bool> user = new("--user") { Description = "For this user only (otherwise for the machine, which may need rights)." };
        Option<bool> json = new("--json") { Description = "Print one JSON object, and nothing else, on standard output." };
        var command = new Command("install", $"Makes the kernel \"{KernelSpec.DisplayName}\" known to Jupyter programs.") { user, json };
        command.SetAction(parsed =>
        {
            try
            {
                string file = KernelSpec.Install(parsed.GetValue(user));
                Console.WriteLine(parsed.GetValue(json) ? JsonSerializer.Serialize(new { kernelspec = file }) : $"The kernel \"{KernelSpec.DisplayName}\" is installed: {file}");
                return 0;
            }
            catch (NotebookException e)
            {
                throw new InputException(e.Message, e);
            }
        });
        return command;
    }

    private static Command Serve()
    {
        Argument<string> file = new("CONNECTION_FILE") { Description = "What Jupyter wrote for the kernel it starts." };
        var command = new Command("serve", "Runs the kernel; Jupyter programs start it.") { file };
        command.SetAction(async (parsed, cancel) =>
        {
            try
            {
                await KernelServer.RunAsync(parsed.GetValue(file)!, cancel);
                return 0;
            }
            catch (NotebookException e)
            {
                throw new InputException(e.Message, e);
            }
        });
        return command;
    }
}
