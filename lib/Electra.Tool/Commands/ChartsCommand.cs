using System.CommandLine;
using Electra.Tool.Charts;

namespace Electra.Tool.Commands;

/// <summary><c>electra charts</c>: tables and charts of recorded runs, training nothing.</summary>
internal static class ChartsCommand
{
    public static Command Create()
    {
        var results = new Option<string?>("--results")
        {
            Description =
                "Folder of recorded runs. Default: data/results in the project, your own runs, or data/results/recorded, the project's.",
        };
        var output = new Option<string?>("--output")
        {
            Description = "Where tables and charts go. Default: data/results/charts in the project.",
        };
        var texts = TextsOption();
        var command = new Command("charts", "Redraws tables and charts from recorded runs, training nothing.") { results, output, texts };
        command.SetAction(parsed =>
        {
            string project = ProjectFolder.Find() ?? ".";
            string own = Path.Combine(project, "data", "results");
            if (parsed.GetValue(results) is { } given && !Directory.Exists(given))
            {
                throw new InputException($"{given} does not exist; give a folder of recorded runs by --results.");
            }

            string from = parsed.GetValue(results) ?? (Records(own).Length > 0 ? own : Path.Combine(own, "recorded"));
            string[] files = Records(from);
            if (files.Length == 0)
            {
                throw new InputException($"{from} has no recorded runs; electra compare makes some, or give another folder by --results.");
            }

            bool json = parsed.GetValue(Terminal.Json);
            string folder = parsed.GetValue(output) ?? DefaultOutput(project);
            var runs = MeasuredSpeed.Added(from, files.Select(RunRecord.Read));
            var written = Write(folder, runs, json ? _ => { } : Terminal.Print, parsed.GetValue(texts));
            if (json)
            {
                Terminal.WriteJson(new { folder, files = written });
            }

            return 0;
        });
        return command;
    }

    /// <summary>The files of a folder that record runs, in the order of their names.</summary>
    public static string[] Records(string folder) =>
        Directory.Exists(folder) ? [.. Directory.GetFiles(folder, "*.json").Order(StringComparer.Ordinal)] : [];

    /// <summary>The option that names data whose texts the page shows; one for each command.</summary>
    public static Option<string?> TextsOption() => new("--texts")
    {
        Description = "Data set of the runs, by name or folder, whose test rows the page index.html shows as texts. Those of the project's "
            + "own data sets are always shown, of others numbers.",
    };

    /// <summary>Where charts go that nobody says a place for: beside the records, where git does not follow.</summary>
    /// <param name="project">The clone.</param>
    public static string DefaultOutput(string project) => Path.Combine(project, "data", "results", "charts");

    /// <summary>Writes tables and charts of runs, and says where.</summary>
    /// <param name="folder">Where they go.</param>
    /// <param name="runs">Recorded runs.</param>
    /// <param name="say">Told where they are.</param>
    /// <param name="texts">See <see cref="TextsOption"/>.</param>
    /// <param name="margin">See <see cref="ComparisonTable.Margin"/>.</param>
    /// <returns>Names of the files.</returns>
    public static IReadOnlyList<string> Write(string folder, IEnumerable<RunRecord> runs, Action<string> say, string? texts = null,
        double margin = ComparisonTable.DefaultMargin)
    {
        var (files, withoutPictures) = ChartFolder.Write(folder, runs, texts, margin);
        say($"Tables and charts are in {folder}: {string.Join(", ", files)}");
        if (withoutPictures is not null)
        {
            Terminal.Note(withoutPictures);
        }

        return files;
    }
}
