using System.Net;
using System.Text;

namespace Electra.Tool.Site;

/// <summary>
/// Writes the TeX of the lessons' formulas as MathML Core (https://www.w3.org/TR/mathml-core), which browsers typeset without scripts.
/// What it does not know is an error, so that no formula is shown half.
/// </summary>
internal sealed class MathMl
{
    private const int Deepest = 50; // braces in braces

    private static readonly Dictionary<string, string> Letters = new()
    {
        ["alpha"] = "α",
        ["beta"] = "β",
        ["gamma"] = "γ",
        ["delta"] = "δ",
        ["epsilon"] = "ϵ",
        ["theta"] = "θ",
        ["kappa"] = "κ",
        ["lambda"] = "λ",
        ["mu"] = "μ",
        ["pi"] = "π",
        ["rho"] = "ρ",
        ["sigma"] = "σ",
        ["tau"] = "τ",
        ["phi"] = "ϕ",
        ["ell"] = "ℓ",
        ["top"] = "⊤",
        ["infty"] = "∞",
        ["ldots"] = "…",
    };

    private static readonly Dictionary<string, string> Operators = new()
    {
        ["cdot"] = "⋅",
        ["times"] = "×",
        ["approx"] = "≈",
        ["le"] = "≤",
        ["ge"] = "≥",
        ["lt"] = "<",
        ["gt"] = ">",
        ["ne"] = "≠",
        ["pm"] = "±",
        ["in"] = "∈",
        ["to"] = "→",
    };

    private static readonly HashSet<string> Functions = ["exp", "ln", "log", "tanh", "max", "min"];

    private static readonly Dictionary<string, string> Spaces = new()
    {
        ["qquad"] = "2em",
        ["quad"] = "1em",
    };

    private readonly string _tex;
    private int _at;
    private int _depth;

    private MathMl(string tex) => _tex = tex;

