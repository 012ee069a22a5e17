using System.Collections;
using System.Globalization;
using System.Net;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;

namespace NotebookKernel;

/// <summary>
/// How values without a formatter of their own are shown: text for simple ones, a table for a sequence of records or a data frame,
/// a bounded tree for other objects. All of it is bounded, and all HTML is encoded.
/// </summary>
internal static class DefaultValue
{
    private const int MaxRows = 50;
    private const int MaxColumns = 30;
    private const int MaxMembers = 30;
    private const int MaxDepth = 4;
    private const int MaxNodes = 300;
    private const int MaxCell = 300;

    public static string[] MimeTypes(object? value) => value is HtmlText ? [NotebookKernel.MimeTypes.Html]
        : Table.Of(value) is not null || !IsSimple(value, 0) ? [NotebookKernel.MimeTypes.Html, NotebookKernel.MimeTypes.Plain]
        : [NotebookKernel.MimeTypes.Plain];

    /// <summary>A lazy sequence, evaluated once and as far as it will be shown.</summary>
    public static object? Snapshot(object? value) =>
        value is IEnumerable items and not (string or ICollection) && !HasOwnText(value.GetType())
        ? new Taken(Some(items, MaxRows + 1))
        : value;

    public static string Plain(object? value)
    {
        if (Table.Of(value) is { } table)
        {
            return table.Plain();
        }

        if (IsSimple(value, 0))
        {
            return Simple(value);
        }

        var text = new StringBuilder();
        new Tree(text, html: false).Write(value, 0);
        return text.ToString().TrimEnd('\n');
    }

    public static string Html(object? value)
    {
        if (value is HtmlText html)
        {
            return html.Text;
        }

        if (Table.Of(value) is { } table)
        {
            return table.Html();
        }

        if (IsSimple(value, 0))
        {
            return $"<pre>{WebUtility.HtmlEncode(Simple(value))}</pre>";
        }

        var text = new StringBuilder();
        new Tree(text, html: true).Write(value, 0);
        return text.ToString();
    }

    /// <summary>Whether one line or text says it all: values, types with a text of their own, and short sequences of such.</summary>
    private static bool IsSimple(object? value, int depth) => value switch
    {
        null or string or HtmlText or Type or Exception or Delegate => true,
        IDictionary => false,
        IEnumerable items => depth < 2 && Some(items, 20).All(i => IsSimple(i, depth + 1)),
        _ => value.GetType() is { IsPrimitive: true } or { IsEnum: true } || HasOwnText(value.GetType()),
    };

    /// <summary>Whether the type, and not the compiler or object, says what its text is.</summary>
    private static bool HasOwnText(Type type)
    {
        Type? declaring = type.GetMethod(nameof(ToString), [])?.DeclaringType;
        return declaring is not null && declaring != typeof(object) && declaring != typeof(ValueType)
            && declaring.GetMethod("PrintMembers", BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic,
                [typeof(StringBuilder)]) is null
            && !(declaring.IsDefined(typeof(CompilerGeneratedAttribute))
                && declaring.Name.Contains("AnonymousType", StringComparison.Ordinal));
    }

    private static string Simple(object? value) => value switch
    {
        null => "<null>",
        string text => text,
        Exception e => $"{e.GetType()}: {e.Message}",
        IFormattable f => f.ToString(null, CultureInfo.InvariantCulture),
        IEnumerable items when !HasOwnText(value.GetType()) => Sequence(items),
        _ => value.ToString() ?? "",
    };

    private static string Sequence(IEnumerable items)
    {
        List<object?> shown = Some(items, MaxRows + 1);
        string more = shown.Count <= MaxRows ? "" : items is ICollection all ? $", … ({all.Count:N0} items)" : ", …";
        return shown.Count == 0 ? "[ ]" : $"[ {string.Join(", ", shown.Take(MaxRows).Select(Cell))}{more} ]";
    }

    /// <summary>A value in a line.</summary>
    private static string Cell(object? value)
    {
        string text = IsSimple(value, 1) || value is not IEnumerable and not null && !IsRecord(value.GetType())
            ? Simple(value)
            : value is IEnumerable items ? Sequence(items) : value!.ToString() ?? "";
        text = text.ReplaceLineEndings(" ");
        return text.Length <= MaxCell ? text : text[..MaxCell] + "…";
    }

