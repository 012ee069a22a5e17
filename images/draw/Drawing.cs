using System.Globalization;
using System.Security;

namespace Images;

/// <summary>
/// One figure, and the grammar that all share. A tensor is a grid of cells with named axes; an operation without weights is a blue pill; an
/// operation with weights is a plate with cut corners, in the colour of its part of the model; a token is a grey chip, padding is hatched.
/// Everything lies on a white panel, so that it reads on light and dark pages. Text is vertically centred on the y that is given.
/// </summary>
internal sealed class Drawing
{
    public const double Width = 800;

    private const string Sans = "'Noto Sans CJK KR','Noto Sans KR','Malgun Gothic','Apple SD Gothic Neo',sans-serif";
    // The root of the fonts above has a bar that stands loose before the letter.
    private const string Root = "<tspan font-family=\"'DejaVu Sans','Segoe UI',Helvetica,Arial,sans-serif\">√</tspan>";
    private const string Mono = "ui-monospace,Consolas,Menlo,'DejaVu Sans Mono','Noto Sans Mono CJK KR',monospace";

    private readonly List<(string Before, string Words, int Line, string After)> _body = [];
    private readonly string _title;
    private readonly string _description;
    private readonly double _width;
    private readonly double _height;
    private int _cells;

    public Drawing(string name, string title, string description, double height, bool heading = true, double width = Width)
    {
        (Name, _title, _description, _height, _width) = (name, title, description, height, width);
        if (heading)
        {
            Text(28, 34, title, 19, "start", bold: true);
        }
    }

    public string Name { get; }

    /// <summary>Whether what is drawn next stays in the background: paler, its words still well legible.</summary>
    public bool Pale { get; set; }

    /// <summary>Words. Of those in two lines, written first|second, it is one: another language parts them elsewhere.</summary>
    public void Text(double x, double y, string text, double size = 14, string anchor = "middle", string colour = Colours.Ink,
        bool bold = false, bool code = false, int line = 0) =>
        _body.Add(($"""<text x="{N(x)}" y="{N(y + (size * 0.35))}" font-size="{N(size)}" text-anchor="{anchor}" """ +
            $"""fill="{(Pale ? Colours.PaleInk : colour)}"{(bold && !Pale ? " font-weight=\"700\"" : "")}""" +
            $"""{(code ? " class=\"code\"" : "")}>""", text, line, "</text>\n"));

    /// <summary>A remark: several lines, the first at y.</summary>
    public void Note(double x, double y, string anchor, params string[] lines)
    {
        for (int i = 0; i < lines.Length; i++)
        {
            Text(x, y + (i * 19), lines[i], 14, anchor, Colours.Quiet);
        }
    }

    /// <summary>The shape of a tensor, such as B × L × H.</summary>
    public void Shape(double x, double y, string text, string anchor = "middle") =>
        Text(x, y, text, 14.5, anchor, Colours.Operation, bold: true, code: true);

    public void Line(double x1, double y1, double x2, double y2, string colour = Colours.Line, double width = 1.6, bool dashed = false) =>
        Add($"""<line x1="{N(x1)}" y1="{N(y1)}" x2="{N(x2)}" y2="{N(y2)}" stroke="{Shade(colour)}" """ +
            $"""stroke-width="{N(width)}"{(dashed ? " stroke-dasharray=\"5 4\"" : "")}/>""");

    /// <summary>An arrow through points, x and y in turn.</summary>
    public void Arrow(params double[] points) => Arrow(Colours.Quiet, points);

    public void Arrow(string colour, params double[] points)
    {
        var (x1, y1, x2, y2) = (points[^4], points[^3], points[^2], points[^1]);
        double length = Math.Sqrt(((x2 - x1) * (x2 - x1)) + ((y2 - y1) * (y2 - y1)));
        var (dx, dy) = ((x2 - x1) / length, (y2 - y1) / length);
        double[] shaft = [.. points[..^2], x2 - (6 * dx), y2 - (6 * dy)];
        string path = string.Join(" ", shaft.Chunk(2).Select(p => $"{N(p[0])},{N(p[1])}"));
        Add($"""<polyline points="{path}" fill="none" stroke="{Shade(colour)}" stroke-width="1.8"/>""");
        Add($"""<polygon points="{N(x2)},{N(y2)} {N(x2 - (9 * dx) - (4.5 * dy))},{N(y2 - (9 * dy) + (4.5 * dx))} """ +
            $"""{N(x2 - (9 * dx) + (4.5 * dy))},{N(y2 - (9 * dy) - (4.5 * dx))}" fill="{Shade(colour)}"/>""");
    }

    /// <summary>A railway line through points, x and y in turn, with round bends.</summary>
    public void Track(string colour, params double[] points) =>
        Add($"""<polyline points="{string.Join(" ", points.Chunk(2).Select(p => $"{N(p[0])},{N(p[1])}"))}" fill="none" """ +
            $"""stroke="{colour}" stroke-width="7" stroke-linejoin="round"/>""");

