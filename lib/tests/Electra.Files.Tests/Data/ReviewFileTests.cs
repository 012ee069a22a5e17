using System.IO.Compression;
using System.Text;
using FsCheck.Xunit;

namespace Electra.Tests;

public class ReviewFileTests
{
    private const string Header = "id\tdocument\tlabel\n";

    [Fact]
    public void Rows_are_read_as_they_stand_with_quotes_and_empty_documents()
    {
        using var folder = new TemporaryFolder();
        string path = Put(folder, Header + "1\t\"\"\"재미 \"\"있다\"\"\"\"\"\t1\n22\t\t0\nx\t a \u0085b\u2028c\vd \t12\n");
        Assert.Equal([new("1", "\"\"\"재미 \"\"있다\"\"\"\"\"", 1), new("22", "", 0), new("x", " a \u0085b\u2028c\vd ", 12)],
            ReviewFile.Read(path));
    }

    [Theory]
    [InlineData("\uFEFFid\tdocument\tlabel\r\n1\ta\t0\r\n2\tb\r\t1\r\n")]
    [InlineData("id\tdocument\tlabel\n1\ta\t0\n2\tb\r\t1")]
    public void Windows_line_ends_a_byte_order_mark_and_a_missing_last_line_feed_make_no_difference(string text)
    {
        using var folder = new TemporaryFolder();
        Assert.Equal([new("1", "a", 0), new("2", "b\r", 1)], ReviewFile.Read(Put(folder, text)));
    }