    private static List<object?> Some(IEnumerable items, int count)
    {
        var some = new List<object?>();
        foreach (object? item in items)
        {
            if (some.Count == count)
            {
                break;
            }

            some.Add(item);
        }

        return some;
    }

    private static DictionaryEntry[] Entries(IDictionary dictionary, int count)
    {
        var entries = new List<DictionaryEntry>();
        foreach (DictionaryEntry entry in dictionary)
        {
            if (entries.Count == count)
            {
                break;
            }

            entries.Add(entry);
        }

        return [.. entries];
    }

    private static bool IsRecord(Type type) =>
        !type.IsPrimitive && !type.IsEnum && !typeof(IEnumerable).IsAssignableFrom(type) && !HasOwnText(type) && Members(type).Length > 0;

    private static MemberInfo[] Members(Type type) =>
    [
        .. type.GetProperties(BindingFlags.Instance | BindingFlags.Public)
        .Where(
            p => p.GetMethod is { IsPublic: true } && p.GetIndexParameters().Length == 0 && !p.PropertyType.IsByRef
                && !p.PropertyType.IsByRefLike && !p.PropertyType.IsPointer),
        .. type.GetFields(BindingFlags.Instance | BindingFlags.Public).Where(f => !f.FieldType.IsPointer),
    ];

    private static object? Get(MemberInfo member, object owner)
    {
        try
        {
            return member is PropertyInfo property ? property.GetValue(owner) : ((FieldInfo)member).GetValue(owner);
        }
        catch (TargetInvocationException e)
        {
            return e.InnerException;
        }
    }

    private sealed class Taken(List<object?> items) : IEnumerable
    {
        public IEnumerator GetEnumerator() => items.GetEnumerator();
    }

    private sealed record Table(string[] Columns, List<string[]> Rows, string? More)
    {
        public static Table? Of(object? value)
        {
            if (value?.GetType().FullName == "Microsoft.Data.Analysis.DataFrame")
            {
                return OfDataFrame(value);
            }

            if (value is IDictionary dictionary && dictionary.Values.Cast<object?>().Take(20).All(v => IsSimple(v, 1)))
            {
                DictionaryEntry[] entries = Entries(dictionary, MaxRows);
                return new(["key", "value"], [.. entries.Select(e => new[] { DefaultValue.Cell(e.Key), DefaultValue.Cell(e.Value) })],
                    Left(dictionary.Count, entries.Length));
            }

            if (value is not IEnumerable items || value is string || HasOwnText(value.GetType()))
            {
                return null;
            }

            List<object?> rows = Some(items, MaxRows + 1);
            Type? type = rows.FirstOrDefault()?.GetType();
            if (type is null || !IsRecord(type) || rows.Any(r => r?.GetType() != type))
            {
                return null;
            }

            MemberInfo[] members = [.. Members(type).Take(MaxColumns)];
            int shown = Math.Min(rows.Count, MaxRows);
            string? more = rows.Count <= MaxRows ? null : items is ICollection all ? Left(all.Count, shown) : "more rows follow";
            return new([.. members.Select(m => m.Name)],
                [.. rows.Take(shown).Select(r => members.Select(m => DefaultValue.Cell(Get(m, r!))).ToArray())], more);
        }

        /// <summary>By shape, not by type: the notebook brings its own copy of the library.</summary>
        private static Table OfDataFrame(object frame)
        {
            Type type = frame.GetType();
            dynamic columns = type.GetProperty("Columns")!.GetValue(frame)!;
            dynamic rows = type.GetProperty("Rows")!.GetValue(frame)!;
            var names = new List<string>();
            foreach (dynamic column in columns)
            {
                names.Add((string)column.Name);
            }

            names = [.. names.Take(MaxColumns)];
            long count = rows.Count;
            int shown = (int)Math.Min(count, MaxRows);
            var cells = new List<string[]>();
            for (int i = 0; i < shown; i++)
            {
                dynamic row = rows[i];
                cells.Add([.. Enumerable.Range(0, names.Count).Select(c => DefaultValue.Cell((object?)row[c]))]);
            }

            return new([.. names], cells, Left(count, shown));
        }