    public void Rectangle(Box box, string fill, string stroke, double radius = 4, double opacity = 1,
        bool dashed = false, double width = 1.4) =>
        Add($"""<rect x="{N(box.Left)}" y="{N(box.Top)}" width="{N(box.Width)}" height="{N(box.Height)}" rx="{N(radius)}" """ +
            $"""fill="{Shade(fill)}"{(opacity < 1 ? $" fill-opacity=\"{N(opacity)}\"" : "")} stroke="{Shade(stroke)}" """ +
            $"""stroke-width="{N(width)}"{(dashed ? " stroke-dasharray=\"5 4\"" : "")}/>""");

    public void Circle(double x, double y, double radius, string fill, string stroke, double width = 2) =>
        Add($"""<circle cx="{N(x)}" cy="{N(y)}" r="{N(radius)}" fill="{Shade(fill)}" stroke="{Shade(stroke)}" """ +
            $"""stroke-width="{N(width)}"/>""");

    /// <summary>An operation without weights: a blue pill around (x, y).</summary>
    public Box Operation(double x, double y, double width, string text, double height = 30, bool code = false)
    {
        var box = new Box(x - (width / 2), y - (height / 2), width, height);
        Rectangle(box, Colours.Paper, Colours.Operation, height / 2, width: 1.8);
        Text(x, y, text, code ? 13.5 : 14, code: code);
        return box;
    }

    /// <summary>An operation with weights: a plate with cut corners, its name and the sizes of its weights.</summary>
    public Box Parameter(Look part, double x, double y, double width, string name, string sizes, double height = 44)
    {
        var (fill, stroke, opacity) = Style(part);
        var box = new Box(x - (width / 2), y - (height / 2), width, height);
        const double Cut = 8;
        Add($"""<polygon points="{N(box.Left + Cut)},{N(box.Top)} {N(box.Right - Cut)},{N(box.Top)} {N(box.Right)},{N(box.Top + Cut)} """ +
            $"""{N(box.Right)},{N(box.Bottom - Cut)} {N(box.Right - Cut)},{N(box.Bottom)} {N(box.Left + Cut)},{N(box.Bottom)} """ +
            $"""{N(box.Left)},{N(box.Bottom - Cut)} {N(box.Left)},{N(box.Top + Cut)}" fill="{Shade(fill)}" """ +
            $"""fill-opacity="{N(opacity)}" stroke="{Shade(stroke)}" stroke-width="1.6"/>""");
        Text(x, y - (sizes.Length > 0 ? 9 : 0), name, 14, bold: true);
        if (sizes.Length > 0)
        {
            Text(x, y + 10, sizes, 13, code: true);
        }

        return box;
    }

    /// <summary>A token or another small value: a chip around (x, y).</summary>
    public Box Chip(double x, double y, double width, string text, Look look = Look.Plain, double size = 14,
        bool code = false, double height = 28)
    {
        var box = new Box(x - (width / 2), y - (height / 2), width, height);
        var (fill, stroke, opacity) = Style(look);
        Rectangle(box, Colours.Paper, "none", 5);
        Rectangle(box, fill, stroke, 5, opacity);
        Text(x, y, text, size, colour: look == Look.Padding ? Colours.Quiet : Colours.Ink, code: code);
        return box;
    }

