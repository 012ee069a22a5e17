using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using FsCheck;
using FsCheck.Xunit;

namespace Electra.Tests;

public class ReviewDataTests
{
    private const string Header = "id\tdocument\tlabel\n";

    [Fact]
    public void NSMC_has_its_official_rows()
    {
        string train = Reference.Data("nsmc", "train.tsv.gz");
        ReviewData data = ReviewData.Open(Path.GetDirectoryName(train)!);
        Assert.Equal(("nsmc", 150_000, 50_000, 2), (data.Name, data.Train.Count, data.Test.Count, data.Classes));
        Assert.Equal(74_827, data.Train.Count(review => review.Label == 1));
        Assert.Equal(25_173, data.Test.Count(review => review.Label == 1));
        Assert.Equal(5, data.Train.Count(review => review.Document.Length == 0));
        Assert.Equal(3, data.Test.Count(review => review.Document.Length == 0));
        Assert.Equal(50_000, data.Test.DistinctBy(review => review.Id).Count());
    }

    [Theory]
    [InlineData("train.tsv", "test.tsv")]
    [InlineData("train.tsv.gz", "test.tsv.gz")]
    [InlineData("ratings_train.txt", "ratings_test.txt")]
    public void A_folder_is_a_data_set_whatever_its_files_are_called(string train, string test)
    {
        using var folder = new TemporaryFolder();
        Review[] rows = [new("1", "a", 0), new("2", "b", 1), new("3", "c", 2)];
        Reviews.Write(folder.File(train), rows);
        Reviews.Write(folder.File(test), rows[1..]);
        ReviewData data = ReviewData.Open(folder.Path + Path.DirectorySeparatorChar);
        Assert.Equal(rows, data.Train);
        Assert.Equal(rows[1..], data.Test);
        Assert.Equal((Path.GetFileName(folder.Path), 3), (data.Name, data.Classes));
    }

    [Fact]
    public void The_hash_is_that_of_the_uncompressed_bytes_that_were_used()
    {
        using var folder = new TemporaryFolder();
        const string Train = "\uFEFFid\tdocument\tlabel\r\n1\ta\t0\r\n2\tb\t1\r\n";
        const string Test = Header + "3\tc\t1";
        Put(folder, Train + "4\td\t1\n", Test);
        Assert.Equal(Sha256(Train + "4\td\t1\n" + Test), ReviewData.Open(folder.Path).Hash);
        Assert.Equal(Sha256(Train + "4\td\t1\n" + Test), ReviewData.Open(folder.Path, limit: 99).Hash);
        Assert.Equal(Sha256(Train + Test), ReviewData.Open(folder.Path, limit: 2).Hash);
        Assert.Single(ReviewData.Open(folder.Path, limit: 2).Test);
    }

