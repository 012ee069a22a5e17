using System.CommandLine;
using Electra.Tool.Edition;
using Electra.Tool.Site;
using NotebookKernel;

namespace Electra.Tool.Commands;

/// <summary><c>electra notebooks run</c>, <c>compare</c>, <c>check</c>, <c>sync</c> and <c>export</c>.</summary>
internal static class NotebooksCommand
{
    private const string WithoutEdition = "Notebooks, and folders of notebooks; a folder's Korean edition (ko) only where it is named.";

    public static Command Create() => new(
        "notebooks",
        "Runs the course's notebooks, or any C# notebooks, checks them, keeps the Korean edition in step, and makes web pages.")
    {
        Run(), Compare(), Check(), Sync(), Export(),
    };

    private static Argument<string[]> Paths(string description) => new("PATHS")
    {
        Description = description,
        Arity = ArgumentArity.ZeroOrMore,
        DefaultValueFactory = _ => ["notebooks"],
    };

    private static Option<double> Timeout()
    {
        Option<double> timeout = new("--timeout")
        {
            Description = "Seconds that one cell may take.",
            HelpName = "S",
            DefaultValueFactory = _ => 600,
        };
        timeout.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double>() is not (> 0 and <= 86_400))
            {
                result.AddError("--timeout takes seconds between 0 and 86400.");
            }
        });
        return timeout;
    }

    private static Command Run()
    {
        Argument<string[]> paths = Paths(WithoutEdition);
        Option<bool> write = new("--write") { Description = "Store outputs and execution counts in notebooks that ran without failure." };
        Option<bool> interactive = new("--interactive")
        {
            Description = "Run them in .NET Interactive, the kernel of Polyglot Notebooks ('dotnet tool restore' installs it).",
        };
        Option<double> timeout = Timeout();
        Option<bool> keepGoing = new("--keep-going") { Description = "Go on with the next cell and the next notebook after a failure." };
        var command = new Command("run", "Runs notebooks from top to bottom, each in a fresh process and from its own folder.")
        {
            paths, write, interactive, timeout, keepGoing,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(write) && result.GetValue(interactive))
            {
                result.AddError("--write stores what this project's own kernel shows; leave out --interactive.");
            }
        });
        command.SetAction(async (parsed, cancel) =>
        {
            var options = new RunOptions
            {
                Host = parsed.GetValue(interactive) ? NotebookHost.Interactive : NotebookHost.Own,
                Write = parsed.GetValue(write),
                CellTimeout = TimeSpan.FromSeconds(parsed.GetValue(timeout)),
                KeepGoing = parsed.GetValue(keepGoing),
            };
            bool asJson = parsed.GetValue(Terminal.Json);
            string[] notebooks = KoreanEdition.LeaveOut(parsed.GetValue(paths)!);
            if (options.Host == NotebookHost.Interactive && Missing(notebooks) is { } missing)
            {
                throw new NotebookException(missing);
            }

            IReadOnlyList<NotebookResult> results = await NotebookRunner.RunAsync(notebooks, options, asJson ? null : Show, cancel);
            if (asJson)
            {
                Terminal.WriteJson(new
                {
                    notebooks = results.Select(r => new
                    {
                        path = r.Path,
                        cells = r.Cells,
                        seconds = Math.Round(r.Time.TotalSeconds, 2),
                        written = r.Written,
                        failures = r.Failures.Select(f => new { cell = f.Cell, execution_count = f.ExecutionCount, message = f.Message }),
                    }),
                });
            }
            else
            {
                foreach (NotebookResult r in results)
                {
                    Console.WriteLine(Terminal.Clean($"{r.Path}: {r.Cells} cells in {r.Time.TotalSeconds:0.0} " +
                        $"s{(r.Written ? ", stored" : "")}{(r.Failures.Count > 0 ? ", failed" : "")}"));
                    foreach (CellFailure failure in r.Failures)
                    {
                        Console.Error.WriteLine(Terminal.Clean(
                            $"{r.Path}, cell {failure.Cell} ([{failure.ExecutionCount}]): {failure.Message}"));
                    }
                }
            }

            return results.Any(r => r.Failures.Count > 0) ? 1 : 0;
        });
        return command;
    }

    /// <summary>Why .NET Interactive cannot run notebooks, or null: their folder is where the tool is looked for.</summary>
    private static string? Missing(string[] notebooks)
        => InteractiveHost.Missing(Path.GetDirectoryName(Path.GetFullPath(notebooks[0]))!);

    private static Command Compare()
    {
        Argument<string[]> paths = Paths(WithoutEdition);
        Option<double> timeout = Timeout();
        var command = new Command(
            "compare",
            "Runs notebooks here and in .NET Interactive, two at a time on one thread each, and compares them with what is stored.")
        {
            paths, timeout,
        };
        command.SetAction(async (parsed, cancel) =>
        {
            bool asJson = parsed.GetValue(Terminal.Json);
            string[] notebooks = KoreanEdition.LeaveOut(parsed.GetValue(paths)!);
            string? missing = Missing(notebooks);
            NotebookHost[] hosts = missing is null ? [NotebookHost.Own, NotebookHost.Interactive] : [NotebookHost.Own];
            if (!asJson && missing is not null)
            {
                Console.WriteLine($".NET Interactive is skipped: {missing}");
            }

            var runs = new List<HostRun>();
            await HostRuns.RunAsync(notebooks, hosts, TimeSpan.FromSeconds(parsed.GetValue(timeout)), Report, cancel);
            bool isWell = runs.All(run => run.Findings.Count == 0);
            if (asJson)
            {
                var results = runs.Select(run => new { run.Path, host = run.HostName, run.Did, run.Findings });
                Terminal.WriteJson(new { runs = results, skipped = missing });
            }
            else
            {
                Console.WriteLine(!isWell ? $"{runs.Sum(run => run.Findings.Count)} findings."
                    : missing is null ? "All runs show what is stored, and the same as each other."
                    : "All runs show what is stored; nothing was compared with .NET Interactive.");
            }

            return isWell ? 0 : Terminal.Failed;

            void Report(HostRun run)
            {
                runs.Add(run);
                if (!asJson)
                {
                    Console.WriteLine($"{run.Path} in {run.HostName}: {run.Did}{(run.Findings.Count > 0 ? ", failed" : "")}");
                    foreach (string finding in run.Findings)
                    {
                        Console.Error.WriteLine($"{run.Path} in {run.HostName}, {finding}");
                    }
                }
            }
        });
        return command;
    }

    private static Command Check()
    {
        Argument<string[]> paths = Paths("Notebooks, and folders of notebooks.");
        var command = new Command(
            "check",
            "Checks links, images, outputs, headings, numbers, paths and sizes, and the Korean edition, running nothing.")
        {
            paths,
        };
        command.SetAction(parsed =>
        {
            IReadOnlyList<string> notebooks = NotebookRunner.Find(parsed.GetValue(paths)!);
            CheckFinding[] findings =
            [
                .. notebooks.Select(Notebook.Load)
                    .SelectMany(n => NotebookCheck.Check(n).Concat(CourseRules.Check(n)).Concat(NumberRule.Check(n))),
                .. EditionCheck.Check(notebooks),
            ];
            if (parsed.GetValue(Terminal.Json))
            {
                Terminal.WriteJson(new { findings });
            }
            else
            {
                foreach (CheckFinding finding in findings)
                {
                    Console.WriteLine(Terminal.Clean($"{finding}"));
                }

                Console.WriteLine(findings.Length == 0 ? "The notebooks keep all rules." : $"{findings.Length} findings.");
            }

            return findings.Length > 0 ? 1 : 0;
        });
        return command;
    }

    private static Command Sync()
    {
        Argument<string> folder = new("FOLDER")
        {
            Description = "The folder of the English notebooks; the Korean ones lie in its folder ko.",
            DefaultValueFactory = _ => "notebooks",
        };
        Option<string?> texts = new("--texts")
        {
            Description = "Make or renew Korean notebooks from texts: NAME.json and solutions/NAME.json in this folder, each an object " +
                "from the ids of cells to Korean Markdown, with links as in English.",
            HelpName = "DIR",
        };
        Option<string[]> translated = new("--translated")
        {
            Description = "Record that the Korean texts of these cells (ID,ID) say what the English ones say today; all: all that are " +
                "Korean.",
            HelpName = "IDS",
            AllowMultipleArgumentsPerToken = true,
            DefaultValueFactory = _ => [],
        };
        var command = new Command(
            "sync", "Carries code, outputs, metadata and order of cells from the English notebooks to the Korean ones, whose texts stay.")
        {
            folder, texts, translated,
        };
        command.SetAction(parsed =>
        {
            string course = parsed.GetValue(folder)!;
            if (!Directory.Exists(course))
            {
                throw new InputException($"{course} is no folder; give that of the English notebooks.");
            }

            var edition = new KoreanEdition(course);
            string[] ids = [.. parsed.GetValue(translated)!
                .SelectMany(some => some.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))];
            IReadOnlyList<EditionNotebook> plans = new EditionSync(edition, parsed.GetValue(texts), ids).Plan();
            foreach (EditionNotebook plan in plans)
            {
                plan.Save();
            }

            string[] missing = [.. edition.Originals.Except(plans.Select(plan => plan.Relative)).Select(edition.Original)
                .Select(KoreanEdition.Show)];
            if (parsed.GetValue(Terminal.Json))
            {
                Terminal.WriteJson(new
                {
                    notebooks = plans.Select(plan => new
                    {
                        path = KoreanEdition.Show(plan.Korean.Path),
                        written = plan.IsChanged,
                        carried = plan.Carried,
                        added = plan.Added,
                        removed = plan.Removed,
                        texts = plan.Texts,
                        outdated = plan.Outdated,
                        untranslated = plan.Untranslated,
                    }),
                    missing,
                });
            }
            else
            {
                Report(plans, missing);
            }

            return 0;
        });
        return command;
    }

    private static Command Export()
    {
        Argument<string> folder = new("FOLDER")
        {
            Description = "Where the pages go: a folder that is not there yet, or is empty. Open its index.html.",
        };
        Option<string> course = new("--course")
        {
            Description = "The folder of the English notebooks; its Korean edition (ko) and its Markdown become pages too.",
            HelpName = "DIR",
            DefaultValueFactory = _ => "notebooks",
        };
        Option<string?> repository = new("--repository")
        {
            Description = "Where the project's files can be read, for links to what is no page, such as the library's code: " +
                "https://HOST/OWNER/NAME/blob/main. Without it these links are plain texts.",
            HelpName = "URL",
        };
        repository.Validators.Add(result =>
        {
            if (!Uri.TryCreate(result.GetValueOrDefault<string?>(), UriKind.Absolute, out Uri? url) || url.Scheme is not "https")
            {
                result.AddError("--repository takes an address that begins with https://.");
            }
        });
        var command = new Command(
            "export", "Writes the course as web pages with its stored outputs, for who installs nothing: no scripts, network or server.")
        {
            folder, course, repository,
        };
        command.SetAction(parsed =>
        {
            string target = parsed.GetValue(folder)!;
            CourseSite.CheckEmpty(target);
            CourseSite site = CourseSite.Of(parsed.GetValue(course)!, parsed.GetValue(repository));
            site.Write(target);
            if (parsed.GetValue(Terminal.Json))
            {
                Terminal.WriteJson(new
                {
                    folder = target,
                    pages = site.Pages,
                    pictures = site.Pictures,
                    bytes = site.Files.Values.Sum(content => (long)content.Length),
                });
            }
            else
            {
                Console.WriteLine(Terminal.Clean($"{Terminal.Count(site.Pages, "page")} and {Terminal.Count(site.Pictures, "picture")} " +
                    $"in {target}; open {Path.Combine(target, "index.html")}."));
            }

            return 0;
        });
        return command;
    }

    private static void Report(IReadOnlyList<EditionNotebook> plans, string[] missing)
    {
        foreach (EditionNotebook plan in plans)
        {
            string[] parts =
            [
                .. plan.IsChanged ? (string[])[plan.IsStored ? "renewed" : "made"] : [],
                .. plan.IsEnglishChanged ? (string[])["a link to it added to the English notebook"] : [],
                .. Cells("carried over", plan.Carried),
                .. Cells("new", plan.IsStored ? plan.Added : []),
                .. Cells("gone", plan.Removed),
                .. plan.IsReordered ? (string[])["put in order"] : [],
                .. Cells("texts", plan.Texts),
                .. Cells("in English still", plan.Untranslated),
                .. Cells("English changed after the Korean", plan.Outdated),
            ];
            if (parts.Length > 0)
            {
                Console.WriteLine(Terminal.Clean($"{KoreanEdition.Show(plan.Korean.Path)}: {string.Join("; ", parts)}"));
            }
        }

        foreach (string notebook in missing)
        {
            Console.WriteLine(Terminal.Clean($"{notebook}: not in Korean; --texts makes it"));
        }

        Console.WriteLine($"{Terminal.Count(plans.Count, "Korean notebook")}, {plans.Count(plan => plan.IsChanged)} written.");

        static string[] Cells(string what, List<string> ids) => ids.Count > 0 ? [$"{what}: {string.Join(", ", ids)}"] : [];
    }

    /// <summary>One line a cell; on a terminal the running cell is shown too.</summary>
    private static void Show(CellProgress progress)
    {
        string line = Terminal.Clean($"{progress.Path} {progress.Cell}/{progress.Cells}");
        if (progress.Time is { } time)
        {
            Console.WriteLine(
                $"{(Console.IsOutputRedirected ? "" : "\r")}{line} {time.TotalSeconds:0.0} s{(progress.Failure is null ? "" : " failed")}");
        }
        else if (!Console.IsOutputRedirected)
        {
            Console.Write($"{line} …");
        }
    }
}
