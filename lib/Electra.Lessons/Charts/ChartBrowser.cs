using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Electra.Lessons;

/// <summary>Draws charts as SVG with a browser without a window and plotly.js: no network, no package.</summary>
internal static partial class ChartBrowser
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    /// <summary>Draws charts, all in one page.</summary>
    /// <param name="browser">The program.</param>
    /// <param name="charts">The charts.</param>
    /// <returns>A picture a chart, the same bytes each time.</returns>
    /// <exception cref="InputException">The browser does not draw.</exception>
    public static string[] Draw(string browser, IReadOnlyList<Chart> charts)
    {
        string folder = Directory.CreateTempSubdirectory("electra-charts-").FullName;
        try
        {
            File.WriteAllText(Path.Combine(folder, "plotly.js"), ChartLibrary.Instance.Script);
            var drawn = new List<string>();
            while (drawn.Count < charts.Count) // the browser's clock may run out in a page of many charts: the rest come in the next one
            {
                File.WriteAllText(Path.Combine(folder, "page.html"), Page([.. charts.Skip(drawn.Count)]));
                string page = Run(browser, folder);
                string[] more = [.. Picture().Matches(page).Select(match => Encoding.UTF8.GetString(Convert.FromBase64String(match.Groups[1].Value)))];
                if (more.Length == 0)
                {
                    string why = Failure().Match(page) is { Success: true } failure ? $" ({failure.Groups[1].Value})" : "";
                    throw new InputException($"{Path.GetFileName(browser)} drew {drawn.Count} of {charts.Count} charts{why}; try another browser (Chromium, Chrome or Edge) on the PATH.");
                }

                drawn.AddRange(more);
            }

            return [.. drawn.Select((svg, i) => Tidy(svg, ChartPictures.KeyOf(charts[i])))];
        }
        finally
        {
            Delete(folder);
        }
    }

    private static string Page(IReadOnlyList<Chart> charts) => $$"""
        <!DOCTYPE html><meta charset="utf-8"><body><div id="chart"></div><script src="plotly.js"></script><script>
        const charts = [{{string.Join(",\n", charts.Select(chart => chart.Json.Replace("</", "<\\/", StringComparison.Ordinal)))}}];
        const show = (kind, text) => { const pre = document.createElement('pre'); pre.className = kind; pre.textContent = text; document.body.appendChild(pre); };
        const base64 = text => btoa(Array.from(new TextEncoder().encode(text), byte => String.fromCharCode(byte)).join(''));
        // A grid comes as an image of one pixel a cell, which some sites drop from a picture: cells become squares.
        const squares = async image => {
          const cells = new Image();
          const loaded = new Promise((resolve, reject) => { cells.onload = resolve; cells.onerror = reject; }); // decode() works beside the page, whose clock would run out meanwhile
          cells.src = image.getAttribute('xlink:href');
          await loaded;
          const canvas = Object.assign(document.createElement('canvas'), { width: cells.width, height: cells.height });
          canvas.getContext('2d').drawImage(cells, 0, 0);
          const pixels = canvas.getContext('2d').getImageData(0, 0, cells.width, cells.height).data;
          const colors = new Map();
          for (let i = 0; i < pixels.length; i += 4) {
            const color = '#' + [0, 1, 2].map(k => pixels[i + k].toString(16).padStart(2, '0')).join('');
            const x = i / 4 % cells.width, y = Math.floor(i / 4 / cells.width);
            colors.set(color, (colors.get(color) ?? '') + `M${x} ${y}h1v1h-1z`);
          }
          const number = name => Number(image.getAttribute(name) ?? 0);
          return `<g shape-rendering="crispEdges" transform="translate(${number('x')},${number('y')}) scale(${number('width') / cells.width},${number('height') / cells.height})">`
            + [...colors].map(([color, path]) => `<path fill="${color}" d="${path}"/>`).join('') + '</g>';
        };
        (async () => {
          for (const chart of charts) {
            let svg = await Plotly.toImage(chart, { format: 'svg', width: chart.layout.width, height: chart.layout.height, imageDataOnly: true });
            for (const [text] of [...svg.matchAll(/<image [^>]*\/>/g)]) {
              svg = svg.replace(text, await squares(new DOMParser().parseFromString(text.replace(' ', ' xmlns:xlink="http://www.w3.org/1999/xlink" '), 'text/xml').documentElement));
            }
            show('picture', base64(svg));
          }
        })().catch(error => show('failure', String(error)));
        </script></body>
        """;

    private static string Run(string browser, string folder)
    {
        var start = new ProcessStartInfo(browser) { RedirectStandardOutput = true, RedirectStandardError = true, StandardOutputEncoding = Encoding.UTF8 };
        string[] arguments =
        [
            "--headless", "--dump-dom", "--virtual-time-budget=60000", "--disable-gpu", "--hide-scrollbars", "--force-device-scale-factor=1", "--disable-background-networking", "--disable-component-update", "--disable-sync",
            "--no-first-run", "--disable-extensions", "--lang=en-US", "--allow-file-access-from-files",
            $"--user-data-dir={Path.Combine(folder, "profile")}", .. OperatingSystem.IsWindows() ? [] : new[] { "--no-sandbox" }, // the only page is ours; as root there is no sandbox
            new Uri(Path.Combine(folder, "page.html")).AbsoluteUri,
        ];
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEndAsync();
        if (!process.WaitForExit(Limit))
        {
            process.Kill(entireProcessTree: true);
            throw new InputException($"{Path.GetFileName(browser)} did not draw within {Limit.TotalSeconds:0} seconds; run again when the machine is less busy.");
        }

        _ = errors.GetAwaiter().GetResult();
        return output.GetAwaiter().GetResult();
    }

    /// <summary>Takes chance and ballast out of plotly.js's picture, and puts in what it was drawn from.</summary>
    private static string Tidy(string svg, string key)
    {
        // Names of clip paths carry a random part; the key's is distinct in a page of many charts and the same in each run.
        if (RandomPart().Match(svg) is { Success: true } random)
        {
            svg = svg.Replace(random.Groups[1].Value, key[..6], StringComparison.Ordinal);
        }

        svg = Tag().Replace(svg, tag => LongNumber().Replace(tag.Value, number => number.Value[..(number.Value.IndexOf('.', StringComparison.Ordinal) + 3)].TrimEnd('0').TrimEnd('.')));
        svg = Rgb().Replace(svg, rgb => $"#{int.Parse(rgb.Groups[1].Value, CultureInfo.InvariantCulture):x2}{int.Parse(rgb.Groups[2].Value, CultureInfo.InvariantCulture):x2}{int.Parse(rgb.Groups[3].Value, CultureInfo.InvariantCulture):x2}");
        svg = Ballast().Replace(svg, "");
        for (int before = 0; before != svg.Length; svg = EmptyElement().Replace(svg, ""))
        {
            before = svg.Length;
        }

        return svg.Replace("<svg ", $"<svg data-definition=\"{key}\" font-family=\"{HtmlParts.Fonts}\" ", StringComparison.Ordinal);
    }

    private static void Delete(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
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

    [GeneratedRegex(@" class=""[^""]*""| data-[\w-]+=""[^""]*""| style=""""|(?<=[ "";])(?:font-family: [^;""]*|white-space: pre|pointer-events: \w+|(?:fill-|stroke-)?opacity: 1|stroke-miterlimit: \d);\s?")]
    private static partial Regex Ballast();

    [GeneratedRegex(@"<(?:g|path)/>|<(g|defs)(?: id=""[^""]*"")?></\1>")]
    private static partial Regex EmptyElement();
}
