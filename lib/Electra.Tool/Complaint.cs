using System.CommandLine;
using System.CommandLine.Parsing;

namespace Electra.Tool;

/// <summary>Says what is wrong with what was typed, and what was probably meant.</summary>
internal static class Complaint
{
    /// <summary>The sentence about arguments that cannot be taken; null where they can.</summary>
    /// <param name="parsed">What was typed.</param>
    public static string? Of(ParseResult parsed)
    {
        if (Unknown(parsed) is not { } problem)
        {
            return null;
        }

        string where = string.Join(' ', Path(parsed.CommandResult.Command).Select(command => command.Name).Skip(1));
        return $"{problem}{(problem.EndsWith('?') ? " See" : "; see")}: electra {(where.Length > 0 ? where + " " : "")}--help.";
    }

    // An unknown word says more than the missing command or option that it was meant to be.
    private static string? Unknown(ParseResult parsed) =>
        TakenForText(parsed) is { } option ? $"There is no option {option}{Meant(parsed, option) ??
            $"; write -- before texts that begin with {option[..2]}: -- {option}"}"
        : parsed.UnmatchedTokens is [var unknown, ..] ? $"There is no command or option {unknown}{Meant(parsed, unknown)}"
        : parsed.Errors is [var error, ..] ? (OfValue(error.SymbolResult) ?? error.Message).TrimEnd('.')
        : null;

    // Where a command takes texts, the parser takes a mistyped option for one.
    private static string? TakenForText(ParseResult parsed)
    {
        int separator = parsed.Tokens.Select(token => token.Type).ToList().IndexOf(TokenType.DoubleDash);
        return parsed.Tokens.Take(separator < 0 ? parsed.Tokens.Count : separator)
            .Where(token => token.Type == TokenType.Argument && token.Value.StartsWith("--", StringComparison.Ordinal))
            .FirstOrDefault(token => parsed.CommandResult.Children.OfType<ArgumentResult>().Any(texts => texts.Tokens.Contains(token)))
            ?.Value;
    }

    private static string? Meant(ParseResult parsed, string word)
    {
        var command = parsed.CommandResult.Command;
        var names = command.Subcommands.Select(known => known.Name)
            .Concat(command.Options.Concat(Path(command).SkipLast(1).SelectMany(parent => parent.Options.Where(option => option.Recursive)))
                .Where(option => !option.Hidden).SelectMany(option => option.Aliases.Prepend(option.Name)));
        var nearest = names.Select(name => (Name: name, Distance: Distance(word, name))).OrderBy(found => found.Distance).FirstOrDefault();
        return nearest.Name is { } name && nearest.Distance <= Math.Max(1, Math.Min(word.Length, name.Length) / 3)
            ? $"; did you mean {name}?"
            : null;
    }

    private static IEnumerable<Command> Path(Command command) => command.Parents.OfType<Command>().SelectMany(Path).Append(command);

    private static string? OfValue(SymbolResult? result)
    {
        while (result is ArgumentResult)
        {
            result = result.Parent;
        }

        if (result is not OptionResult { Tokens: [var token, ..], Option: { } option })
        {
            return null;
        }

        var type = Nullable.GetUnderlyingType(option.ValueType) ?? option.ValueType;
        string? kind = type == typeof(int) && !int.TryParse(token.Value, out _) ? $"a whole number of at most {int.MaxValue:N0}"
            : type == typeof(double) && !double.TryParse(token.Value, out _) ? "a number, such as 0.5"
            : null;
        return kind is null ? null : $"{option.Name} is \"{token.Value}\"; it must be {kind}";
    }

    // Letters that are wrong, missing, too many or in each other's place (Damerau, with optimal string alignment).
    private static int Distance(string a, string b)
    {
        int[,] of = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++)
        {
            for (int j = 0; j <= b.Length; j++)
            {
                of[i, j] = i == 0 || j == 0 ? i + j
                    : Math.Min(Math.Min(of[i - 1, j], of[i, j - 1]) + 1, of[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    of[i, j] = Math.Min(of[i, j], of[i - 2, j - 2] + 1);
                }
            }
        }

        return of[a.Length, b.Length];
    }
}
