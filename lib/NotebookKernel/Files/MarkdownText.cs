using System.Text;

namespace NotebookKernel;

/// <summary>
/// Headings, links and anchors of a Markdown text; what stands in code and comments is none. Every search goes forward only, so
/// that the time grows with the text's length whatever is in it (regular expressions here took its square).
/// </summary>
public sealed class MarkdownText
{
    private readonly string _source;
    private readonly StringBuilder _prose = new(); // without code and comments
    private readonly List<int> _places = []; // of _prose's characters in the source
    private readonly StringBuilder _outline = new(); // as _prose, with what stands between backticks, which headings may have

    private readonly IReadOnlyList<(int Start, int End)> _links; // in the prose

    /// <summary>Reads a text.</summary>
    /// <param name="source">Markdown.</param>
    public MarkdownText(string source)
    {
        ArgumentNullException.ThrowIfNull(source);
        _source = source;
        Split();
        string prose = _prose.ToString();
        Headings = [.. Lines(_outline.ToString()).Select(HeadingOf).OfType<Heading>()];
        var tags = Attributes(prose).ToList();
        _links = [.. InlineLinks(prose), .. tags.Where(a => a.Name is "src" or "href").Select(a => (a.Start, a.End)),
            .. Definitions(prose)];
        Links = [.. _links.Select(link => prose[link.Start..link.End])];
        Anchors = [.. tags.Where(a => a.Name is "id" or "name").Select(a => prose[a.Start..a.End])];
    }

    /// <summary>The headings, in order.</summary>
    public IReadOnlyList<Heading> Headings { get; }

    /// <summary>Where links and images lead: of Markdown, of HTML, of definitions.</summary>
    public IReadOnlyList<string> Links { get; }

    /// <summary>The names of <c>&lt;a id="…"&gt;</c>.</summary>
    public IReadOnlyList<string> Anchors { get; }

    /// <summary>The text with other links and images; what stands in code and comments stays.</summary>
    /// <param name="replace">Gives the new target of each.</param>
    /// <returns>The whole text.</returns>
    public string WithLinks(Func<string, string> replace)
    {
        ArgumentNullException.ThrowIfNull(replace);
        var text = new StringBuilder();
        int done = 0;
        foreach ((int first, int last) in _links.Select(link => (_places[link.Start], _places[link.End - 1])).Order())
        {
            if (first >= done)
            {
                text.Append(_source, done, first - done).Append(replace(_source[first..(last + 1)]));
                done = last + 1;
            }
        }

        return text.Append(_source, done, _source.Length - done).ToString();
    }

    /// <summary>Finds an ever later next place of something: each character is looked at once, however often one asks.</summary>
    private sealed class Finder(Func<int, int> next)
    {
        private int _found = -1;

        /// <returns>The first place at or after <paramref name="from"/> (which never goes back), or <see cref="int.MaxValue"/>.</returns>
        public int From(int from)
        {
            if (_found < from)
            {
                _found = next(from) is >= 0 and int at ? at : int.MaxValue;
            }

            return _found;
        }
    }

    private static Finder Find(string text, string what) => new(from => text.IndexOf(what, from, StringComparison.Ordinal));

    private void Split()
    {
        Dictionary<int, int> closing = CodeSpans();
        Finder commentEnds = Find(_source, "-->");
        bool lineStart = true;
        for (int i = 0; i < _source.Length;)
        {
            if (lineStart && FenceEnd(i) is > 0 and int fence)
            {
                i = fence;
                continue;
            }

            char c = _source[i];
            if (c == '`')
            {
                int length = Run(i);
                if (closing.TryGetValue(i, out int close))
                {
                    _outline.Append(_source, i + length, close - i - length);
                    i = close;
                }
                else
                {
                    _outline.Append(_source, i, length);
                    _prose.Append(_source, i, length);
                    _places.AddRange(Enumerable.Range(i, length));
                }

                i += length;
                lineStart = false;
                continue;
            }

            if (c == '<' && string.CompareOrdinal(_source, i, "<!--", 0, 4) == 0 && commentEnds.From(i) is not int.MaxValue and int end)
            {
                i = end + 3;
                lineStart = false;
                continue;
            }

            _outline.Append(c);
            _prose.Append(c);
            _places.Add(i);
            lineStart = c == '\n';
            i++;
        }
    }

    /// <summary>Where each run of backticks that opens code is closed: by the next run of its length in the same paragraph.</summary>
    private Dictionary<int, int> CodeSpans()
    {
        var closing = new Dictionary<int, int>();
        var open = new Dictionary<int, int>(); // length → the last run, which the next one closes
        bool blank = true;
        for (int i = 0; i < _source.Length; i++)
        {
            char c = _source[i];
            if (c is '`' or '~')
            {
                int length = Run(i);
                if (blank && length >= 3)
                {
                    open.Clear(); // a fence ends the paragraph too
                }

                if (c == '`')
                {
                    if (open.TryGetValue(length, out int opening))
                    {
                        closing[opening] = i;
                    }

                    open[length] = i;
                }

                i += length - 1;
            }
            else if (c == '\n')
            {
                if (blank)
                {
                    open.Clear(); // an empty line ends the paragraph
                }

                blank = true;
                continue;
            }

            blank &= char.IsWhiteSpace(c);
        }

        return closing;
    }

    /// <returns>How often the character at a place is repeated from there.</returns>
    private int Run(int start)
    {
        int end = start + 1;
        while (end < _source.Length && _source[end] == _source[start])
        {
            end++;
        }

        return end - start;
    }

