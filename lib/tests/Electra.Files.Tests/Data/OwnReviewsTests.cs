using System.Text;

namespace Electra.Tests;

/// <summary>The reviews that were written for this project are as many, as balanced and as different as the README says.</summary>
public class OwnReviewsTests
{
    private const double NearDuplicate = 0.5; // Jaccard similarity of the sets of neighbouring characters

    private const int ShortPhrase = 10; // letters and digits; "별로", "최고의 영화" and the like are everybody's

    private static readonly IReadOnlyList<Review> Confirm = Own("reviews", "confirm.tsv");

    private static readonly IReadOnlyList<IReadOnlyList<Review>> Files =
    [
        .. from folder in new[] { "reviews", "hard-reviews" }
           from file in new[] { "train.tsv", "test.tsv" }
           select Own(folder, file),
        Confirm,
    ];

    private static readonly IReadOnlyList<Review> All = [.. Files.SelectMany(file => file)];

    [Fact]
    public void There_are_enough_reviews_and_equally_many_of_each_label()
    {
        Assert.Equal([1_200, 1_200, 1_610, 600, 1_200], Files.Select(file => file.Count));
        Assert.All(Files, file => Assert.Equal(file.Count, 2 * file.Count(review => review.Label == 1)));
        Assert.All(All, review => Assert.InRange(review.Label, 0, 1));
    }

    [Fact]
    public void The_template_has_equally_many_messages_of_each_label_and_each_is_labelled_twice()
    {
        var data = ReviewData.Open("template");
        Assert.Equal(["question", "request", "complaint"], data.Labels);
        Assert.Equal([80, 80, 80], data.Train.CountBy(message => message.Label).OrderBy(label => label.Key).Select(label => label.Value));
        Assert.Equal([40, 40, 40], data.Test.CountBy(message => message.Label).OrderBy(label => label.Key).Select(label => label.Value));
        string[] ids = [.. data.Train.Concat(data.Test).Select(message => message.Id)];
        Assert.Equal(360, ids.Distinct().Count());
        string[] second = File.ReadAllLines(Path.Combine(Reference.Root, "data", "template", "second-labels.tsv"));
        Assert.Equal("id\tlabel", second[0]);
        Assert.All(second[1..], line => Assert.Matches("^m[0-9]{3}\t[012]$", line));
        Assert.Equal(ids.Order(), second[1..].Select(line => line.Split('\t')[0]).Order());
        Assert.Empty(NearDuplicates([.. data.Train, .. data.Test]));
    }

    [Fact]
    public void Ids_are_unique() => Assert.Equal(All.Count, All.Select(review => review.Id).Distinct().Count());

    [Fact]
    public void Texts_are_trimmed_without_control_characters_and_composed()
    {
        Assert.All(All, review =>
        {
            Assert.NotEqual("", review.Document);
            Assert.Equal(review.Document.Trim(), review.Document);
            // Hangul as syllables, not as conjoining letters
            Assert.DoesNotContain(review.Document, c => char.IsControl(c) || c is '\uFFFD' or (>= '\u1100' and <= '\u11FF'));
        });
    }

    [Fact]
    public void No_two_reviews_are_nearly_the_same()
    {
        Assert.Empty(NearDuplicates(All)
            .Select(pair => $"{All[pair.First].Id} {All[pair.First].Document} | {All[pair.Second].Id} {All[pair.Second].Document}"));
    }

    [Fact]
    public void The_search_for_near_duplicates_finds_them()
    {
        string[] texts = ["배우들 연기가 정말 좋았다", "배우들 연기가, 정말 좋았다!!", "배우들 연기는 정말 좋았음", "ABC def", "abcdef", "a", "A!", "전혀 다른 이야기", "!?", "!?"];
        var found = NearDuplicates([.. texts.Select((text, i) => new Review($"{i}", text, 0))]);
        Assert.Equal([(0, 1), (0, 2), (1, 2), (3, 4), (5, 6), (8, 9)], found.Order());
    }

    [Fact]
    public void No_review_but_a_short_phrase_is_one_of_NSMC()
    {
        var known = ReviewFile.Read(Reference.Data("nsmc", "train.tsv.gz"))
            .Concat(ReviewFile.Read(Reference.Data("nsmc", "test.tsv.gz")))
            .Select(review => Normalized(review.Document))
            .Where(text => text.Length > ShortPhrase)
            .ToHashSet();
        Assert.True(known.Count > 100_000);
        Assert.Empty(All.Where(review => known.Contains(Normalized(review.Document))).Select(review => $"{review.Id} {review.Document}"));
    }

    [Fact]
    public void No_review_of_the_confirmation_set_is_a_line_of_NSMC_not_even_a_short_phrase()
    {
        var confirm = Confirm.Select(review => Normalized(review.Document)).ToHashSet();
        var known = ReviewFile.Rows(Reference.Data("nsmc", "train.tsv.gz"))
            .Concat(ReviewFile.Rows(Reference.Data("nsmc", "test.tsv.gz")))
            .Select(review => review.Document)
            .Concat(TextFile.Lines(Reference.Data("nsmc", "unlabeled.txt.gz")))
            .Where(text => confirm.Contains(Normalized(text)));
        Assert.Empty(known);
    }

    private static IReadOnlyList<Review> Own(string folder, string file) =>
        ReviewFile.Read(Path.Combine(Reference.Root, "data", folder, file));

    // Letters and digits only, lower-cased; a text without any is itself.
    private static string Normalized(string text)
    {
        var kept = new StringBuilder();
        foreach (var rune in text.EnumerateRunes().Where(Rune.IsLetterOrDigit))
        {
            kept.Append(Rune.ToLowerInvariant(rune));
        }

        return kept.Length > 0 ? kept.ToString() : text;
    }

    // Through an index from each pair of characters to the texts that have it, so that only texts with something in common are compared.
    private static List<(int First, int Second)> NearDuplicates(IReadOnlyList<Review> reviews)
    {
        var index = new Dictionary<string, List<int>>();
        var sizes = new List<int>();
        var found = new List<(int, int)>();
        foreach (var review in reviews)
        {
            string text = Normalized(review.Document);
            var pairs = text.Length < 2 ? [text] : Enumerable.Range(0, text.Length - 1).Select(i => text.Substring(i, 2)).ToHashSet();
            var common = new Dictionary<int, int>();
            foreach (string pair in pairs)
            {
                if (!index.TryGetValue(pair, out var texts))
                {
                    index[pair] = texts = [];
                }

                texts.ForEach(other => common[other] = common.GetValueOrDefault(other) + 1);
                texts.Add(sizes.Count);
            }

            found.AddRange(common.Where(both => both.Value >= NearDuplicate * (sizes[both.Key] + pairs.Count - both.Value))
                .Select(both => (both.Key, sizes.Count)));
            sizes.Add(pairs.Count);
        }

        return found;
    }
}
