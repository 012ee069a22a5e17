using System.CommandLine;
using Electra.Tool.Commands;
using NotebookKernel;

namespace Electra.Tool;

/// <summary>All commands, and what their errors become.</summary>
internal static class CommandLine
{
    /// <summary>Runs a command.</summary>
    /// <param name="args">What follows <c>electra</c>.</param>
    /// <returns>The exit code.</returns>
    public static Task<int> RunAsync(params string[] args)
    {
        var root = new RootCommand("Fine-tunes, compares and uses ELECTRA encoders with exchangeable heads.")
        {
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
            KernelCommand.Create(),
            BenchCommand.Create(),
            DoctorCommand.Create(),
        };
        return RunAsync(root, args);
    }

    /// <summary>Runs one of a program's commands; errors become sentences and exit codes.</summary>
    /// <param name="root">The commands.</param>
    /// <param name="args">What was typed.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(RootCommand root, string[] args)
    {
        root.Options.Add(Terminal.Json);
        var parsed = root.Parse(args.Length == 0 ? ["--help"] : args);
        bool json = args.Contains(Terminal.Json.Name);
        if (parsed.Errors.Count > 0)
        {
            string where = string.Join(' ', parsed.CommandResult.Command.Parents.OfType<Command>().Append(parsed.CommandResult.Command)
                .Select(command => command.Name).Skip(1));
            return Terminal.Fail(json,
                $"{parsed.Errors[0].Message.TrimEnd('.')}; see: electra {(where.Length > 0 ? where + " " : "")}--help.", Terminal.BadInput);
        }

        try
        {
            // Time enough after Ctrl-C to finish the step in hand and save.
            return await parsed.InvokeAsync(
                new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TimeSpan.FromMinutes(2) });
        }
        catch (Exception e)
        {
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
                _ when Environment.GetEnvironmentVariable("ELECTRA_DEBUG") is { Length: > 0 } =>
                    Terminal.Fail(json, e.ToString(), Terminal.Failed),
                _ => Terminal.Fail(json, $"Unexpected {e.GetType().Name}: {e.Message.Split('\n')[0].TrimEnd('.')}; please report it, " +
                    "with what ELECTRA_DEBUG=1 shows.", Terminal.Failed),
            };
        }
    }
}
