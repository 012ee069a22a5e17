using System.Text;

namespace NotebookKernel;

/// <summary>Stands in for the console: hands what is written to the cell that writes it.</summary>
internal sealed class CellWriter(string stream) : TextWriter
{
    public override Encoding Encoding => Encoding.UTF8;

    public override string NewLine => "\n";

    public override void Write(char value) => Cell.Current?.Write(stream, [value]);

    public override void Write(string? value) => Cell.Current?.Write(stream, value);

    public override void Write(char[] buffer, int index, int count) => Cell.Current?.Write(stream, buffer.AsSpan(index, count));

    public override void Write(ReadOnlySpan<char> buffer) => Cell.Current?.Write(stream, buffer);

    public override void WriteLine(string? value) => Cell.Current?.Write(stream, value + "\n");

    public override void Flush() => Cell.Current?.Flush();
}