    [Theory]
    [InlineData("1\ta\t0\n2\tb\t1\n", "3\tc\t0\n4\td\t2\n", "test.tsv:3 has label 2, which no training row has")]
    [InlineData("1\ta\t0\n2\tb\t2147483647\n", "3\tc\t0\n", "train.tsv:3 has label 2147483647 but no row has 1")]
    [InlineData("1\ta\t1\n2\tb\t2\n", "3\tc\t1\n", "train.tsv:2 has label 1 but no row has 0")]
    [InlineData("1\ta\t0\n2\tb\t0\n", "3\tc\t0\n", "1 different labels in its first 2 rows")]
    [InlineData("", "3\tc\t0\n", "0 different labels in its first 0 rows")]
    [InlineData("1\ta\t0\n2\tb\t1\n", "", "has no rows")]
    public void Labels_that_do_not_count_classes_are_refused(string train, string test, string expected)
    {
        using var folder = new TemporaryFolder();
        Put(folder, Header + train, Header + test);
        Assert.Contains(expected, Assert.Throws<InputException>(() => ReviewData.Open(folder.Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Labels_have_the_names_that_stand_beside_the_training_rows()
    {
        using var folder = new TemporaryFolder();
        Put(folder, Header + "1\ta\t0\n2\tb\t1\n3\tc\t2\n", Header + "4\td\t1\n");
        Assert.Equal(["LABEL_0", "LABEL_1", "LABEL_2"], ReviewData.Open(folder.Path).Labels);
        Assert.Equal(["negative", "positive"], ReviewData.Open(folder.Path, limit: 2).Labels);
        string hash = ReviewData.Open(folder.Path).Hash;
        File.WriteAllText(folder.File("labels.txt"), "물음\r\n부탁 \n\n불만");
        Assert.Equal(["물음", "부탁", "불만"], ReviewData.Open(folder.Path).Labels);
        Assert.Equal(["물음", "부탁"], ReviewData.Open(folder.Path, limit: 2).Labels);
        Assert.Equal(hash, ReviewData.Open(folder.Path).Hash);
    }

    [Theory]
    [InlineData("a\nb\n", "labels.txt has 2 names for 3 labels")]
    [InlineData("a\nb\nc\nd\n", "labels.txt has 4 names for 3 labels")]
    [InlineData("a\nb\na\n", "labels.txt has the same name twice")]
    [InlineData("\n", "labels.txt has no text")]
    public void Names_that_are_not_one_a_label_are_refused(string names, string expected)
    {
        using var folder = new TemporaryFolder();
        Put(folder, Header + "1\ta\t0\n2\tb\t1\n3\tc\t2\n", Header + "4\td\t1\n");
        File.WriteAllText(folder.File("labels.txt"), names);
        Assert.Contains(expected, Assert.Throws<InputException>(() => ReviewData.Open(folder.Path)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("absent")]
    [InlineData("NSMC")]
    public void A_name_that_is_no_data_set_is_refused(string name) =>
        Assert.Contains("neither reviews nor hard-reviews nor confirm nor template nor nsmc nor a folder",
            Assert.Throws<InputException>(() => ReviewData.Open(name)).Message, StringComparison.Ordinal);

    [Fact]
    public void NSMC_is_found_in_ELECTRA_DATA_and_else_in_the_cache_and_else_the_way_to_get_it_is_told()
    {
        using var folder = new TemporaryFolder();
        using var variables = new Variables { ["ELECTRA_DATA"] = folder.File("own"), ["ELECTRA_CACHE"] = folder.File("cache") };
        Assert.Contains("electra data get nsmc", Assert.Throws<InputException>(() => ReviewData.Open("nsmc")).Message,
            StringComparison.Ordinal);
        Review[] rows = [new("1", "a", 0), new("2", "b", 1)];
        Reviews.Write(folder.File("cache/data/nsmc/ratings_train.txt"), rows);
        Reviews.Write(folder.File("cache/data/nsmc/ratings_test.txt"), rows);
        Assert.Equal(2, ReviewData.Open("nsmc").Train.Count);
        Reviews.Write(folder.File("own/nsmc/train.tsv.gz"), [.. rows, .. rows]);
        Reviews.Write(folder.File("own/nsmc/test.tsv.gz"), rows);
        Assert.Equal(4, ReviewData.Open("nsmc").Train.Count);
    }

    [Fact]
    public void The_projects_own_reviews_open_or_say_what_is_missing()
    {
        bool there = Directory.Exists(Path.Combine(Reference.Root, "data", "reviews"));
        if (there)
        {
            ReviewData data = ReviewData.Open("reviews");
            Assert.Equal("reviews", data.Name);
            Assert.True(data.Classes >= 2);
        }
        else
        {
            Assert.Contains("data/reviews", Assert.Throws<InputException>(() => ReviewData.Open("reviews")).Message,
                StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_confirmation_set_is_tested_after_training_on_the_reviews_as_they_are_split()
    {
        string folder = Path.Combine(Reference.Root, "data", "reviews");
        ReviewData reviews = ReviewData.Open("reviews");
        ReviewData data = ReviewData.Open("confirm");
        Assert.Equal("confirm", data.Name);
        Assert.Equal(reviews.Train, data.Train);
        Assert.Equal(reviews.Split(1).Dev, data.Split(1).Dev);
        Assert.Equal(File.ReadLines(Path.Combine(folder, "confirm.tsv")).Skip(1),
            data.Test.Select(review => $"{review.Id}\t{review.Document}\t{review.Label}"));
        Assert.Equal(Path.Combine(folder, "confirm.tsv"), ReviewData.TestFile("confirm"));
        byte[] bytes = [.. File.ReadAllBytes(Path.Combine(folder, "train.tsv")), .. File.ReadAllBytes(ReviewData.TestFile("confirm"))];
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(bytes)), data.Hash);
    }

    [Property(MaxTest = 100)]
    public void A_split_is_disjoint_complete_stratified_and_the_same_for_the_same_seed(int seed, PositiveInt count)
    {
        var random = new System.Random(seed);
        ReviewData data = Data(Enumerable.Range(0, 20 + (7 * count.Get)).Select(i => i < 8 ? i / 2 : random.Next(4) * random.Next(2)));
        (IReadOnlyList<Review> train, IReadOnlyList<Review> dev) = data.Split(seed);
        Assert.Equal(data.Train, train.Concat(dev).OrderBy(review => int.Parse(review.Id, CultureInfo.InvariantCulture)));
        Assert.Equal(train, train.OrderBy(review => int.Parse(review.Id, CultureInfo.InvariantCulture)));
        for (int label = 0; label < 4; label++)
        {
            double share = 0.1 * data.Train.Count(review => review.Label == label);
            Assert.InRange(dev.Count(review => review.Label == label), Math.Max(1, Math.Floor(share)), Math.Max(1, Math.Ceiling(share)));
            Assert.Contains(train, review => review.Label == label);
        }

        Assert.Equal(dev, data.Split(seed).Dev);
    }

    [Fact]
    public void Other_seeds_give_other_splits_and_large_data_no_more_than_ten_thousand_dev_rows()
    {
        ReviewData data = Data(Enumerable.Range(0, 120_000).Select(i => i % 3 == 0 ? 1 : 0));
        IReadOnlyList<Review> dev = data.Split(1).Dev;
        Assert.InRange(dev.Count, 9_998, 10_002);
        Assert.Equal(dev.Count / 3.0, dev.Count(review => review.Label == 1), tolerance: 1);
        Assert.InRange(dev.Intersect(data.Split(2).Dev).Count(), 600, 1_100); // 833 by chance
    }

    [Fact]
    public void A_split_of_single_rows_is_refused() =>
        Assert.Contains("too few training rows", Assert.Throws<InputException>(() => Data([0, 1]).Split(1)).Message,
            StringComparison.Ordinal);

    private static ReviewData Data(IEnumerable<int> labels) =>
        new("made up", [.. labels.Select((label, i) => new Review(i.ToString(CultureInfo.InvariantCulture), "", label))], [], "");

    private static void Put(TemporaryFolder folder, string train, string test)
    {
        File.WriteAllBytes(folder.File("train.tsv"), Encoding.UTF8.GetBytes(train));
        File.WriteAllBytes(folder.File("test.tsv"), Encoding.UTF8.GetBytes(test));
    }

    private static string Sha256(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