        public string Html()
        {
            var text = new StringBuilder("<table><thead><tr>");
            text.AppendJoin("", Columns.Select(c => $"<th>{WebUtility.HtmlEncode(c)}</th>")).Append("</tr></thead><tbody>\n");
            foreach (string[] row in Rows)
            {
                text.Append("<tr>").AppendJoin("", row.Select(c => $"<td>{WebUtility.HtmlEncode(c)}</td>")).Append("</tr>\n");
            }

            text.Append("</tbody></table>");
            return More is null ? text.ToString() : text.Append($"\n<p>{More}</p>").ToString();
        }

        public string Plain()
        {
            int[] widths = [.. Columns.Select((c, i) => Math.Min(40, Rows.Select(r => r[i].Length).Append(c.Length).Max()))];
            string Line(string[] cells) =>
                string.Join("  ", cells.Select((c, i) => (c.Length > widths[i] ? c[..(widths[i] - 1)] + "…" : c).PadRight(widths[i])))
                    .TrimEnd();
            IEnumerable<string> lines = Rows.Select(Line).Prepend(Line([.. widths.Select(w => new string('-', w))])).Prepend(Line(Columns));
            return string.Join('\n', More is null ? lines : lines.Append(More));
        }

        private static string? Left(long all, int shown) => all > shown ? $"{all - shown:N0} more rows" : null;
    }

    /// <summary>An object's members, and theirs, until depth or number is reached.</summary>
    private sealed class Tree(StringBuilder text, bool html)
    {
        private readonly HashSet<object> _path = new(ReferenceEqualityComparer.Instance);
        private int _nodes;

        public void Write(object? value, int depth)
        {
            if (IsSimple(value, 1))
            {
                Leaf(DefaultValue.Cell(value));
                return;
            }

            if (depth >= MaxDepth || ++_nodes > MaxNodes || !_path.Add(value!))
            {
                Leaf(TypeName(value!.GetType()) + " …");
                return;
            }

            Open(TypeName(value!.GetType()), depth);
            (string Name, object? Value)[] members = value is IDictionary dictionary
                ? [.. Entries(dictionary, MaxMembers + 1).Select(e => (DefaultValue.Cell(e.Key), e.Value))]
                : value is IEnumerable items
                    ? [.. Some(items, MaxMembers + 1).Select((item, i) => (i.ToString(CultureInfo.InvariantCulture), item))]
                    : [.. Members(value.GetType()).Take(MaxMembers + 1).Select(m => (m.Name, Get(m, value)))];
            foreach ((string name, object? member) in members.Take(MaxMembers))
            {
                Member(name, member, depth);
            }

            if (members.Length > MaxMembers)
            {
                Member("…", "", depth);
            }

            Close();
            _path.Remove(value);
        }

        private void Leaf(string leaf) => text.Append(html ? WebUtility.HtmlEncode(leaf) : leaf + "\n");

        private void Open(string name, int depth)
            => text.Append(html
                ? $"<details{(depth == 0 ? " open" : "")}><summary>{WebUtility.HtmlEncode(name)}</summary><table><tbody>\n"
                : name + "\n");

        private void Member(string name, object? value, int depth)
        {
            text.Append(html ? $"<tr><td>{WebUtility.HtmlEncode(name)}</td><td>" : $"{new string(' ', 2 * (depth + 1))}{name}: ");
            Write(value, depth + 1);
            text.Append(html ? "</td></tr>\n" : "");
        }

        private void Close() => text.Append(html ? "</tbody></table></details>" : "");

        private static string TypeName(Type type)
        {
            if (type.Name.Contains("AnonymousType", StringComparison.Ordinal))
            {
                return "(anonymous)";
            }

            string name = type.Name.Split('`')[0];
            return type.IsGenericType ? $"{name}<{string.Join(", ", type.GetGenericArguments().Select(TypeName))}>" : name;
        }
    }
}
