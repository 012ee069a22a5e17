using System.Text;
using System.Text.Json;

namespace NotebookKernel.Tests;

public class WorkerLineTests
{
    private static WorkerLine Parse(string line)
    {
        byte[] bytes = Encoding.Latin1.GetBytes("before " + line + " after");
        return WorkerLine.Parse(bytes, 7, bytes.Length - 13);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("no json")]
    [InlineData("{}")]
    [InlineData("{\"id\": \"x\"}")]
    [InlineData("{\"id\": 2}")]
    [InlineData("{\"id\": 2.5, \"reply\": {}}")]
    [InlineData("{\"id\": 2, \"reply\": []}")]
    [InlineData("{\"id\": 2, \"reply\": {}, \"output\": {}}")]
    [InlineData("{\"id\": 2, \"id\": 2, \"reply\": {\"ok\": true}}")]
    [InlineData("{\"id\": 2, \"output\": {}}")]
    [InlineData("{\"id\": 2, \"output\": {\"output_type\": 5}}")]
    [InlineData("{\"id\": 2, \"output\": {\"output_type\": \"nonsense\"}}")]
    [InlineData("{\"id\": 2, \"output\": {\"output_type\": \"stream\", \"name\": \"stdout\", \"text\": 7}}")]
    [InlineData("{\"id\": 2, \"output\": {\"output_type\": \"stream\", \"name\": \"other\", \"text\": \"\"}}")]
    [InlineData("{\"id\": 2, \"output\": {\"output_type\": \"stream\", \"name\": \"stdout\", \"text\": \"\\ud800\"}}")]
    [InlineData("{\"id\": 2, \"output\": {\"output_type\": \"stream\", \"name\": \"stdout\", \"text\": \"\", \"\\udc00\": 1}}")]
    [InlineData("{\"id\": 2, \"output\": {\"output_type\": \"stream\", \"name\": \"stdout\", \"text\": \"ÿ\"}}")] // no UTF-8
    [InlineData("{\"id\": 2, \"output\": {\"output_type\": \"error\", \"ename\": \"E\", \"evalue\": \"v\", \"traceback\": [1]}}")]
    [InlineData("{\"id\": 2, \"output\": {\"output_type\": \"display_data\", \"data\": []}}")]
    [InlineData(
        "{\"id\": 2, \"output\": {\"output_type\": \"display_data\", \"data\": {}, \"metadata\": {}, \"transient\": {\"display_id\": 1}}}")]
    [InlineData("{\"id\": 2, \"output\": {\"output_type\": \"execute_result\", \"data\": {}, \"metadata\": {}}}")]
    public void What_is_neither_an_output_nor_a_reply_is_refused(string line) => Assert.ThrowsAny<JsonException>(() => Parse(line));

    [Fact]
    public void Deep_nesting_is_refused() => Assert.ThrowsAny<JsonException>(() => Parse(new string('[', 1_000_000)));

    [Theory]
    [InlineData("{\"id\": 2, \"reply\": {}}")]
    [InlineData("{\"id\": 2, \"output\": {\"output_type\": \"stream\", \"name\": \"stderr\", \"text\": \"\\ud83d\\ude00\"}}")]
    [InlineData("{\"id\": 2, \"output\": {\"output_type\": \"error\", \"ename\": \"E\", \"evalue\": \"\", \"traceback\": [\"x\"]}}")]
    [InlineData("{\"id\": 2, \"output\": {\"output_type\": \"display_data\", \"data\": {\"application/json\": [1]}, \"metadata\": {}, " +
        "\"transient\": {\"display_id\": \"d\"}}}")]
    [InlineData("{\"id\": 2, \"output\": {\"output_type\": \"execute_result\", \"data\": {}, \"metadata\": {}, \"execution_count\": 1}}")]
    public void Outputs_and_replies_are_read(string line)
    {
        WorkerLine read = Parse(line);
        Assert.Equal(2, read.Id);
        Assert.NotNull(read.Output ?? read.Reply);
    }

    [Fact]
    public void Lines_are_cut_at_their_ends_wherever_the_pipe_breaks_them_off()
    {
        string[] lines = ["", "a", new string('b', 70_000), "", new string('c', 300_000), "d"];
        using var pipe = new MemoryStream(Encoding.ASCII.GetBytes(string.Join('\n', lines) + "\nhalf a line"));
        var reader = new LineReader(pipe, 300_000);
        var read = new List<string>();
        while (reader.Read() is var (buffer, start, length))
        {
            read.Add(Encoding.ASCII.GetString(buffer, start, length));
        }

        Assert.Equal(lines, read);
    }

    [Fact]
    public void A_line_without_end_is_refused()
        => Assert.Throws<JsonException>(() => new LineReader(new MemoryStream(new byte[3_000_000]), 1_000_000).Read());
}
