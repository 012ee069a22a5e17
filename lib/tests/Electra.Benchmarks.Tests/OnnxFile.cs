using System.Buffers.Binary;
using System.Text;

namespace Electra.Benchmarks.Tests;

/// <summary>
/// Writes the smallest .onnx files: one Gather node, so that the output is a row of a table for each input id. Protobuf by hand: a field is
/// its number and kind, then a length and bytes, or a varint. Source: onnx.proto (IR version 8).
/// </summary>
internal static class OnnxFile
{
    private const int Float = 1; // TensorProto.DataType
    private const int Int64 = 7;

    /// <summary>Writes a file.</summary>
    /// <param name="path">Where.</param>
    /// <param name="table">Rows × columns numbers.</param>
    /// <param name="columns">Numbers a row.</param>
    /// <param name="input">The input's name (batch × tokens, int64).</param>
    /// <param name="output">The output's name (batch × tokens × columns).</param>
    public static void WriteGather(string path, float[] table, int columns, string input = "input_ids", string output = "last_hidden_state")
    {
        byte[] numbers = new byte[table.Length * sizeof(float)];
        for (int i = 0; i < table.Length; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(numbers.AsSpan(i * sizeof(float)), table[i]);
        }

        byte[] tensor = [.. Number(1, table.Length / columns), .. Number(1, columns), .. Number(2, Float),
            .. Text(8, "table"), .. Bytes(9, numbers)];
        byte[] node = [.. Text(1, "table"), .. Text(1, input), .. Text(2, output), .. Text(4, "Gather")];
        byte[] graph =
        [
            .. Bytes(1, node), .. Text(2, "graph"), .. Bytes(5, tensor),
            .. Bytes(11, Value(input, Int64, [Text(2, "batch"), Text(2, "tokens")])),
            .. Bytes(12, Value(output, Float, [Text(2, "batch"), Text(2, "tokens"), Number(1, columns)])),
        ];
        byte[] operators = [.. Text(1, ""), .. Number(2, 13)];
        File.WriteAllBytes(path, [.. Number(1, 8), .. Bytes(7, graph), .. Bytes(8, operators)]);
    }

    private static byte[] Value(string name, int type, byte[][] axes)
    {
        byte[] shape = [.. axes.SelectMany(axis => Bytes(1, axis))];
        byte[] tensor = [.. Number(1, type), .. Bytes(2, shape)];
        return [.. Text(1, name), .. Bytes(2, Bytes(1, tensor))];
    }

    private static byte[] Text(int field, string text) => Bytes(field, Encoding.UTF8.GetBytes(text));

    private static byte[] Bytes(int field, byte[] bytes) => [.. Varint((field << 3) | 2), .. Varint(bytes.Length), .. bytes];

    private static byte[] Number(int field, int number) => [.. Varint(field << 3), .. Varint(number)];

    private static IEnumerable<byte> Varint(int value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            yield return (byte)(value | 0x80);
        }

        yield return (byte)value;
    }
}