    /// <summary>A formula as an element <c>math</c>, with its TeX beside it for who copies it.</summary>
    /// <param name="tex">What stands between the dollars.</param>
    /// <param name="isBlock">Whether it stands on a line of its own.</param>
    /// <exception cref="FormatException">The formula has what this does not know; the message says what.</exception>
    public static string Of(string tex, bool isBlock)
    {
        tex = tex.ReplaceLineEndings(" ").Trim();
        var formula = new MathMl(tex);
        string row = formula.Row("");
        return $"<math{(isBlock ? " display=\"block\"" : "")}><semantics>{row}" +
            $"<annotation encoding=\"application/x-tex\">{WebUtility.HtmlEncode(tex)}</annotation></semantics></math>";
    }

    /// <summary>Everything up to an end, which is taken too: <c>}</c>, <c>right</c>, or nothing for the end of the formula.</summary>
    private string Row(string end)
    {
        if (++_depth > Deepest)
        {
            throw new FormatException($"braces deeper than {Deepest}");
        }

        var row = new StringBuilder("<mrow>");
        bool isOpen = true; // at the beginning, and behind a sign or a parenthesis: a minus here belongs to what follows
        while (true)
        {
            Blanks();
            if (_at == _tex.Length)
            {
                if (end.Length > 0)
                {
                    throw new FormatException(end == "}" ? "a { without }" : "a \\left without \\right");
                }

                break;
            }

            if (end == "}" && _tex[_at] == '}')
            {
                _at++;
                break;
            }

            if (end == "right" && string.CompareOrdinal(_tex, _at, @"\right", 0, 6) == 0)
            {
                _at += 6;
                break;
            }

            string atom = Atom(isOpen, out isOpen, out bool hasLimits);
            row.Append(Scripts(atom, hasLimits));
        }

        _depth--;
        return row.Append("</mrow>").ToString();
    }

    /// <summary>An atom with what stands below and above it.</summary>
    private string Scripts(string atom, bool hasLimits)
    {
        string? below = null;
        string? power = null;
        string primes = "";
        for (Blanks(); _at < _tex.Length && _tex[_at] is '_' or '^' or '\''; Blanks())
        {
            char kind = _tex[_at++];
            if (kind == '\'')
            {
                primes += "<mo lspace=\"0\" rspace=\"0\">′</mo>"; // stands high by itself; as a power it is tiny in most fonts
            }
            else if (kind == '^')
            {
                power = power is null ? Argument() : throw new FormatException("two powers at one place");
            }
            else
            {
                below = below is null ? Argument() : throw new FormatException("two indices at one place");
            }
        }

        atom = primes.Length > 0 ? $"<mrow>{atom}{primes}</mrow>" : atom;
        return (below, power, hasLimits) switch
        {
            (null, null, _) => atom,
            (_, null, false) => $"<msub>{atom}{below}</msub>",
            (null, _, false) => $"<msup>{atom}{power}</msup>",
            (_, _, false) => $"<msubsup>{atom}{below}{power}</msubsup>",
            (_, null, true) => $"<munder>{atom}{below}</munder>",
            (null, _, true) => $"<mover>{atom}{power}</mover>",
            (_, _, true) => $"<munderover>{atom}{below}{power}</munderover>",
        };
    }

    private string Atom(bool wasOpen, out bool isOpen, out bool hasLimits)
    {
        isOpen = hasLimits = false;
        char c = _tex[_at++];
        switch (c)
        {
            case '{':
                return Row("}");
            case '\\':
                return Command(out isOpen, out hasLimits);
            case >= '0' and <= '9':
                int start = _at - 1;
                while (_at < _tex.Length && (char.IsAsciiDigit(_tex[_at])
                    || (_tex[_at] == '.' && _at + 1 < _tex.Length && char.IsAsciiDigit(_tex[_at + 1]))))
                {
                    _at++;
                }

                return $"<mn>{_tex[start.._at]}</mn>";
            case '(' or '[':
                isOpen = true;
                return $"<mo stretchy=\"false\">{c}</mo>";
            case ')' or ']':
                return $"<mo stretchy=\"false\">{c}</mo>";
            case '+' or '-':
                isOpen = true;
                return $"<mo{(wasOpen ? " form=\"prefix\"" : "")}>{(c == '-' ? '−' : c)}</mo>";
            case '=' or ',':
                isOpen = true;
                return $"<mo>{c}</mo>";
            case '/':
                return "<mo>/</mo>";
            default:
                return char.IsLetter(c) ? $"<mi>{c}</mi>" : throw new FormatException($"the character {c}");
        }
    }

    private string Command(out bool isOpen, out bool hasLimits)
    {
        isOpen = hasLimits = false;
        string name = Name();
        if (Letters.TryGetValue(name, out string? letter))
        {
            return name == "top" ? $"<mi mathvariant=\"normal\">{letter}</mi>" : $"<mi>{letter}</mi>";
        }

        if (Operators.TryGetValue(name, out string? sign))
        {
            isOpen = true;
            return $"<mo>{WebUtility.HtmlEncode(sign)}</mo>";
        }

        if (Spaces.TryGetValue(name, out string? width))
        {
            isOpen = true;
            return $"<mspace width=\"{width}\"/>";
        }

        if (Functions.Contains(name))
        {
            Blanks();
            bool isCalled = _at < _tex.Length && (_tex[_at] is '(' or '^' or '_' || string.CompareOrdinal(_tex, _at, @"\left", 0, 5) == 0);
            return isCalled || _at == _tex.Length ? $"<mi>{name}</mi>" : $"<mrow><mi>{name}</mi><mspace width=\"0.1667em\"/></mrow>";
        }

        switch (name)
        {
            case "sum":
                hasLimits = true;
                return "<mo movablelimits=\"true\">∑</mo>";
            case "frac":
                return $"<mfrac>{Argument()}{Argument()}</mfrac>";
            case "sqrt":
                return $"<msqrt>{Argument()}</msqrt>";
            case "mathrm":
                string word = Word();
                return word.Length == 1 ? $"<mi mathvariant=\"normal\">{word}</mi>" : $"<mi>{word}</mi>";
            case "text":
                return $"<mtext>{Word()}</mtext>";
            case "left":
                string open = Fence();
                string inside = Row("right");
                return $"<mrow><mo>{open}</mo>{inside}<mo>{Fence()}</mo></mrow>";
            default:
                throw new FormatException($"\\{name}");
        }
    }

    /// <summary>What follows a command or a script: a group in braces, or one atom, of a number its first digit.</summary>
    private string Argument()
    {
        Blanks();
        if (_at < _tex.Length && char.IsAsciiDigit(_tex[_at]))
        {
            return $"<mn>{_tex[_at++]}</mn>";
        }

        return _at < _tex.Length && _tex[_at] is not ('}' or '_' or '^' or '\'')
            ? Atom(wasOpen: true, out _, out _)
            : throw new FormatException("nothing where a number or a letter is asked for");
    }

    private string Word()
    {
        Blanks();
        int end = _at < _tex.Length && _tex[_at] == '{' ? _tex.IndexOf('}', _at) : -1;
        string word = end < 0 ? "" : _tex[(_at + 1)..end];
        if (word.Length == 0 || !word.All(c => char.IsLetterOrDigit(c) || c is ' ' or '-'))
        {
            throw new FormatException("something else than a word where a word in braces is asked for");
        }

        _at = end + 1;
        return word;
    }

    private char FenceAt() => _at < _tex.Length ? _tex[_at++] : '\0';

    private string Fence() => FenceAt() switch
    {
        '.' => "",
        var c and ('(' or ')' or '[' or ']' or '|') => c.ToString(),
        _ => throw new FormatException("no parenthesis behind \\left or \\right"),
    };

    private string Name()
    {
        int start = _at;
        while (_at < _tex.Length && char.IsAsciiLetter(_tex[_at]))
        {
            _at++;
        }

        return _at > start ? _tex[start.._at] : throw new FormatException("a \\ without a name");
    }

    private void Blanks()
    {
        while (_at < _tex.Length && char.IsWhiteSpace(_tex[_at]))
        {
            _at++;
        }
    }
}
