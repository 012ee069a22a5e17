using System.Text.Json.Nodes;
using NotebookKernel;

namespace Electra.Pages;

/// <summary>
/// Looks at a notebook as a page: whether each chart, table and card that is stored in it is there, has a size, and is drawn in more than
/// one colour.
/// </summary>
internal static class PageCheck
{
    private const int FewestColours = 3; // a background, a line or letter, and what smoothing makes between them

    /// <summary>What a page must show of a notebook: how many pictures, and how many tables, cards and marked texts (HTML).</summary>
    public static (int Pictures, int Html) Stored(string path)
    {
        var kinds = Notebook.Load(path).Cells.SelectMany(cell => cell.Outputs)
            .Select(output => output["data"] as JsonObject)
            .OfType<JsonObject>()
            .Select(data => data.ContainsKey("image/png") ? "picture" : data.ContainsKey("text/html") ? "html" : "text")
            .ToList();
        return (kinds.Count(kind => kind == "picture"), kinds.Count(kind => kind == "html"));
    }

    /// <summary>Finds what is missing or blank.</summary>
    /// <param name="page">The page, loaded.</param>
    /// <param name="stored">What the notebook has.</param>
    /// <param name="pictures">Selects the pictures of outputs.</param>
    /// <param name="html">Selects the HTML of outputs.</param>
    /// <returns>A sentence for each fault.</returns>
    public static async Task<IReadOnlyList<string>> Faults(BrowserPage page, (int Pictures, int Html) stored, string pictures, string html)
    {
        var faults = new List<string>();
        foreach (var (kind, selector, expected) in new[] { ("chart", pictures, stored.Pictures), ("table or card", html, stored.Html) })
        {
            var found = (await page.Evaluate($$"""
                [...document.querySelectorAll({{JsonValue.Create(selector).ToJsonString()}})].map(e => {
                  const r = e.getBoundingClientRect();
                  return { x: r.x + scrollX, y: r.y + scrollY, width: r.width, height: r.height, text: e.innerText.trim().length,
                    loaded: e.tagName === 'IMG' ? e.complete && e.naturalWidth > 0 : true };
                })
                """)).AsArray();
            if (found.Count != expected)
            {
                faults.Add($"{expected} times a {kind} is stored, {found.Count} are in the page");
            }

            foreach (var (place, number) in found.Select((place, i) => (place!, i + 1)))
            {
                double Of(string name) => (double)place[name]!;
                if (Of("width") < 8 || Of("height") < 8 || !(bool)place["loaded"]!)
                {
                    faults.Add($"{kind} {number} has no size ({Of("width"):0} × {Of("height"):0})");
                    continue;
                }

                string picture = await page.Picture(Of("x"), Of("y"), Of("width"), Of("height"));
                int colours = (int)await page.Evaluate($$"""
                    (async () => {
                      const image = new Image();
                      image.src = 'data:image/png;base64,{{picture}}';
                      await image.decode();
                      const canvas = Object.assign(document.createElement('canvas'), { width: image.width, height: image.height });
                      const context = canvas.getContext('2d');
                      context.drawImage(image, 0, 0);
                      return new Set(new Uint32Array(context.getImageData(0, 0, image.width, image.height).data.buffer)).size;
                    })()
                    """);
                if (colours < FewestColours)
                {
                    faults.Add($"{kind} {number} is blank ({colours} colours)");
                }
            }
        }

        return faults;
    }
}
