using System.Text.Json.Nodes;
using NotebookKernel;

namespace Electra.Lessons.Tests;

/// <summary>
/// The exercises' cells as they stand in the lessons, with other answers in them: each lesson is one notebook, which has the setup of its
/// solutions, and then a cell for each answer.
/// </summary>
[Collection("Checks")]
public class ExerciseTests
{
    private static readonly string Course = Path.Combine(ProjectFolder.Find()!, "notebooks");

    public static TheoryData<string> Lessons => [.. WrongAnswers.All.Select(one => one.Lesson).Distinct()];

    [Fact]
    public void There_are_enough_wrong_answers_to_every_exercise()
    {
        Assert.True(WrongAnswers.All.Length >= 60, $"{WrongAnswers.All.Length}");
        Assert.All(Lessons.Select(row => row.Data), lesson => Assert.All(Cells(lesson, solutions: false),
            one => Assert.Contains(WrongAnswers.All, wrong => wrong.Lesson == lesson && wrong.Exercise == one.Key)));
    }

    [Theory]
    [MemberData(nameof(Lessons))]
    public async Task Wrong_answers_are_refused_by_name_and_the_solutions_accepted(string lesson)
    {
        var (starters, solutions) = (Cells(lesson, solutions: false), Cells(lesson, solutions: true));
        Assert.Equal(starters.Keys, solutions.Keys);
        var setup = Notebook.Load(File(lesson, solutions: true)).Cells.Where(cell => cell.IsCode && Number(lesson, cell.Source) is null)
            .Select(cell => cell.Source.Replace("../../lib/bin/", "../", StringComparison.Ordinal));
        List<(string Code, string Says, string Names)> asked = [];
        foreach (var (number, starter) in starters)
        {
            asked.Add((starter, $"To do: Exercise {number}", ""));
            asked.AddRange(WrongAnswers.All.Where(one => one.Lesson == lesson && one.Exercise == number)
                .Select(one => (WithAnswer(starter, one.Code), $"Not yet: Exercise {number}: ", one.Named)));
            asked.Add((solutions[number], $"Right: Exercise {number}.", ""));
            asked.Add((WithAnswer(starter, ""), $"Right: Exercise {number}.", "")); // the lesson's own check, of the solution's answer
        }

        string path = Path.Combine(AppContext.BaseDirectory, "notebooks", $"answers-{lesson}.ipynb"); // it loads ../Electra.Lessons.dll
        string[] sources = [.. setup, .. asked.Select(one => one.Code)];
        Write(path, sources);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromMinutes(10));
        var result = Assert.Single(await NotebookRunner.RunAsync([path], new() { Write = true }, cancel: limit.Token));
        Assert.True(result.Failures.Count == 0, string.Join('\n', result.Failures));

        string[] said = [.. Notebook.Load(path).Cells.Skip(sources.Length - asked.Count).Select(Printed)];
        var surprises = said.Zip(asked).Where(two => Line(two.First) is not { } line
            || !line.StartsWith(two.Second.Says, StringComparison.Ordinal) || !line.Contains(two.Second.Names, StringComparison.Ordinal));
        Assert.True(!surprises.Any(), string.Join("\n\n", surprises.Select(two =>
            $"{two.Second.Code}\nshould say: {two.Second.Says} … {two.Second.Names}\nsays: {two.First}")));
        System.IO.File.Delete(path);
    }

    private static string File(string lesson, bool solutions) =>
        Directory.GetFiles(solutions ? Path.Combine(Course, "solutions") : Course, $"{lesson}-*.ipynb").Single();

    private static SortedDictionary<int, string> Cells(string lesson, bool solutions) =>
        new(Notebook.Load(File(lesson, solutions)).Cells.Where(cell => cell.IsCode && Number(lesson, cell.Source) is not null)
            .ToDictionary(cell => Number(lesson, cell.Source)!.Value, cell => cell.Source));

    private static int? Number(string lesson, string source) =>
        source.IndexOf($"Lesson{lesson}.Exercise", StringComparison.Ordinal) is >= 0 and var at
            ? source[at + $"Lesson{lesson}.Exercise".Length] - '0' : null;

    private static string WithAnswer(string starter, string answer) => string.Join("\n\n", starter.Split("\n\n")
        .Select(paragraph => paragraph.Contains("your code here", StringComparison.Ordinal) ? answer : paragraph));

    private static string Printed(NotebookCell cell) =>
        string.Concat(cell.Outputs.Select(output => NotebookCell.Text(output["text"]) ?? ""));

    private static string? Line(string printed) => printed.Split('\n').FirstOrDefault(line =>
        line.StartsWith("To do: ", StringComparison.Ordinal) || line.StartsWith("Not yet: ", StringComparison.Ordinal)
        || line.StartsWith("Right: ", StringComparison.Ordinal));

    private static void Write(string path, string[] sources)
    {
        var cells = sources.Select((source, i) => (JsonNode)new JsonObject
        {
            ["cell_type"] = "code",
            ["execution_count"] = null,
            ["id"] = $"cell-{i}",
            ["metadata"] = new JsonObject(),
            ["outputs"] = new JsonArray(),
            ["source"] = source,
        });
        var kernel = new JsonObject { ["display_name"] = ".NET (C#)", ["language"] = "C#", ["name"] = ".net-csharp" };
        System.IO.File.WriteAllText(path, new JsonObject
        {
            ["cells"] = new JsonArray([.. cells]),
            ["metadata"] = new JsonObject { ["kernelspec"] = kernel },
            ["nbformat"] = 4,
            ["nbformat_minor"] = 5,
        }.ToJsonString());
    }
}
