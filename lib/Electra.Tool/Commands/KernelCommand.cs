using System.CommandLine;
using NotebookKernel;

namespace Electra.Tool.Commands;

/// <summary><c>electra kernel install</c> and <c>electra kernel serve</c>.</summary>
internal static class KernelCommand
{
    public static Command Create() =>
        new("kernel", "The C# kernel for Jupyter: JupyterLab, the Jupyter extension of VS Code, nbconvert.") { Install(), Serve() };

    private static Command Install()
    {
        Option<bool> user = new("--user") { Description = "For this user only (otherwise for the machine, which may need rights)." };
        Option<string> name = new("--name")
        {
            Description = "The name by which notebooks ask for it; another one than .NET Interactive's lets both be there.",
            HelpName = "NAME",
            DefaultValueFactory = _ => KernelSpec.Name,
        };
        var command = new Command("install", $"Makes the kernel \"{KernelSpec.DisplayName}\" known to Jupyter programs.") { user, name };
        command.SetAction(parsed =>
        {
            string file = KernelSpec.Install(parsed.GetValue(user), name: parsed.GetValue(name)!);
            if (parsed.GetValue(Terminal.Json))
            {
                Terminal.WriteJson(new { kernelspec = file });
            }
            else
            {
                Terminal.Print($"The kernel \"{KernelSpec.DisplayNameOf(parsed.GetValue(name)!)}\" is installed: {file}");
            }

            return 0;
        });
        return command;
    }

    private static Command Serve()
    {
        Argument<string> file = new("CONNECTION_FILE") { Description = "What Jupyter wrote for the kernel it starts." };
        var command = new Command("serve", "Runs the kernel; Jupyter programs start it.") { file };
        command.SetAction(parsed => // not asynchronous, which would listen to signals: the kernel has a way of its own with them
        {
            KernelServer.RunAsync(parsed.GetValue(file)!, CancellationToken.None).GetAwaiter().GetResult();
            return 0;
        });
        return command;
    }
}
