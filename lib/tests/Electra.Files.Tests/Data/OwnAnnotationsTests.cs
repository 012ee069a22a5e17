using System.Text.Json;

namespace Electra.Tests;

/// <summary>The entities and questions written for this project are well-formed, and train and test share no film.</summary>
public class OwnAnnotationsTests
{
    private static readonly string[] Types = ["PS", "LC", "OG", "DT", "TI", "QT"];

    [Theory]
    [InlineData("train", 300)]
    [InlineData("test", 120)]
    public void Every_sentence_has_a_tag_for_each_character_and_spells_its_comment(string part, int least)
    {
        string text = File.ReadAllText(Path.Combine(Reference.Root, "data", "entities", $"{part}.tsv"));
        string[] sentences = text.TrimEnd('\n').Split("\n\n");
        Assert.InRange(sentences.Length, least, 1000);
        foreach (string[] lines in sentences.Select(sentence => sentence.Split('\n')))
        {
            Assert.StartsWith("## electra-", lines[0], StringComparison.Ordinal);
            string rebuilt = "";
            string open = "O";
            foreach (string[] columns in lines.Skip(1).Select(line => line.Split('\t')))
            {
                Assert.Equal(2, columns.Length);
                Assert.Equal(1, columns[0].Length);
                string tag = columns[1];
                Assert.True(tag == "O" || (tag[1] == '-' && tag[0] is 'B' or 'I' && Types.Contains(tag[2..])), tag);
                Assert.True(!tag.StartsWith("I-", StringComparison.Ordinal) || (open != "O" && open[2..] == tag[2..]),
                    $"{lines[0]}: {tag} continues nothing");
                rebuilt += open != "O" && !tag.StartsWith("I-", StringComparison.Ordinal) ? $":{open[2..]}>" : "";
                rebuilt += tag.StartsWith("B-", StringComparison.Ordinal) ? $"<{columns[0]}" : columns[0];
                open = tag;
            }

            rebuilt += open != "O" ? $":{open[2..]}>" : "";
            Assert.Equal(lines[0].Split('\t')[1], rebuilt);
        }
    }

    [Fact]
    public void Every_answer_stands_where_its_offset_says_and_no_title_is_in_both_files()
    {
        var titles = new Dictionary<string, HashSet<string>>();
        var ids = new HashSet<string>();
        foreach (var (part, leastParagraphs) in new[] { ("train", 50), ("test", 20) })
        {
            using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(Reference.Root, "data", "questions", $"{part}.json")));
            var articles = document.RootElement.GetProperty("data").EnumerateArray().ToList();
            titles[part] = [.. articles.Select(article => article.GetProperty("title").GetString()!)];
            var paragraphs = articles.SelectMany(article => article.GetProperty("paragraphs").EnumerateArray()).ToList();
            Assert.InRange(paragraphs.Count, leastParagraphs, 1000);
            foreach (var paragraph in paragraphs)
            {
                string context = paragraph.GetProperty("context").GetString()!;
                var questions = paragraph.GetProperty("qas").EnumerateArray().ToList();
                Assert.InRange(questions.Count, 4, 20);
                foreach (var question in questions)
                {
                    Assert.True(ids.Add(question.GetProperty("id").GetString()!));
                    var answer = question.GetProperty("answers").EnumerateArray().Single();
                    string text = answer.GetProperty("text").GetString()!;
                    Assert.Equal(text, context.Substring(answer.GetProperty("answer_start").GetInt32(), text.Length));
                }
            }
        }

        Assert.Empty(titles["train"].Intersect(titles["test"]));
    }
}