    [Theory]
    [InlineData("1\ta\t0\n2\tb\n", ":3 has 2 columns")]
    [InlineData("1\ta\t0\n2\tb\t1\tx\n", ":3 has 4 columns")]
    [InlineData("1\ta\t0\n\n", ":3 has 1 columns")]
    [InlineData("1\ta\tgood\n", ":2 has a label that is not")]
    [InlineData("1\ta\t-1\n", ":2 has a label that is not")]
    [InlineData("1\ta\t0.5\n", ":2 has a label that is not")]
    [InlineData("1\ta\t 1\n", ":2 has a label that is not")]
    [InlineData("1\ta\t\n", ":2 has a label that is not")]
    [InlineData("1\ta\t99999999999999999999\n", ":2 has a label that is not")]
    [InlineData("1\ta\t0\n2\tb\0\t1\n", ":3 contains a NUL")]
    public void A_malformed_row_is_refused_with_file_and_line(string rows, string expected)
    {
        using var folder = new TemporaryFolder();
        string path = Put(folder, Header + rows);
        Assert.StartsWith(path + expected, Refused(path), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1\ta\t0\n", ":1 is not the header")]
    [InlineData("id,document,label\n", ":1 is not the header")]
    [InlineData("\n", ":1 is not the header")]
    [InlineData("", " is empty")]
    public void A_file_without_its_header_is_refused(string text, string expected)
    {
        using var folder = new TemporaryFolder();
        string path = Put(folder, text);
        Assert.StartsWith(path + expected, Refused(path), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new byte[] { 0xB0, 0xA1 })] // 가 in EUC-KR
    [InlineData(new byte[] { 0xEA, 0xB0 })] // half of it in UTF-8
    [InlineData(new byte[] { 0xC0, 0xAF })] // overlong
    [InlineData(new byte[] { 0xED, 0xA0, 0x80 })] // a surrogate
    public void Text_that_is_not_UTF8_is_refused_with_file_and_line(byte[] text)
    {
        using var folder = new TemporaryFolder();
        string path = Put(folder, [.. "id\tdocument\tlabel\n1\ta\t0\n2\t"u8, .. text, .. "\t1\n"u8]);
        Assert.StartsWith($"{path}:3 is not valid UTF-8", Refused(path), StringComparison.Ordinal);
    }

    [Fact]
    public void A_line_without_end_is_refused_before_it_fills_the_memory()
    {
        using var folder = new TemporaryFolder();
        string path = Put(folder, Header + "1\ta\t0\n2\t" + new string('x', 2 << 20));
        Assert.StartsWith($"{path}:3 is longer than", Refused(path), StringComparison.Ordinal);
    }

    [Fact]
    public void Files_that_are_not_there_or_not_files_are_refused()
    {
        using var folder = new TemporaryFolder();
        Assert.Contains("does not exist", Refused(folder.File("absent.tsv")), StringComparison.Ordinal);
        Assert.Contains("does not exist", Refused(folder.File("absent/absent.tsv")), StringComparison.Ordinal);
        Assert.Contains("cannot be read", Refused(folder.Path), StringComparison.Ordinal);
        Assert.Contains("cannot be read", Refused(""), StringComparison.Ordinal);
    }

    [Fact]
    public void Gzip_is_read_as_it_is_and_refused_wherever_it_breaks_off()
    {
        using var folder = new TemporaryFolder();
        byte[] whole = Gzip(Header + "1\t가나다\t0\n2\t라마바\t1\n");
        string path = folder.File("train.tsv.gz");
        File.WriteAllBytes(path, whole);
        Assert.Equal([new("1", "가나다", 0), new("2", "라마바", 1)], ReviewFile.Read(path));
        for (int length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(path, whole[..length]);
            Assert.StartsWith(path, Refused(path), StringComparison.Ordinal);
            Assert.StartsWith(path, Assert.Throws<InputException>(() => ReviewFile.Read(path, limit: 1)).Message, StringComparison.Ordinal);
        }

        File.WriteAllBytes(path, [.. whole, 1, 2, 3, 4]);
        Assert.Contains("not one whole gzip file", Refused(path), StringComparison.Ordinal);
        File.WriteAllText(path, Header);
        Assert.Contains("damaged or not gzip", Refused(path), StringComparison.Ordinal);
    }

    [Fact]
    public void A_limit_reads_the_first_rows_only()
    {
        using var folder = new TemporaryFolder();
        string path = Put(folder, Header + "1\ta\t0\n2\tb\t1\n3\tmalformed\n");
        Assert.Equal([new("1", "a", 0), new("2", "b", 1)], ReviewFile.Read(path, limit: 2));
        Assert.Throws<InputException>(() => ReviewFile.Read(path, limit: 3));
        Assert.Contains("at least 1", Assert.Throws<InputException>(() => ReviewFile.Read(path, limit: 0)).Message,
            StringComparison.Ordinal);
    }

    [Property(MaxTest = 60)]
    public void Rows_of_any_texts_are_read_as_they_stand(int seed, bool gzip)
    {
        var random = new Random(seed);
        string[] pieces = ["", " ", "\"", "\r", "\u0085", "\u2028", "\uFEFF", "가", "한글", "🙂", "e\u0301", "a", "0", "\\t", ",", "'"];
        string Text() => string.Concat(Enumerable.Range(0, random.Next(6)).Select(_ => pieces[random.Next(pieces.Length)]));
        List<Review> rows = [.. Enumerable.Range(0, random.Next(20))
            .Select(_ => new Review(Text(), Text(), random.Next(4) == 0 ? random.Next() : random.Next(2)))];
        using var folder = new TemporaryFolder();
        string path = folder.File(gzip ? "rows.tsv.gz" : "rows.tsv");
        Reviews.Write(path, rows);
        Assert.Equal(rows, ReviewFile.Read(path));
    }

    [Property(MaxTest = 300)]
    public void Any_bytes_give_rows_or_a_refusal(byte[] tail, int seed, bool header, bool gzip)
    {
        var random = new Random(seed);
        byte[] telling = [.. "\t\t\t\n\n\r01\0a"u8, 0xEA, 0xB0, 0x80, 0xEF, 0xBB, 0xBF, 0xFF];
        byte[] bytes = [.. header ? Encoding.UTF8.GetBytes(Header) : [], .. tail,
            .. Enumerable.Range(0, random.Next(12)).Select(_ => telling[random.Next(telling.Length)])];
        if (gzip)
        {
            bytes = Gzip(Encoding.Latin1.GetString(bytes));
            if (bytes.Length > 0) // nothing packed is nothing
            {
                bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
            }
        }

        using var folder = new TemporaryFolder();
        string path = folder.File(gzip ? "rows.tsv.gz" : "rows.tsv");
        File.WriteAllBytes(path, bytes);
        if (Record.Exception(() => ReviewFile.Read(path)) is { } e)
        {
            Assert.StartsWith(path, Assert.IsType<InputException>(e).Message, StringComparison.Ordinal);
        }
    }

    private static string Put(TemporaryFolder folder, string text) => Put(folder, Encoding.UTF8.GetBytes(text));

    private static string Put(TemporaryFolder folder, byte[] bytes)
    {
        string path = folder.File("rows.tsv");
        File.WriteAllBytes(path, bytes);
        return path;
    }

    private static byte[] Gzip(string text)
    {
        using var bytes = new MemoryStream();
        using (var gzip = new GZipStream(bytes, CompressionLevel.Optimal))
        {
            gzip.Write(Encoding.UTF8.GetBytes(text));
        }

        return bytes.ToArray();
    }

    private static string Refused(string path) => Assert.Throws<InputException>(() => ReviewFile.Read(path)).Message;
}
