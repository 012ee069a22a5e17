using System.Globalization;
using Electra.Pages;
using Electra.Tests;
using static TorchSharp.torch;

namespace Electra.Lessons.Tests;

/// <summary>The attention view, as it is stored and in a browser.</summary>
public sealed class AttentionViewTests
{
    private const string Hostile = "</script><img src=x onerror=\"globalThis.hacked=1\">'&<!--";
    private const int Layers = 3;
    private const int Heads = 2;
    private static readonly string[] Tokens = ["[CLS]", "배우", Hostile, "##들", "[SEP]"];

    // B × A × L × L a layer, of two texts
    private static Tensor[] Attentions() => [.. Enumerable.Range(0, Layers).Select(layer =>
        (4 * arange(2 * Heads * 25, dtype: float32).add(31 * layer).mul(1.7).sin()).reshape(2, Heads, 5, 5).softmax(-1))];

    private static string Text(Tensor weight) => weight.item<float>().ToString("0.000", CultureInfo.InvariantCulture);

    private static Tensor Looks(params (int From, int To)[] pairs)
    {
        var weights = zeros(5, 5);
        foreach (var (from, to) in pairs)
        {
            weights[from, to] = 1f;
        }

        return weights;
    }

    [Fact]
    public void Without_scripts_it_says_what_it_is_and_where_each_token_looks()
    {
        var before = Looks((0, 0), (1, 0), (2, 1), (3, 2), (4, 3));
        var atEnd = Looks((0, 4), (1, 4), (2, 4), (3, 4), (4, 4));
        var view = AttentionView.Of(Tokens, [stack([before, atEnd]).unsqueeze(0)], head: 1);
        var bundle = Shown.Bundle(view);
        Assert.Equal(["text/html", "text/plain"], bundle.Keys);
        string[] lines = bundle["text/plain"].Split('\n');
        Assert.Equal("Attention view: 5 tokens, 1 layer × 2 attention heads", lines[0]);
        Assert.Matches(@"^layer 0  token before 1\.00  \[SEP\] 1\.00$", lines[4]);
        Assert.Contains(lines, line => System.Text.RegularExpressions.Regex.IsMatch(line, @"^배우 +\[SEP\] +1\.000"));
        string still = bundle["text/html"][..bundle["text/html"].IndexOf("<script>", StringComparison.Ordinal)];
        Assert.Contains("without them, these tables say it in short", still, StringComparison.Ordinal);
        Assert.Contains("&lt;/script&gt;&lt;img", still, StringComparison.Ordinal);
        Assert.DoesNotContain("<img", still, StringComparison.Ordinal);
        Assert.DoesNotContain(" id=", bundle["text/html"], StringComparison.Ordinal);
        Assert.DoesNotContain("http", bundle["text/html"], StringComparison.Ordinal);
    }

    [Fact]
    public void What_would_not_be_shown_well_is_refused_with_a_sentence()
    {
        string Refused(Func<object> make) => Assert.ThrowsAny<ArgumentException>(() => make()).Message;
        string[] Many(int count) => [.. Enumerable.Range(0, count).Select(i => $"{i}")];
        Tensor Even(long heads, long count) => full([1, heads, count, count], 1f / count);
        Assert.Contains("64 tokens at most, not 65", Refused(() => AttentionView.Of(Many(65), [Even(1, 65)])), StringComparison.Ordinal);
        Assert.Contains("more than the 250,000", Refused(() => AttentionView.Of(Many(64), [Even(62, 64)])), StringComparison.Ordinal);
        Assert.Contains("not [1, 1, 5, 4]", Refused(() => AttentionView.Of(Tokens, [ones(1, 1, 5, 4)])), StringComparison.Ordinal);
        Assert.Contains("between 0 and 1", Refused(() => AttentionView.Of(Tokens, [full([1, 1, 5, 5], 1.5f)])), StringComparison.Ordinal);
        Assert.Contains("between 0 and 1", Refused(() => AttentionView.Of(Tokens, [full([1, 1, 5, 5], float.NaN)])),
            StringComparison.Ordinal);
        Assert.Contains("no attentions", Refused(() => AttentionView.Of(Tokens, [])), StringComparison.Ordinal);
        Assert.Contains("row", Refused(() => AttentionView.Of(Tokens, Attentions(), row: 2)), StringComparison.Ordinal);
        Assert.Contains("layer", Refused(() => AttentionView.Of(Tokens, Attentions(), layer: Layers)), StringComparison.Ordinal);
        Assert.Contains("head", Refused(() => AttentionView.Of(Tokens, Attentions(), head: -1)), StringComparison.Ordinal);
        string largest = Shown.Bundle(AttentionView.Of(Many(64), [Even(61, 64)]))["text/html"];
        Assert.InRange(largest.Length, 250_000, 900_000); // a notebook's output may have a million characters
    }

