using System.Collections;

namespace Electra.Lessons;

/// <summary>The formatters of everything that is <see cref="IShown"/>, by the convention that kernels know.</summary>
internal sealed class ShownFormatters
{
    public const string Html = "text/html";
    public const string Plain = "text/plain";
    public const string Png = "image/png";
    public const string Plotly = "application/vnd.plotly.v1+json";

#pragma warning disable CA1822 // called by name on an instance
    public IEnumerable CreateTypeFormatters() => new[] { Html, Plain, Png, Plotly }.Select(mimeType => new Formatter(mimeType));
#pragma warning restore CA1822

    private sealed class Formatter(string mimeType)
    {
        public string MimeType => mimeType;

        public bool Format(object instance, TextWriter writer)
        {
            if ((instance as IShown)?.As(mimeType) is not { } content)
            {
                return false;
            }

            writer.Write(content);
            return true;
        }
    }
}
