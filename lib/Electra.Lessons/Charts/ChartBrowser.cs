using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Electra.Lessons;

/// <summary>Draws charts with a browser without a window and plotly.js: no network, no package.</summary>
internal static partial class ChartBrowser
{
    /// <summary>Pixels of a PNG for one of the page, so that letters are sharp on fine screens too.</summary>
    private const int Scale = 2;

    private const int PixelsPerMetre = (int)(Scale * 96 / 0.0254); // a page's pixel is 1/96 inch, an inch 0.0254 m
    private const string Smallest = """{"data":[],"layout":{"width":10,"height":10}}""";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);
    private static readonly ConcurrentDictionary<string, bool> Tried = new();

    /// <summary>
    /// Whether a browser is found and draws, tried once: one that came as a snap may not read our page, another not start.
    /// </summary>
    public static bool Draws => Browser.Find() is { } browser && Tried.GetOrAdd(browser, Try);

    /// <summary>Draws charts as SVG, all in one page.</summary>
    /// <param name="browser">The program.</param>
    /// <param name="charts">The charts.</param>
    /// <returns>A picture a chart, the same text each time.</returns>
    /// <exception cref="InputException">The browser does not draw.</exception>
    public static string[] Svg(string browser, IReadOnlyList<Chart> charts) =>
        [.. Draw(browser, [.. charts.Select(chart => chart.Json)], "svg")
            .Zip(charts, (svg, chart) => Tidy(Encoding.UTF8.GetString(svg), chart))];

    /// <summary>Draws charts as PNG at twice their size, all in one page.</summary>
    /// <param name="browser">The program.</param>
    /// <param name="charts">The charts.</param>
    /// <returns>A picture a chart, the same bytes each time.</returns>
    /// <exception cref="InputException">The browser does not draw.</exception>
    public static byte[][] Png(string browser, IReadOnlyList<Chart> charts) =>
        [.. Draw(browser, [.. charts.Select(chart => chart.Json)], "png").Zip(charts, (drawn, chart) =>
    {
        int colors = 3 * (drawn[0] + 1);
        return PngFile.Write(Scale * chart.Width, Scale * chart.Height, PixelsPerMetre, (ChartPictures.Keyword, ChartPictures.KeyOf(chart)),
            drawn.AsSpan(1, colors), drawn.AsSpan(1 + colors));
    })];

    private static byte[][] Draw(string browser, IReadOnlyList<string> definitions, string form)
    {
        string folder = Directory.CreateTempSubdirectory("electra-charts-").FullName;
        try
        {
            File.WriteAllText(Path.Combine(folder, "plotly.js"), ChartLibrary.Instance.Script);
            var drawn = new List<byte[]>();
            // the browser's clock may run out in a page of many charts: the rest come in the next one
            while (drawn.Count < definitions.Count)
            {
                File.WriteAllText(Path.Combine(folder, "page.html"), Page(definitions.Skip(drawn.Count), form));
                string page = Run(browser, folder);
                byte[][] more = [.. Picture().Matches(page).Select(match => Convert.FromBase64String(match.Groups[1].Value))];
                if (more.Length == 0)
                {
                    string why = Failure().Match(page) is { Success: true } failure ? $" ({failure.Groups[1].Value})" : "";
                    throw new InputException($"{Path.GetFileName(browser)} drew {drawn.Count} of {definitions.Count} charts{why}; try " +
                        "another browser (Chromium, Chrome or Edge) on the PATH.");
                }

                drawn.AddRange(more);
            }

            return [.. drawn];
        }
        finally
        {
            Delete(folder);
        }
    }

    private static bool Try(string browser)
    {
        try
        {
            return Draw(browser, [Smallest], "svg").Length == 1;
        }
        catch (InputException)
        {
            return false;
        }
    }

    private static string Page(IEnumerable<string> definitions, string form) => $$"""
        <!DOCTYPE html><meta charset="utf-8"><body><div id="chart"></div><script src="plotly.js"></script><script>
        const charts = [{{string.Join(",\n", definitions.Select(HtmlParts.InScript))}}];
        const show = (kind, text) => {
          const pre = document.createElement('pre');
          pre.className = kind;
          pre.textContent = text;
          document.body.appendChild(pre);
        };
        const base64 = bytes => {
          let text = '';
          for (let i = 0; i < bytes.length; i += 32768) { text += String.fromCharCode(...bytes.subarray(i, i + 32768)); }
          return btoa(text);
        };
        const load = async address => {
          const image = new Image();
          // decode() works beside the page, whose clock would run out meanwhile
          const loaded = new Promise((resolve, reject) => { image.onload = resolve; image.onerror = reject; });
          image.src = address;
          await loaded;
          return image;
        };
        const pixelsOf = (image, width, height) => {
          const canvas = Object.assign(document.createElement('canvas'), { width, height });
          canvas.getContext('2d').drawImage(image, 0, 0, width, height);
          return canvas.getContext('2d').getImageData(0, 0, width, height).data;
        };
        // A grid comes as an image of one pixel a cell, which some sites drop from a picture: cells become squares.
        const squares = async image => {
          const cells = await load(image.getAttribute('xlink:href'));
          const pixels = pixelsOf(cells, cells.width, cells.height);
          const colors = new Map();
          for (let i = 0; i < pixels.length; i += 4) {
            const color = '#' + [0, 1, 2].map(k => pixels[i + k].toString(16).padStart(2, '0')).join('');
            const x = i / 4 % cells.width, y = Math.floor(i / 4 / cells.width);
            colors.set(color, (colors.get(color) ?? '') + `M${x} ${y}h1v1h-1z`);
          }
          const number = name => Number(image.getAttribute(name) ?? 0);
          const scale = `${number('width') / cells.width},${number('height') / cells.height}`;
          return `<g shape-rendering="crispEdges" transform="translate(${number('x')},${number('y')}) scale(${scale})">`
            + [...colors].map(([color, path]) => `<path fill="${color}" d="${path}"/>`).join('') + '</g>';
        };
        // Number of colours less one, the colours, and the number of each pixel's colour: 256 colours, the most frequent ones, and the
        // nearest of them for any other.
        const paint = async (svg, width, height) => {
          const pixels = pixelsOf(await load('data:image/svg+xml;base64,' + base64(new TextEncoder().encode(svg))), width, height);
          const counts = new Map();
          const colors = new Uint32Array(pixels.length / 4);
          for (let i = 0; i < colors.length; i++) {
            colors[i] = pixels[4 * i] << 16 | pixels[4 * i + 1] << 8 | pixels[4 * i + 2];
            counts.set(colors[i], (counts.get(colors[i]) ?? 0) + 1);
          }
          const palette = [...counts].sort((a, b) => b[1] - a[1] || a[0] - b[0]).slice(0, 256).map(([color]) => color);
          const parts = color => [color >> 16, color >> 8 & 255, color & 255];
          const bytes = palette.flatMap(parts);
          const places = new Map(palette.map((color, place) => [color, place]));
          for (const color of [...counts.keys()].filter(color => !places.has(color))) {
            const [red, green, blue] = parts(color);
            let nearest = 0, least = Infinity;
            for (let place = 0; place < palette.length; place++) {
              const distance = (bytes[3 * place] - red) ** 2 + (bytes[3 * place + 1] - green) ** 2 + (bytes[3 * place + 2] - blue) ** 2;
              if (distance < least) { nearest = place; least = distance; }
            }
            places.set(color, nearest);
          }
          const drawn = new Uint8Array(1 + 3 * palette.length + colors.length);
          drawn[0] = palette.length - 1;
          drawn.set(bytes, 1);
          colors.forEach((color, i) => drawn[1 + 3 * palette.length + i] = places.get(color));
          return drawn;
        };
        (async () => {
          for (const chart of charts) {
            const { width, height } = chart.layout;
            let svg = await Plotly.toImage(chart, { format: 'svg', width, height, imageDataOnly: true });
            for (const [text] of [...svg.matchAll(/<image [^>]*\/>/g)]) {
              const named = text.replace(' ', ' xmlns:xlink="http://www.w3.org/1999/xlink" ');
              svg = svg.replace(text, await squares(new DOMParser().parseFromString(named, 'text/xml').documentElement));
            }
            const vector = '{{form}}' === 'svg';
            show('picture', base64(vector ? new TextEncoder().encode(svg) : await paint(svg, {{Scale}} * width, {{Scale}} * height)));
          }
        })().catch(error => show('failure', String(error)));
        </script></body>
        """;

    private static string Run(string browser, string folder)
    {
        var start = new ProcessStartInfo(browser)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
        };
        string[] arguments =
        [
            "--headless", "--dump-dom", "--virtual-time-budget=60000", "--disable-gpu", "--hide-scrollbars",
            "--force-device-scale-factor=1", "--disable-background-networking", "--disable-component-update", "--disable-sync",
            "--no-first-run", "--disable-extensions", "--lang=en-US",
            $"--user-data-dir={Path.Combine(folder, "profile")}", .. !OperatingSystem.IsWindows() && Environment.IsPrivilegedProcess
                ? new[] { "--no-sandbox" } : [], // root has none
            new Uri(Path.Combine(folder, "page.html")).AbsoluteUri,
        ];
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Start(start);
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEndAsync();
        if (!process.WaitForExit(Limit))
        {
            process.Kill(entireProcessTree: true);
            throw new InputException($"{Path.GetFileName(browser)} did not draw within {Limit.TotalSeconds:0} seconds; run again when " +
                "the machine is less busy.");
        }

        _ = errors.GetAwaiter().GetResult();
        return output.GetAwaiter().GetResult();
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw new InputException(
                $"{start.FileName} cannot be started ({e.Message}); try another browser (Chromium, Chrome or Edge) on the PATH.", e);
        }
    }

    /// <summary>Takes chance and ballast out of plotly.js's picture, and puts in its title and what it was drawn from.</summary>
    private static string Tidy(string svg, Chart chart)
    {
        string key = ChartPictures.KeyOf(chart);

        // Names of clip paths carry a random part; the key's is distinct in a page of many charts and the same in each run.
        if (RandomPart().Match(svg) is { Success: true } random)
        {
            svg = svg.Replace(random.Groups[1].Value, key[..6], StringComparison.Ordinal);
        }

        svg = Tag()
            .Replace(svg,
                tag => LongNumber().Replace(tag.Value,
                    number => number.Value[..(number.Value.IndexOf('.', StringComparison.Ordinal) + 3)].TrimEnd('0').TrimEnd('.')));
        static string Hex(Group part) => $"{int.Parse(part.Value, CultureInfo.InvariantCulture):x2}";
        svg = Rgb().Replace(svg, rgb => $"#{Hex(rgb.Groups[1])}{Hex(rgb.Groups[2])}{Hex(rgb.Groups[3])}");
        svg = Ballast().Replace(svg, "");
        for (int before = 0; before != svg.Length; svg = EmptyElement().Replace(svg, ""))
        {
            before = svg.Length;
        }

        // read out in place of the picture
        svg = svg.Insert(svg.IndexOf('>', StringComparison.Ordinal) + 1, $"<title>{HtmlParts.Encode(chart.Title)}</title>");
        return svg.Replace("<svg ", $"<svg data-definition=\"{key}\" font-family=\"{HtmlParts.Fonts}\" ", StringComparison.Ordinal);
    }

    private static void Delete(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception e) when (InputFile.IsFileError(e))
        {
            // A browser's last child may still write there; the system empties its temporary folder.
        }
    }

    [GeneratedRegex("<pre class=\"picture\">([A-Za-z0-9+/=]+)</pre>")]
    private static partial Regex Picture();

    [GeneratedRegex("<pre class=\"failure\">([^<]*)</pre>")]
    private static partial Regex Failure();

    [GeneratedRegex("id=\"defs-([0-9a-f]{6})\"")]
    private static partial Regex RandomPart();

    [GeneratedRegex("<[^>]*>")] // places and sizes may be rounded, the numbers that are read may not
    private static partial Regex Tag();

    [GeneratedRegex(@"(?<![\w#.])\d+\.\d{3,}")]
    private static partial Regex LongNumber();

    [GeneratedRegex(@"rgb\((\d+), (\d+), (\d+)\)")]
    private static partial Regex Rgb();

    [GeneratedRegex(
        @" class=""[^""]*""| data-[\w-]+=""[^""]*""| style=""""|(?<=[ "";])" +
        @"(?:font-family: [^;""]*|white-space: pre|pointer-events: \w+|(?:fill-|stroke-)?opacity: 1|stroke-miterlimit: \d);\s?")]
    private static partial Regex Ballast();

    [GeneratedRegex(@"<(?:g|path)/>|<(g|defs)(?: id=""[^""]*"")?></\1>")]
    private static partial Regex EmptyElement();
}