    /// <summary>A tensor: a grid of cells; further sheets behind it stand for the rows of a batch.</summary>
    public Box Tensor(double left, double top, int rows, int columns, Func<int, int, Look> look, double cell = 14,
        double cellHeight = 0, int sheets = 1)
    {
        double height = cellHeight > 0 ? cellHeight : cell;
        var box = new Box(left, top, columns * cell, rows * height);
        var (behind, edge, _) = Style(look(1, 0));
        for (int sheet = sheets - 1; sheet >= 1; sheet--)
        {
            var back = new Box(left + (sheet * 7), top - (sheet * 7), box.Width, box.Height);
            Rectangle(back, Colours.Paper, "none", 1);
            Rectangle(back, behind, edge, 1, 0.12, width: 1);
        }

        Rectangle(box, Colours.Paper, "none", 0);
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column++)
            {
                Cell(new Box(left + (column * cell), top + (row * height), cell, height), look(row, column));
            }
        }

        return box;
    }

    /// <summary>A tensor whose cells all look the same.</summary>
    public Box Tensor(double left, double top, int rows, int columns, Look look, double cell = 14, double cellHeight = 0, int sheets = 1) =>
        Tensor(left, top, rows, columns, (_, _) => look, cell, cellHeight, sheets);

    /// <summary>A named axis: a bracket above (or below) a tensor.</summary>
    public void AxisAcross(double left, double right, double y, string text, bool below = false)
    {
        double tick = below ? -5 : 5;
        Add($"""<path d="M{N(left)},{N(y + tick)} V{N(y)} H{N(right)} V{N(y + tick)}" fill="none" """ +
            $"""stroke="{Colours.Line}" stroke-width="1.4"/>""");
        Text((left + right) / 2, y + (below ? 13 : -11), text, 13.5, colour: Colours.Quiet);
    }

    /// <summary>A named axis: a bracket to the left of a tensor (or to its right).</summary>
    public void AxisDown(double x, double top, double bottom, string text, bool right = false)
    {
        double tick = right ? -5 : 5;
        Add($"""<path d="M{N(x + tick)},{N(top)} H{N(x)} V{N(bottom)} H{N(x + tick)}" fill="none" """ +
            $"""stroke="{Colours.Line}" stroke-width="1.4"/>""");
        Text(x + (right ? 8 : -8), (top + bottom) / 2, text, 13.5, right ? "start" : "end", Colours.Quiet);
    }

    /// <summary>The figure as a file.</summary>
    /// <param name="language">The attribute that names the language, with a blank before it, or nothing.</param>
    /// <param name="words">Gives the words of the figure in that language.</param>
    public string ToSvg(string language, Func<string, string> words)
    {
        string body = string.Concat(_body.Select(part =>
            part.Before + Escape(part.Words.Length > 0 ? words(part.Words).Split('|')[part.Line] : "").Replace("√", Root) + part.After));
        string size = $"""viewBox="0 0 {N(_width)} {N(_height)}" width="{N(_width)}" height="{N(_height)}" """;
        string told = $"""role="img" aria-labelledby="title description"{language} font-family="{Sans}" """.TrimEnd();
        string frame = $"""rx="14" fill="{Colours.Paper}" stroke="{Colours.Faint}" stroke-width="1.5" """.TrimEnd();
        const string Pattern = """<pattern id="hatch" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">""" +
            """<rect width="7" height="7" fill="#F6F8FA"/>""" +
            """<line x1="0" y1="0" x2="0" y2="7" stroke="#C4CBD2" stroke-width="3"/></pattern>""";
        return $"""
        <svg xmlns="http://www.w3.org/2000/svg" {size}{told}>
        <title id="title">{Escape(words(_title))}</title>
        <desc id="description">{Escape(words(_description))}</desc>
        <defs>
        <style>.code{"{"}font-family:{Mono}{"}"}</style>
        {Pattern}
        </defs>
        <rect x="1" y="1" width="{N(_width - 2)}" height="{N(_height - 2)}" {frame}/>
        {body}</svg>

        """.ReplaceLineEndings("\n");
    }

    private static (string Fill, string Stroke, double Opacity) Style(Look look) => look switch
    {
        Look.Hidden => (Colours.Hidden, "#2E86BF", 0.3),
        Look.Head or Look.Chosen => (Colours.Head, "#A87400", 0.45),
        Look.Answer => (Colours.Answer, "#00704F", 0.28),
        Look.Embedding => (Colours.Embedding, Colours.Embedding, 0.24),
        Look.Attention => (Colours.Attention, "#A3527E", 0.4),
        Look.FeedForward => (Colours.FeedForward, "#8A7D00", 0.45),
        Look.Norm => (Colours.Norm, "#6B5233", 0.32),
        Look.Wrong => (Colours.Wrong, "#A34700", 0.32),
        Look.Padding => ("url(#hatch)", Colours.Line, 1),
        Look.Dropped => (Colours.Paper, Colours.Line, 1),
        _ => (Colours.Token, Colours.Line, 1),
    };

    private string Shade(string colour) => Pale ? Colours.Pale(colour) : colour;

    private static string N(double number) => Math.Round(number, 2).ToString(CultureInfo.InvariantCulture);

    private static string Escape(string text) => SecurityElement.Escape(text);

    // The strength of a cell's colour stands for a number; it only has to vary, and to be the same in each drawing of the figure.
    private void Cell(Box box, Look look)
    {
        double strength = 0.4 + (0.6 * ((_cells++ * 7919 % 97) / 96.0));
        if (look == Look.Dots)
        {
            Text(box.X, box.Y - 2, "…", 13, colour: Colours.Quiet);
            return;
        }

        var (fill, stroke, opacity) = Style(look);
        Rectangle(box, fill, stroke, 1,
            look is Look.Padding or Look.Plain or Look.Dropped ? 1 : Math.Min(1, opacity * 2 * strength), width: 0.9);
        if (look == Look.Dropped)
        {
            Line(box.Left, box.Bottom, box.Right, box.Top, Colours.Line, 0.9);
        }
    }

    private void Add(string element) => _body.Add((element + "\n", "", 0, ""));
}
