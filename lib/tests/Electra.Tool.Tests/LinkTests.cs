using System.Text.RegularExpressions;

namespace Electra.Tool.Tests;

/// <summary>
/// Links in the project's Markdown lead to files and headings that are there. Those in notebooks are checked by <c>notebooks check</c>.
/// </summary>
public partial class LinkTests
{
    private static readonly string Root = ProjectFolder.Find()!;

    [Fact]
    public void Every_link_in_Markdown_leads_somewhere()
    {
        string[] files = [.. Directory.GetFiles(Root, "*.md", SearchOption.AllDirectories)
            .Where(file => !Skipped().IsMatch(Path.GetRelativePath(Root, file).Replace('\\', '/')))];
        var links = files.SelectMany(file => Link().Matches(Text(file)).Select(link => (File: file, Target: link.Groups[1].Value)))
            .ToList();
        Assert.True(files.Length > 5 && links.Count > 30, $"{links.Count} links in {files.Length} files"); // the reading works
        Assert.Empty(links.Where(link => !Leads(link.File, link.Target))
            .Select(link => $"{Path.GetRelativePath(Root, link.File)}: {link.Target}"));
    }

    [Theory]
    [InlineData("README.md#two-commands", true)]
    [InlineData("README.md#two-command", false)]
    [InlineData("READ.md", false)]
    [InlineData("https://example.org/not/asked", true)]
    public void What_leads_nowhere_is_seen(string link, bool leads) => Assert.Equal(leads, Leads(Path.Combine(Root, "CHANGELOG.md"), link));

    private static bool Leads(string from, string link)
    {
        if (Scheme().IsMatch(link))
        {
            return true;
        }

        string[] parts = link.Split('#', 2);
        string file = parts[0].Length == 0 ? from : Path.Combine(Path.GetDirectoryName(from)!, Uri.UnescapeDataString(parts[0]));
        return parts.Length == 1
            ? Path.Exists(file)
            : File.Exists(file) && Heading().Matches(Text(file)).Any(heading => Anchor(heading.Groups[1].Value) == parts[1]);
    }

    // Without blocks of code, in which brackets are C#.
    private static string Text(string file) => CodeBlock().Replace(File.ReadAllText(file).ReplaceLineEndings("\n"), "");

    // As code-hosting sites make anchors of headings.
    private static string Anchor(string heading) =>
        string.Concat(heading.Trim().ToLowerInvariant().Where(c => char.IsLetterOrDigit(c) || c is ' ' or '-' or '_')).Replace(' ', '-');

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^[a-z]+:")]
    private static partial Regex Scheme();

    [GeneratedRegex(@"^#+ (.*)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex("```.*?```", RegexOptions.Singleline)]
    private static partial Regex CodeBlock();

    [GeneratedRegex("(^|/)(bin|obj|node_modules)/")]
    private static partial Regex Skipped();
}
