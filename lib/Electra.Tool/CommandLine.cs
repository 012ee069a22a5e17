using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Electra.Tool.Commands;
using NotebookKernel;
using Spectre.Console;

namespace Electra.Tool;

/// <summary>All commands, and what their errors become.</summary>
internal static class CommandLine
{
    /// <summary>Runs a command.</summary>
    /// <param name="args">What follows <c>electra</c>.</param>
    /// <returns>The exit code.</returns>
    public static Task<int> RunAsync(params string[] args) => RunAsync(Root(), args);

    /// <summary>All commands.</summary>
    /// <returns>The root.</returns>
    public static Command Root() =>
        new("electra", "Fine-tunes, compares and uses ELECTRA encoders with exchangeable heads.")
        {
            new HelpOption(),
            new VersionOption(),
            CompareCommand.Create(),
            ChartsCommand.Create(),
            TrainCommand.Create(),
            PretrainCommand.Create(),
            EvaluateCommand.Create(),
            PredictCommand.Create(),
            EncodeCommand.Create(),
            TokenizeCommand.Create(),
            DataCommand.Create(),
            ModelCommand.Create(),
            NotebooksCommand.Create(),
            ClassroomCommand.Create(),
            KernelCommand.Create(),
            BenchCommand.Create(),
            DoctorCommand.Create(),
        };

    /// <summary>Runs one of a program's commands; errors become sentences and exit codes.</summary>
    /// <param name="root">The commands.</param>
    /// <param name="args">What was typed.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(Command root, string[] args)
    {
        root.Options.Add(Terminal.Json);
        HelpPage.AddTo(root);
        var parsed = root.Parse(args.Length == 0 ? ["--help"] : args);
        bool json = args.Contains(Terminal.Json.Name);
        if (Complaint.Of(parsed) is { } complaint)
        {
            return Terminal.Fail(json, complaint, Terminal.BadInput);
        }

        try
        {
            using var signals = parsed.Action is AsynchronousCommandLineAction ? new Signals() : null; // others keep nothing: they just end
            return await parsed.InvokeAsync(
                new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null },
                signals?.First ?? CancellationToken.None);
        }
        catch (Exception e)
        {
            if (Environment.GetEnvironmentVariable("ELECTRA_DEBUG") is { Length: > 0 })
            {
                Terminal.Error.WriteLine(e.ToString());
            }

            return e switch
            {
                InputException or NotebookException => Terminal.Fail(json, e.Message, Terminal.BadInput),
                Interruption => Terminal.Fail(json, e.Message, Terminal.Interrupted),
                OperationCanceledException => Terminal.Fail(json, "Interrupted.", Terminal.Failed),
                TypeInitializationException or DllNotFoundException
                    or NotSupportedException when e.ToString().Contains("libtorch", StringComparison.OrdinalIgnoreCase)
                    => Terminal.Fail(json,
                        "The native library of TorchSharp does not load on this machine; electra doctor says why and what helps.",
                        Terminal.Failed),
                _ => Terminal.Fail(json, $"Unexpected {e.GetType().Name}: {e.Message.Split('\n')[0].TrimEnd('.')}; please report it, " +
                    "with what ELECTRA_DEBUG=1 shows.", Terminal.Failed),
            };
        }
    }
}
