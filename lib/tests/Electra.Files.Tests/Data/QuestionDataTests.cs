using System.Security.Cryptography;
using System.Text;

namespace Electra.Tests;

public class QuestionDataTests
{
    [Fact]
    public void The_projects_own_questions_open_by_name()
    {
        var data = QuestionData.Open("questions");
        Assert.Equal(("questions", 759, 279), (data.Name, data.Train.Count, data.Test.Count));
    }

    [Fact]
    public void KorQuAD_is_split_by_article_as_its_README_says()
    {
        string file = Reference.Data("korquad", "KorQuAD_v1.0_dev.json");
        using var variables = new Variables();
        variables["ELECTRA_DATA"] = Path.GetDirectoryName(Path.GetDirectoryName(file));
        var data = QuestionData.Open("korquad");
        Assert.Equal((3858, 1916), (data.Train.Count, data.Test.Count));
        Assert.Equal((98, 42), (Titles(data.Train).Count, Titles(data.Test).Count));
        Assert.Equal((591, 372), (Paragraphs(data.Train), Paragraphs(data.Test)));
        Assert.Equal("25ffeb51e6c51ec02c071b60a10188e10005c144110f0d876b26079d80a35bdf", data.Hash);
    }

    [Fact]
    public void A_dev_split_is_whole_articles_with_about_a_tenth_of_the_questions()
    {
        var data = QuestionData.Open("questions");
        var (train, dev) = data.Split(seed: 1);
        Assert.Empty(Titles(train).Intersect(Titles(dev)));
        Assert.Equal(data.Train.Count, train.Count + dev.Count);
        Assert.InRange(dev.Count, data.Train.Count / 10, (data.Train.Count / 10) + 10); // the last article is taken whole
        Assert.Equal(dev, data.Split(seed: 1).Dev);
        Assert.NotEqual(dev, data.Split(seed: 2).Dev);
        Assert.Equal(data.Train, train.Concat(dev).OrderBy(question => data.Train.ToList().IndexOf(question)));
    }

    [Fact]
    public void A_folder_is_a_data_set_and_a_limit_leaves_training_questions_out()
    {
        using var folder = new TemporaryFolder();
        string train = Squad(("A", 3), ("B", 2));
        string test = Squad(("C", 1));
        File.WriteAllText(folder.File("train.json"), train);
        File.WriteAllText(folder.File("test.json"), test);
        var whole = QuestionData.Open(folder.Path);
        Assert.Equal((5, 1, Sha256(train + test)), (whole.Train.Count, whole.Test.Count, whole.Hash));
        Assert.Equal(whole.Hash, QuestionData.Open(folder.Path, limit: 5).Hash);
        var limited = QuestionData.Open(folder.Path, limit: 4);
        Assert.Equal((4, 1, Sha256(train + test + "limit 4")), (limited.Train.Count, limited.Test.Count, limited.Hash));
        var (rest, dev) = limited.Split(seed: 1);
        Assert.Equal(4, rest.Count + dev.Count);
        Assert.Contains("one article", Assert.Throws<InputException>(() => QuestionData.Open(folder.Path, limit: 3).Split(1)).Message,
            StringComparison.Ordinal);
        Assert.Throws<InputException>(() => QuestionData.Open(folder.Path, limit: 0));
    }

    [Fact]
    public void An_article_in_both_parts_is_an_error()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("train.json"), Squad(("A", 3), ("B", 2)));
        File.WriteAllText(folder.File("test.json"), Squad(("B", 1)));
        Assert.Contains("has the article \"B\" in its train and its test part",
            Assert.Throws<InputException>(() => QuestionData.Open(folder.Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_not_there_is_an_error_with_the_remedy()
    {
        using var variables = new Variables();
        variables["ELECTRA_DATA"] = null;
        Assert.Contains("ELECTRA_DATA", Assert.Throws<InputException>(() => QuestionData.Open("korquad")).Message,
            StringComparison.Ordinal);
        Assert.Contains("neither questions nor korquad", Assert.Throws<InputException>(() => QuestionData.Open("squad")).Message,
            StringComparison.Ordinal);
    }

    // Some paragraphs have the text of an earlier one, but are strings of their own; one of the 592 has no question.
    private static int Paragraphs(IReadOnlyList<Question> questions) =>
        questions.Select(question => question.Context).Distinct<object>(ReferenceEqualityComparer.Instance).Count();

    private static HashSet<string> Titles(IReadOnlyList<Question> questions) => [.. questions.Select(question => question.Title)];

    private static string Sha256(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static string Squad(params (string Title, int Questions)[] articles) =>
        "{\"data\": [" + string.Join(",", articles.Select(article =>
        $"{{\"title\": \"{article.Title}\", \"paragraphs\": [{{\"context\": \"영화\", \"qas\": ["
        + string.Join(",",
            Enumerable.Range(0, article.Questions)
                .Select(
                    i => $"{{\"id\": \"{article.Title}{i}\", \"question\": \"?\", \"answers\": [{{\"text\": \"영화\", " +
                        $"\"answer_start\": 0}}]}}"))
        + "]}]}")) + "]}";
}
