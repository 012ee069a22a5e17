using System.IO.Compression;
using System.Text;
using FsCheck.Xunit;

namespace Electra.Tests;

[Properties(Arbitrary = [typeof(DelicateTexts)])]
public class EntityFileTests
{
    private const string Two = "## header\tNE\n## a-1\t<한도:PS> 씨\n한\tB-PS\n도\tI-PS\n \tO\n씨\tO\n\n#\tO\n\t\tB-TI\n\n";

    [Fact]
    public void A_file_gives_ids_texts_tags_and_places()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("x.tsv"), Two);
        var sentences = EntityFile.Read(folder.File("x.tsv"));
        Assert.Equal(["a-1", "2"], sentences.Select(sentence => sentence.Id));
        Assert.Equal(["한도 씨", "#\t"], sentences.Select(sentence => sentence.Text));
        Assert.Equal(["B-PS", "I-PS", "O", "O"], sentences[0].Tags);
        Assert.Equal([3, 8], sentences.Select(sentence => sentence.Line));
        Assert.Equal([new Entity("PS", 0, 2)], sentences[0].Entities);
        Assert.Equal("<한도:PS> 씨", sentences[0].Marked);
        Assert.Equal([new Entity("TI", 1, 2)], sentences[1].Entities);
    }

    [Fact]
    public void Windows_line_ends_a_byte_order_mark_gzip_and_missing_or_repeated_empty_lines_change_nothing()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("plain.tsv"), Two);
        var expected = EntityFile.Read(folder.File("plain.tsv")).Select(Content).ToList();
        File.WriteAllText(folder.File("crlf.tsv"), Two.Replace("\n", "\r\n", StringComparison.Ordinal),
            new UTF8Encoding(encoderShouldEmitUTF8Identifier: true));
        File.WriteAllText(folder.File("open.tsv"), Two.TrimEnd('\n').Replace("\n\n", "\n\n\n", StringComparison.Ordinal));
        using (var gzip = new GZipStream(File.Create(folder.File("packed.tsv.gz")), CompressionLevel.Fastest))
        {
            gzip.Write(Encoding.UTF8.GetBytes(Two));
        }

        foreach (string name in (string[])["crlf.tsv", "open.tsv", "packed.tsv.gz"])
        {
            Assert.Equal(expected, EntityFile.Read(folder.File(name)).Select(Content));
        }
    }

    [Theory]
    [InlineData("한\tO\n도 O\n", ":2 has no tab")]
    [InlineData("한\tO\n \n", ":2 has no tab")]
    [InlineData("한도\tO\n", ":1 has \"한도\" before its tag")]
    [InlineData("\tO\n", ":1 has \"\" before its tag")]
    [InlineData("e\u0301\tO\n", ":1 has \"e\u0301\" before its tag")]
    [InlineData("한\tB-PS\n도\tPS\n", ":2 has the tag \"PS\"")]
    [InlineData("한\tB-\n", ":1 has the tag \"B-\"")]
    [InlineData("한\tE-PS\n", ":1 has the tag \"E-PS\"")]
    [InlineData("한\t\n", ":1 has the tag \"\"")]
    [InlineData("한\to\n", ":1 has the tag \"o\"")]
    [InlineData("한\tO\n## b\n", ":2 is a comment inside a sentence")]
    [InlineData("한\tO\n\0\tO\n", ":2 contains a NUL byte")]
    [InlineData("", " is empty")]
    [InlineData("\n", " has no sentences")]
    [InlineData("## only a comment\n\n", " has no sentences")]
    public void A_malformed_line_is_an_error_that_names_file_and_line(string content, string expected)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("x.tsv"), content);
        Assert.StartsWith(folder.File("x.tsv") + expected,
            Assert.Throws<InputException>(() => EntityFile.Read(folder.File("x.tsv"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_or_one_that_is_not_UTF_8_is_an_error_that_names_it()
    {
        using var folder = new TemporaryFolder();
        Assert.Contains(folder.File("absent.tsv"), Assert.Throws<InputException>(() => EntityFile.Read(folder.File("absent.tsv"))).Message,
            StringComparison.Ordinal);
        File.WriteAllBytes(folder.File("x.tsv"), [(byte)'a', (byte)'\t', (byte)'O', (byte)'\n', 0xFF, (byte)'\t', (byte)'O']);
        Assert.StartsWith($"{folder.File("x.tsv")}:2 is not valid UTF-8",
            Assert.Throws<InputException>(() => EntityFile.Read(folder.File("x.tsv"))).Message, StringComparison.Ordinal);
    }

    [Property]
    public void What_is_written_is_read_again_whatever_the_characters(string text, int seed)
    {
        // half pairs become U+FFFD
        string whole = string.Concat(text.EnumerateRunes().Where(rune => rune.Value is not ('\n' or '\0')).Select(rune => rune.ToString()));
        string[] tags = DelicateTexts.Tags(whole.EnumerateRunes().Count(), seed);
        if (whole.Length == 0)
        {
            return;
        }

        using var folder = new TemporaryFolder();
        EntitySentence[] sentences = [new("id 1", whole, tags), new("x", "#", ["I-A-B"])];
        EntityFile.Write(folder.File("x.tsv"), sentences);
        Assert.Equal(sentences.Select(Content), EntityFile.Read(folder.File("x.tsv")).Select(Content));
    }

    [Theory]
    [InlineData("a\nb")]
    [InlineData("a\0b")]
    [InlineData("a\\b")] // stands for half a surrogate pair, which does not survive an attribute
    [InlineData("")]
    public void A_sentence_that_the_format_cannot_hold_is_an_error_and_leaves_no_file(string text)
    {
        using var folder = new TemporaryFolder();
        text = text.Replace('\\', '\uD83D');
        var sentence = new EntitySentence("s-7", text, [.. text.Select(_ => "O")]);
        Assert.Contains("s-7", Assert.Throws<InputException>(() => EntityFile.Write(folder.File("x.tsv"), [sentence])).Message,
            StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void All_of_KLUE_is_read_as_its_comments_mark_it_and_survives_writing()
    {
        string file = Reference.Data("ner", "klue-ner-v1.1_dev.tsv");
        var sentences = EntityFile.Read(file);
        var comments = File.ReadLines(file).Where(line => line.StartsWith("## klue", StringComparison.Ordinal))
            .Select(line => line[3..]).ToList();
        Assert.Equal(5000, sentences.Count);
        Assert.Equal(comments, sentences.Select(sentence => $"{sentence.Id}\t{sentence.Marked}"));
        using var folder = new TemporaryFolder();
        EntityFile.Write(folder.File("again.tsv"), sentences);
        Assert.Equal(string.Concat(File.ReadLines(file).Skip(5).Select(line => line + "\n")), File.ReadAllText(folder.File("again.tsv")));
    }

    private static string Content(EntitySentence sentence) => $"{sentence.Id}|{sentence.Text}|{string.Join(' ', sentence.Tags)}";
}