    /// <returns>Where the block of code ends whose fence stands at the beginning of this line; 0 where there is none.</returns>
    private int FenceEnd(int line)
    {
        int start = Indented(line);
        if (start == _source.Length || _source[start] is not ('`' or '~') || Run(start) is var length && length < 3)
        {
            return 0;
        }

        char mark = _source[start];
        int end = LineEnd(start);
        if (mark == '`' && _source.AsSpan(start + length, end - start - length).Contains('`'))
        {
            return 0; // code in a line
        }

        while (end < _source.Length)
        {
            int next = Indented(end + 1);
            int nextEnd = LineEnd(next);
            if (next < _source.Length && _source[next] == mark && Run(next) is var closing && closing >= length
                && _source.AsSpan(next + closing, nextEnd - next - closing).IsWhiteSpace())
            {
                return nextEnd;
            }

            end = nextEnd;
        }

        return end; // one that is not closed goes on to the end
    }

    private int Indented(int start)
    {
        int i = start;
        while (i < _source.Length && i < start + 3 && _source[i] == ' ')
        {
            i++;
        }

        return i;
    }

    private int LineEnd(int start) => _source.IndexOf('\n', start) is >= 0 and int end ? end : _source.Length;

    private static string[] Lines(string text) => text.Split('\n');

    private static Heading? HeadingOf(string line)
    {
        string text = line.TrimStart(' ');
        int level = text.Length - text.TrimStart('#').Length;
        if (line.Length - text.Length > 3 || level is 0 or > 6 || level == text.Length || text[level] is not (' ' or '\t'))
        {
            return null;
        }

        text = text[level..].Trim();
        string open = text.TrimEnd('#');
        // a closing row of # stands apart, that of C# does not
        text = open.Length == 0 || char.IsWhiteSpace(open[^1]) ? open.TrimEnd() : text;
        return text.Length == 0 ? null : new(level, text);
    }

    /// <summary>[text](target "title") and ![text](target).</summary>
    private static IEnumerable<(int Start, int End)> InlineLinks(string text)
    {
        Finder ends = new(from =>
        {
            while (from < text.Length && !(text[from] is ')' or '>' || char.IsWhiteSpace(text[from])))
            {
                from++;
            }

            return from < text.Length ? from : -1;
        });
        Finder parentheses = Find(text, ")");
        (int targetEnd, int linkEnd) = (-1, -1);
        for (int i = 0; (i = text.IndexOf("](", i, StringComparison.Ordinal)) >= 0;)
        {
            i = SkipBlanks(text, i + 2);
            int target = i < text.Length && text[i] == '<' ? i + 1 : i;
            int end = ends.From(target);
            if (end == int.MaxValue)
            {
                yield break; // nothing is closed from here on
            }

            if (end != targetEnd)
            {
                (targetEnd, linkEnd) = (end, LinkEnd(end)); // once for all links that would end here
            }

            if (linkEnd > 0 && end > target)
            {
                yield return (target, end);
                i = linkEnd;
            }
        }

        int LinkEnd(int end)
        {
            int blanks = text[end] == '>' ? end + 1 : end;
            int close = SkipBlanks(text, blanks);
            if (close > blanks && close < text.Length && text[close] is '"' or '\'' or '(')
            {
                close = parentheses.From(close); // behind a title
            }

            return close < text.Length && text[close] == ')' ? close + 1 : 0;
        }
    }

    private static int SkipBlanks(string text, int i)
    {
        while (i < text.Length && char.IsWhiteSpace(text[i]))
        {
            i++;
        }

        return i;
    }

    /// <summary>The attributes of HTML's links and images.</summary>
    private static IEnumerable<(string Name, int Start, int End)> Attributes(string text)
    {
        for (int i = 0; (i = text.IndexOf('<', i)) >= 0;)
        {
            i++;
            int name = i;
            while (i < text.Length && char.IsAsciiLetter(text[i]))
            {
                i++;
            }

            if (!text.AsSpan(name, i - name).Equals("a", StringComparison.OrdinalIgnoreCase)
                && !text.AsSpan(name, i - name).Equals("img", StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            int end = text.IndexOf('>', i);
            if (end < 0)
            {
                yield break;
            }

            while ((i = SkipBlanks(text, i)) < end)
            {
                int start = i;
                while (i < end && text[i] != '=' && !char.IsWhiteSpace(text[i]))
                {
                    i++;
                }

                string attribute = text[start..i].ToLowerInvariant();
                if ((i = SkipBlanks(text, i)) >= end || text[i] != '=')
                {
                    continue;
                }

                i = SkipBlanks(text, i + 1);
                int close = i < end && text[i] is '"' or '\'' ? text.IndexOf(text[i], i + 1, end - i - 1) : -1;
                if (close > i + 1)
                {
                    yield return (attribute, i + 1, close);
                }

                i = close >= 0 ? close + 1 : i + 1;
            }

            i = end;
        }
    }

    /// <summary>[name]: target, but not a footnote.</summary>
    private static IEnumerable<(int Start, int End)> Definitions(string text)
    {
        int start = 0;
        foreach (string line in Lines(text))
        {
            string rest = line.TrimStart(' ');
            int end = rest.IndexOf("]:", StringComparison.Ordinal);
            if (line.Length - rest.Length <= 3 && end >= 2 && rest[0] == '[' && !rest.AsSpan(0, end).ContainsAny('^', ']'))
            {
                rest = rest[(end + 2)..].TrimStart();
                rest = rest.StartsWith('<') ? rest[1..] : rest;
                int length = rest.AsSpan().IndexOfAny(" \t>") is >= 0 and int at ? at : rest.TrimEnd().Length;
                if (length > 0)
                {
                    yield return (start + line.Length - rest.Length, start + line.Length - rest.Length + length);
                }
            }

            start += line.Length + 1;
        }
    }
}