    [Fact]
    public async Task In_a_browser_it_shows_the_tensors_weights_and_two_views_keep_apart()
    {
        Assert.SkipWhen(Browser.Find() is null, "No Chromium, Chrome or Edge (Debian: chromium).");
        var attentions = Attentions();
        using var folder = new TemporaryFolder();
        string file = folder.File("page.html");
        string first = Shown.Bundle(AttentionView.Of(Tokens, attentions, row: 1, layer: 2, head: 1))["text/html"];
        string second = Shown.Bundle(AttentionView.Of(["가", "나", "다", "라", "마"], attentions))["text/html"];
        File.WriteAllText(file, $"<!DOCTYPE html><meta charset=\"utf-8\"><body>{first}{second}</body>");
        await using var page = await BrowserPage.Open(scripts: true);
        await page.Listen();
        await page.Show(390, 900);
        await page.Go(new Uri(file).AbsoluteUri, "document.readyState === 'complete'");
        await page.Evaluate("""
            globalThis.views = [...document.querySelectorAll('[data-electra-attention]')].map(root => {
              const all = selector => [...root.querySelectorAll(selector)];
              return { all, one: selector => root.querySelector(selector), chips: all('.tokens button'),
                weights: () => all('.tokens button:not([hidden])').map(chip => chip.querySelector('small').textContent).join() };
            });
            globalThis.ink = canvas => [...canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data]
              .filter((_, i) => i % 4 === 3).map(alpha => (alpha / 255).toFixed(2)).join();
            views.length
            """);
        async Task<string> Of(string expression) => (string)(await page.Evaluate($"`${{{expression}}}`"))!;
        string Row(int text, int layer, int head, int from, params int[] to) =>
            string.Join(',', to.Select(i => Text(attentions[layer][text, head, from, i])));
        int[] all = [0, 1, 2, 3, 4], words = [1, 2, 3];

        // It begins at the layer and head that were asked for, with the first word; pointing and focus go to another token.
        Assert.Equal(Row(1, 2, 1, 1, all), await Of("views[0].weights()"));
        await page.Evaluate("views[0].chips[3].dispatchEvent(new PointerEvent('pointerenter'))");
        Assert.Equal(Row(1, 2, 1, 3, all), await Of("views[0].weights()"));
        await page.Evaluate("views[0].chips[0].focus()");
        Assert.Equal(Row(1, 2, 1, 0, all), await Of("views[0].weights()"));
        await page.Evaluate("document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowRight', bubbles: true }))");
        Assert.Equal("배우", await Of("document.activeElement.querySelector('b').textContent"));
        Assert.Equal(Row(1, 2, 1, 1, all), await Of("views[0].weights()"));

        // The bars are as high as the weights.
        double[] heights = [.. (await Of("views[0].all('.track').map(e => e.firstChild.offsetHeight / e.offsetHeight)")).Split(',')
            .Select(one => double.Parse(one, CultureInfo.InvariantCulture))];
        Assert.All(all, i => Assert.Equal(attentions[2][1, 1, 1, i].item<float>(), heights[i], 0.03));

        // Layer and head, by the choices and by the small maps, which have the weights as ink.
        await page.Evaluate("""
            for (const [name, value] of [['layer', '0'], ['head', '0']]) {
              const select = views[0].one(`select.${name}`);
              select.value = value;
              select.dispatchEvent(new Event('change', { bubbles: true }));
            }
            """);
        Assert.Equal(Row(1, 0, 0, 1, all), await Of("views[0].weights()"));
        await page.Evaluate("views[0].all('.maps button')[3].click()");
        Assert.Equal(Row(1, 1, 1, 1, all), await Of("views[0].weights()"));
        Assert.Equal("1,1,Layer 1, attention head 1",
            await Of("[views[0].one('.layer').value, views[0].one('.head').value, views[0].one('[aria-pressed=true][title]').title]"));
        string[] ink = (await Of("ink(views[0].all('canvas')[3])")).Split(',');
        Assert.Equal(25, ink.Length);
        Assert.All(ink.Index(), pixel => Assert.Equal(attentions[1][1, 1, pixel.Index / 5, pixel.Index % 5].item<float>(),
            double.Parse(pixel.Item, CultureInfo.InvariantCulture), 0.011));

        // Hidden tokens are gone from tokens and maps, and the others keep their weights.
        await page.Evaluate("views[0].chips[4].click(); views[0].one('input').click()");
        Assert.Equal(Row(1, 1, 1, 1, words), await Of("views[0].weights()"));
        Assert.Equal(9, (await Of("ink(views[0].all('canvas')[0])")).Split(',').Length);
        double kept = words.Sum(i => attentions[1][1, 1, 1, i].item<float>());
        Assert.Contains($"get {kept.ToString("0.00", CultureInfo.InvariantCulture)} of its weight of 1; the hidden rest is not shared out",
            await Of("views[0].one('.status').textContent"), StringComparison.Ordinal);

        // The second view has its own tensor, heard nothing of all that, and has nothing to hide.
        Assert.Equal(Row(0, 0, 0, 0, all), await Of("views[1].weights()"));
        Assert.Equal("0", await Of("views[1].all('input').length"));

        // Editors put the HTML in as text and start copies of its scripts: one in the page, one before it comes there.
        await page.Evaluate($"globalThis.html = {System.Text.Json.JsonSerializer.Serialize(first)}; 0");
        Assert.Equal("5,5", await Of("""
            [true, false].map(isInPage => {
              const host = document.createElement('div');
              host.innerHTML = html;
              const script = host.querySelector('script');
              const copy = Object.assign(document.createElement('script'), { text: script.innerText });
              if (isInPage) {
                document.body.append(host);
                host.appendChild(copy).remove();
              } else {
                script.replaceWith(copy);
                document.body.append(host);
              }
              return host.querySelectorAll('.tokens button').length;
            })
            """));

        // A hostile token is a text, nothing was asked for, nothing failed, nothing is wider than a phone.
        Assert.Equal(Hostile, await Of("views[0].chips[2].querySelector('b').textContent"));
        Assert.Equal("undefined,0", await Of("[typeof hacked, document.images.length]"));
        Assert.Equal("true", await Of("document.scrollingElement.scrollWidth <= 390"));
        Assert.DoesNotContain(page.Events, one => (string?)one["method"] is "Runtime.exceptionThrown" or "Log.entryAdded");
        Assert.All(page.Events.Where(one => (string?)one["method"] == "Network.requestWillBeSent"),
            one => Assert.Equal(new Uri(file).AbsoluteUri, (string)one["params"]!["request"]!["url"]!));
    }
}
