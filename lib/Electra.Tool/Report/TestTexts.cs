using Electra.Tool.Tasks;

namespace Electra.Tool.Report;

/// <summary>
/// The test examples of data sets as texts, found by the hash that runs have recorded: those of the project's own data sets, and of one
/// that is named.
/// </summary>
/// <param name="named">One more data set, by name or folder, or null.</param>
internal sealed class TestTexts(string? named = null)
{
    private readonly Dictionary<(string Task, string Hash), TestPart?> _found = [];

    /// <summary>The test part of the data that runs were made with, or null where it is not found.</summary>
    /// <exception cref="InputException">The data set that was named is not there or malformed, or not that of these runs.</exception>
    public TestPart? Of(RunRecord run)
    {
        if (!_found.TryGetValue((run.Task, run.Data.Hash), out var part))
        {
            part = Find(run.Task, run.Data);
            _found.Add((run.Task, run.Data.Hash), part);
        }

        return part;
    }

    /// <summary>Names of the labels of the data that runs were made with, or null where nobody knows them.</summary>
    public IReadOnlyList<string>? LabelsOf(RunRecord run) =>
        Of(run)?.Labels ?? (run.Task == TaskKinds.Sequence.Name ? ReviewData.LabelsOf(run.Confusion.Count) : null);

    /// <summary>Complains about a named data set that is none of the runs'.</summary>
    /// <exception cref="InputException">It is not.</exception>
    public void CheckNamed(IEnumerable<(string Task, RunRecord.DataRecord Data)> runs)
    {
        if (named is not null && !runs.DistinctBy(run => (run.Task, run.Data.Hash)).Any(run => Open(run.Task, named, run.Data) is not null))
        {
            throw new InputException($"No recorded run was tested on {named} as it is now; give --texts the data set of the runs.");
        }
    }

    private TestPart? Find(string task, RunRecord.DataRecord data)
    {
        if (named is not null && Open(task, named, data) is { } wanted)
        {
            return wanted;
        }

        foreach (string name in TaskCommands.All.FirstOrDefault(one => one.Name == task)?.OwnData ?? [])
        {
            try
            {
                if (Open(task, name, data) is { } own)
                {
                    return own;
                }
            }
            catch (InputException)
            {
                return null; // outside of a clone: the report shows numbers of rows
            }
        }

        return null;
    }

    private static TestPart? Open(string task, string name, RunRecord.DataRecord data)
    {
        var commands = TaskCommands.All.FirstOrDefault(one => one.Name == task);

        // A limit is not recorded, but what it left is.
        return new int?[] { null, data.Train + data.Dev }.Select(limit => commands?.Test(name, limit))
            .FirstOrDefault(part => part?.Hash == data.Hash && part.Lines.Count == data.Test);
    }
}
