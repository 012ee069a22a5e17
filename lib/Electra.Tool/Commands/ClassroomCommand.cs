using System.CommandLine;
using Electra.Tool.Classroom;

namespace Electra.Tool.Commands;

/// <summary><c>electra classroom</c>: what a class without a network needs, from one stick.</summary>
internal static class ClassroomCommand
{
    public static Command Create()
    {
        Argument<string> folder = new("FOLDER")
        {
            Description = "Where it goes: a new or empty folder, or one that this command wrote, which it renews; what was changed in " +
                "its workspace is gone then.",
        };
        Option<string[]> systems = new("--systems")
        {
            Description = "The laptops' systems: win-x64, osx-arm64, linux-x64. Default: what FOLDER was written for, or this machine's.",
            HelpName = "RID,RID",
            AllowMultipleArgumentsPerToken = true,
            DefaultValueFactory = _ => [],
        };
        Option<bool> check = new("--check")
        {
            Description = "Write nothing: say whether all that was written is there, which a copy may have lost, and which installers " +
                "are missing.",
        };
        var command = new Command(
            "classroom", "Writes what a class without a network needs: workspace, packages, pages, a sheet, and a place for installers.")
        {
            folder, systems, check,
        };
        command.SetAction((parsed, cancellation) => Task.Run(() => Interruption.KeptInParts(() =>
        {
            string target = parsed.GetValue(folder)!;
            string root = ProjectFolder.Find()
                ?? throw new InputException("electra classroom copies the project that it is built in; run it in a clone.");
            ClassroomSystem[] wanted = ClassroomSystem.Parse(parsed.GetValue(systems)!);
            var place = new ClassroomFolder(target);
            ClassroomContent? known = place.Read();
            if (parsed.GetValue(check))
            {
                InputException.ThrowUnless(known is { Files.Count: > 0 },
                    $"{target} is not written to its end; electra classroom {target} writes it, or goes on.");
                return Report(parsed, target, place, known!);
            }

            wanted = wanted.Length > 0 ? wanted : known is null ? [ClassroomSystem.Current] : ClassroomSystem.Parse(known.Systems);
            return Report(parsed, target, place, place.Write(root, wanted, cancellation));
        })));
        return command;
    }

    private static int Report(ParseResult parsed, string folder, ClassroomFolder place, ClassroomContent content)
    {
        string[] missing = place.Missing(content);
        var installers = place.Installers(content);
        int packages = content.Files.Keys.Count(file => file.StartsWith("packages/", StringComparison.Ordinal));
        long bytes = content.Files.Values.Sum();
        if (parsed.GetValue(Terminal.Json))
        {
            Terminal.WriteJson(new
            {
                folder,
                sdk = content.Sdk,
                systems = content.Systems,
                files = content.Files.Count,
                packages,
                bytes,
                missing,
                installers = installers.Select(one => new
                {
                    system = one.Installer.System,
                    what = one.Installer.What,
                    patterns = one.Installer.Patterns,
                    page = one.Installer.Page,
                    file = one.File,
                }),
            });
        }
        else
        {
            Terminal.Print($"{folder}: {ClassroomSheet.Gigabytes(bytes)} for {string.Join(", ", content.Systems)}, " +
                $"{Terminal.Count(content.Files.Count, "file")}, {packages} of them packages, SDK {content.Sdk}; " +
                (missing.Length == 0 ? "all there. Print sheet.html."
                    : $"missing or cut: {string.Join(", ", missing.Take(5))}" +
                    $"{(missing.Length > 5 ? $" and {missing.Length - 5:N0} more" : "")}. Write it or copy it again."));
            foreach (var system in installers.Where(one => one.File is null).GroupBy(one => one.Installer.System))
            {
                Terminal.Print($"installers for {system.Key} still missing: " + string.Join(", ", system.Select(one =>
                    $"{one.Installer.What} ({one.Installer.Patterns[0]})")) + "; installers/README.md says from where.");
            }
        }

        return missing.Length > 0 ? Terminal.Failed : 0;
    }
}
