using System.Text;
using Spectre.Console;

namespace Electra.Tool;

/// <summary>Lines for narrow terminals.</summary>
internal static class WordWrap
{
    private const int Indent = 6; // of a description that finds no room beside its name

    /// <summary>Wraps lines at words; what stands behind two blanks, the description of a name, goes on below itself.</summary>
    /// <param name="text">Lines; Korean letters take two columns.</param>
    /// <param name="width">The most columns.</param>
    public static string Wrap(string text, int width)
    {
        var wrapped = new StringBuilder();
        foreach (string line in text.Split('\n'))
        {
            Wrap(line, width, wrapped);
            wrapped.Append('\n');
        }

        wrapped.Length--; // text ends as it did
        return wrapped.ToString();
    }

    private static void Wrap(string line, int width, StringBuilder wrapped)
    {
        if (line.GetCellWidth() <= width)
        {
            wrapped.Append(line);
            return;
        }

        int begin = line.Length - line.TrimStart().Length;
        int gap = line.IndexOf("  ", begin, StringComparison.Ordinal);
        int column = gap < 0 ? begin : gap + line[gap..].Length - line[gap..].TrimStart().Length;
        int hanging = column <= width * 3 / 5 ? column : Indent;
        string first = line[..column];
        wrapped.Append(hanging == column ? first : $"{first.TrimEnd()}\n{new string(' ', hanging)}");
        int used = hanging;
        bool fresh = true;
        foreach (string word in line[column..].Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            int length = word.GetCellWidth();
            if (!fresh && used + 1 + length > width)
            {
                wrapped.Append('\n').Append(' ', hanging);
                (used, fresh) = (hanging, true);
            }

            wrapped.Append(fresh ? "" : " ").Append(word);
            used += length + (fresh ? 0 : 1);
            fresh = false;
        }
    }
}
