using System.Text;
using Electra.Tool.Tasks;

namespace Electra.Tool.Report;

/// <summary>The test examples that a page has room for: all, or those that divide heads and seeds the most.</summary>
internal static class ExampleRows
{
    private const int NumberBytes = 8; // of a place in the file, with its comma
    private const int TextBytes = 12; // of brackets, quotes, label

    /// <summary>Chooses examples.</summary>
    /// <param name="runs">The runs of a comparison.</param>
    /// <param name="part">Their texts, or null.</param>
    /// <param name="room">Bytes of the page that they may take.</param>
    /// <returns>Places in the file, from 0, in its order.</returns>
    public static IReadOnlyList<int> Choose(IReadOnlyList<RunRecord> runs, TestPart? part, int room)
    {
        double perRow = NumberBytes + runs.Sum(run => run.Confidence is null ? 1 : 1 + (4.0 / 3));
        double Cost(int row) => perRow + (part is null ? 0 : TextBytes + Encoding.UTF8.GetByteCount(part.Lines[row].Text));
        var heads = runs.Where(run => !run.IsBaseline).ToList();
        double taken = 0;
        return
        [
            .. Enumerable.Range(0, runs[0].Correct.Length)
                .OrderBy(row => Math.Abs((heads.Count(run => run.Correct[row] == '1') / (double)heads.Count) - 0.5)).ThenBy(row => row)
                .TakeWhile(row => (taken += Cost(row)) <= room)
                .Order(),
        ];
    }
}
