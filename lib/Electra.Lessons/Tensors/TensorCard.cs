using System.Globalization;
using System.Text;
using TorchSharp;

namespace Electra.Lessons;

/// <summary>What a tensor is, on a card: shape with named axes, element type, a few values, a strip of colour.</summary>
[TypeFormatterSource(typeof(ShownFormatters), PreferredMimeTypes = [ShownFormatters.Html, ShownFormatters.Plain])]
public sealed class TensorCard : IShown
{
    private const int Values = 6;
    private const int Strip = 64;

    private readonly string _name;
    private readonly (string Axis, long Size)[] _shape;
    private readonly string _type;
    private readonly bool _isNumber;
    private readonly double[] _first;
    private readonly (double Min, double Mean, double Max)? _range;

    private TensorCard(torch.Tensor tensor, string name, string[] axes)
    {
        using var scope = torch.NewDisposeScope();
        _name = name;
        _shape = [.. tensor.shape.Select((size, i) => (i < axes.Length ? axes[i] : "", size))];
        _type = tensor.dtype.ToString().ToLowerInvariant();
        _isNumber = tensor.is_floating_point();
        var flat = tensor.detach().cpu().to(torch.float64).reshape(-1);
        // the first row
        _first = flat.slice(0, 0, Math.Min(Strip, tensor.shape is [.., > 0 and var last] ? last : Strip), 1).data<double>().ToArray();
        _range = flat.numel() == 0 ? null : (flat.min().item<double>(), flat.mean().item<double>(), flat.max().item<double>());
    }

    /// <summary>Makes a card of a tensor.</summary>
    /// <param name="tensor">Any tensor; it is read now, later changes do not show.</param>
    /// <param name="axes">What its axes are, outermost first: <c>"batch", "tokens", "hidden"</c>.</param>
    /// <exception cref="ArgumentException">There is another number of names than of axes.</exception>
    public static TensorCard Of(torch.Tensor tensor, params string[] axes) => Named("", tensor, axes);

    /// <summary>Makes a card with the tensor's name on it.</summary>
    /// <inheritdoc cref="Of" path="/param"/>
    /// <inheritdoc cref="Of" path="/exception"/>
    /// <param name="name">What the lesson calls it.</param>
    /// <param name="tensor">Any tensor; it is read now, later changes do not show.</param>
    /// <param name="axes">What its axes are, outermost first.</param>
    public static TensorCard Named(string name, torch.Tensor tensor, params string[] axes)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        return axes.Length == 0 || axes.Length == tensor.shape.Length
            ? new TensorCard(tensor, name, axes)
            : throw new ArgumentException($"The tensor has {tensor.shape.Length} axes, [{string.Join(", ", tensor.shape)}], but " +
                $"{axes.Length} are named: {string.Join(", ", axes)}.", nameof(axes));
    }

    /// <summary>The card as text, such as <c>batch 2 × tokens 8 × hidden 64, float32</c> and a line of values.</summary>
    public override string ToString() => $"{Prefix}{Shape}, {_type}\n{FirstValues}{Range}";

    string? IShown.As(string mimeType) => mimeType switch
    {
        ShownFormatters.Html => ToHtml(),
        ShownFormatters.Plain => ToString(),
        _ => null,
    };

    private string Prefix => _name.Length > 0 ? _name + ": " : "";

    private string Shape =>
        _shape.Length == 0
            ? "one value"
            : string.Join(" × ", _shape.Select(axis => axis.Axis.Length > 0 ? $"{axis.Axis} {axis.Size}" : $"{axis.Size}"));

    private string FirstValues =>
        $"first row: {string.Join("  ", _first.Take(Values).Select(Text))}{(_first.Length > Values ? "  …" : "")}";

    private string Range =>
        _isNumber && _range is var (min, mean, max) ? $"\nsmallest {Text(min)}, mean {Text(mean)}, largest {Text(max)}" : "";

    private string Text(double value) => _isNumber
        ? (Math.Round(value, 3) + 0.0).ToString("0.000", CultureInfo.InvariantCulture) // + 0.0: no negative zero
        : value.ToString("0", CultureInfo.InvariantCulture);

    private string ToHtml()
    {
        var html = new StringBuilder($"<div style=\"display:inline-block;max-width:100%;box-sizing:border-box;border:{HtmlParts.Line};" +
            $"border-radius:6px;padding:8px 12px;margin:4px 0;font-family:{HtmlParts.Fonts}\">");
        html.Append(CultureInfo.InvariantCulture,
            $"<div><b>{HtmlParts.Encode(Prefix + Shape)}</b>, {_type}</div><div style=\"display:flex;box-sizing:content-box;" +
            $"max-width:{8 * _first.Length}px;border:{HtmlParts.Line};margin:5px 0\">"); // one line: narrow pages have narrow cells
        double most = _first.Select(Math.Abs).Where(double.IsFinite).DefaultIfEmpty().Max();
        foreach (double value in _first)
        {
            string colour = HtmlParts.Signed(most == 0 || !double.IsFinite(value) ? 0 : value / most);
            html.Append(CultureInfo.InvariantCulture, $"<span title=\"{Text(value)}\" " +
                $"style=\"display:inline-block;flex:1 1 8px;width:8px;min-width:0;height:18px;background:{colour}\"></span>");
        }

        html.Append(CultureInfo.InvariantCulture, $"</div><div>{Code(FirstValues)}</div>");
        if (Range.Length > 0)
        {
            html.Append(CultureInfo.InvariantCulture, $"<div>{string.Join(", ", Range.Trim().Split(", ").Select(Code))}</div>");
        }

        return html.Append("</div>").ToString();
    }

    // A box that is whole also where its line is broken.
    private static string Code(string text) => $"<code style=\"display:inline-block\">{HtmlParts.Encode(text)}</code>";
}
