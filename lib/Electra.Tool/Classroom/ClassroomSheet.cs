using System.Net;
using System.Text.RegularExpressions;

namespace Electra.Tool.Classroom;

/// <summary>What people read beside the workspace: one printed page in both languages, and which installers belong there.</summary>
internal static partial class ClassroomSheet
{
    private static readonly string[] Commands = ["./electra compare", "dotnet test -c Release"]; // the README's

    /// <summary>The sheet.</summary>
    /// <param name="systems">The systems that the folder is for.</param>
    /// <param name="sdk">The SDK that its packages belong to.</param>
    /// <param name="asked">The SDK that the project asks for.</param>
    /// <param name="bytes">How much is copied.</param>
    public static string Html(ClassroomSystem[] systems, string sdk, string asked, long bytes)
    {
        string page = Place().Replace(ClassroomFolder.Resource("sheet.html"), place => place.Groups[1].Value switch
        {
            "installers" => string.Join('\n', systems.Select(system => $"<tr><td>{Encode(system.Name)}</td><td>" +
                $"{string.Join(", ", system.Installers(sdk).Select(one => $"<code>{Encode(one.Patterns[0])}</code>"))}</td></tr>")),
            "commands" => Encode(string.Join('\n', Commands)),
            "systems" => Encode(string.Join(", ", systems.Select(system => system.Name))),
            "size" => Gigabytes(bytes),
            "free" => Gigabytes(bytes + Built),
            "asked" => Encode(asked),
            _ => Encode(sdk),
        });
        return systems.Any(system => system.Rid == "win-x64") ? page : OnlyWindows().Replace(page, "");
    }

    /// <summary>Which installers belong into their folder, and where a person downloads them.</summary>
    public static string Installers(ClassroomSystem[] systems, string sdk) => $"""
        # Installers

        Download these and put them into this folder; `electra classroom FOLDER --check` says which are missing.

        | for | what | file | from |
        | --- | --- | --- | --- |
        {string.Join('\n', systems.SelectMany(system => system.Installers(sdk).Select(one =>
            $"| {system.Name} | {one.What} | {string.Join(" or ", one.Patterns.Select(name => $"`{name}`"))} | {one.Page} |")))}

        Take the SDK {sdk}, no other: the packages beside this folder belong to it. Take the extension's latest release for each system
        (*Version History*), no pre-release: one that is made for a newer editor does not install. On Linux unpack the SDK into `~/.dotnet`,
        put that folder on the `PATH` and into `DOTNET_ROOT`, and see that the package `libgomp1` is there, which libtorch needs.

        """;

    /// <summary>Bytes in words.</summary>
    public static string Gigabytes(long bytes) => $"{bytes / 1e9:0.0} GB";

    private const long Built = 4_000_000_000; // packages unpacked, and everything built from them

    private static string Encode(string text) => WebUtility.HtmlEncode(text);

    [GeneratedRegex(@"\{([a-z]+)\}")]
    private static partial Regex Place();

    [GeneratedRegex(@"<(li|p) class=""windows"">.*</\1>\n")]
    private static partial Regex OnlyWindows();
}
