using Spectre.Console;

namespace Electra.Tool;

/// <summary>
/// A table of results that stays readable on narrow terminals: columns that matter less are left out, and where that is not enough every
/// row becomes a block of lines. Words and numbers are never split. In a pipe it is Markdown, of any width.
/// </summary>
/// <param name="columns">The names of the columns.</param>
internal sealed class ResultTable(params string[] columns)
{
    private const int Frame = 3; // columns of the terminal that a border and the blanks around a cell take
    private const int ProseWords = 5; // a cell of so many words is wrapped between them
    private const int NarrowestProse = 20;

    private readonly List<string[]> _rows = [];

    /// <summary>How many columns at the end may be left out, the last one first.</summary>
    public int Optional { get; init; }

    /// <summary>Adds a row.</summary>
    /// <param name="cells">Spectre's markup, one a column.</param>
    public void AddRow(params string[] cells) => _rows.Add(cells);

    /// <summary>Prints it as Markdown.</summary>
    public void WriteMarkdown(IAnsiConsole console)
    {
        var table = new Table { Border = TableBorder.Markdown };
        foreach (string column in columns)
        {
            table.AddColumn(new TableColumn(Markup.Escape(column)) { NoWrap = true });
        }

        foreach (string[] row in _rows)
        {
            table.AddRow(row);
        }

        console.Write(table);
    }

    /// <summary>Prints it within the width of a terminal.</summary>
    /// <returns>The columns that were left out.</returns>
    public IReadOnlyList<string> Write(IAnsiConsole console)
    {
        int width = console.Profile.Width;
        for (int shown = columns.Length; shown >= columns.Length - Optional; shown--)
        {
            if (Widths(shown, width) is { } widths)
            {
                WriteTable(console, widths);
                return columns[shown..];
            }
        }

        WriteBlocks(console);
        return [];
    }

    private static string Plain(string markup) => Markup.Remove(markup);

    private static bool IsProse(string plain) => plain.Split(' ').Length >= ProseWords;

    // The width of each of the first columns, without its frame; null where they find no room.
    private int[]? Widths(int shown, int width)
    {
        int[] natural = new int[shown];
        int[] least = new int[shown];
        for (int i = 0; i < shown; i++)
        {
            string[] cells = [.. _rows.Select(row => Plain(row[i])).Prepend(columns[i])];
            natural[i] = cells.Max(cell => cell.GetCellWidth());
            least[i] = cells.Any(IsProse)
                ? Math.Min(natural[i], Math.Max(NarrowestProse, cells.Max(cell => cell.Split(' ').Max(word => word.GetCellWidth()))))
                : natural[i];
        }

        int left = width - (Frame * shown) - 1 - least.Sum();
        if (left < 0)
        {
            return null;
        }

        // What is left goes to the columns that are wrapped, the widest first.
        int missing = natural.Sum() - least.Sum();
        return missing <= left
            ? natural
            : [.. least.Zip(natural, (narrow, wide) => narrow + (int)((long)left * (wide - narrow) / missing))];
    }

    private void WriteTable(IAnsiConsole console, int[] widths)
    {
        var table = new Table { Border = TableBorder.Rounded };
        foreach (var (column, width) in columns.Zip(widths))
        {
            table.AddColumn(new TableColumn(Markup.Escape(column)) { Width = width });
        }

        foreach (string[] row in _rows)
        {
            table.AddRow(row[..widths.Length]);
        }

        console.Write(table);
    }

    private void WriteBlocks(IAnsiConsole console)
    {
        int name = columns.Max(column => column.GetCellWidth());
        foreach (string[] row in _rows)
        {
            foreach (var (i, (column, cell)) in columns.Zip(row.Select(Plain)).Index())
            {
                string pad = new(' ', name - column.GetCellWidth() + 2);
                string line = cell.Length > 0 ? $"{(i == 0 ? "" : "  ")}{column}{pad}{(i == 0 ? "  " : "")}{cell}" : "";
                if (line.Length > 0)
                {
                    console.Profile.Out.Writer.WriteLine(WordWrap.Wrap(line, console.Profile.Width));
                }
            }
        }
    }
}
