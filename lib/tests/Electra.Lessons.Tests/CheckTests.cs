using TorchSharp;

namespace Electra.Lessons.Tests;

[Collection("Checks")]
public class CheckTests
{
    [Fact]
    public void A_missing_value_is_still_to_do()
    {
        Assert.Equal("To do: one. It has 1 hint: Check.Hint(1).", Printed.By(() => Check.Number("one", (double?)null, 3, 0, "count them")));
        Assert.Equal("To do: one.", Printed.By(() => Check.Number("one", double.NaN, 3)));
        Assert.Equal("To do: one.", Printed.By(() => Check.Equal("one", (string?)null, "a")));
        Assert.Equal("To do: one.", Printed.By(() => Check.Equal("one", (int?)null, 1)));
        Assert.Equal("To do: one.", Printed.By(() => Check.Shape("one", (torch.Tensor?)null, [1])));
        Assert.Equal("To do: one.", Printed.By(() => Check.Close("one", (torch.Tensor?)null, torch.zeros(1))));
        Assert.Equal("To do: one.", Printed.By(() => Check.That("one", (bool?)null)));
        Assert.Equal("To do: one.", Printed.By(() => Check.That("one", () => throw new NotImplementedException())));
    }

    [Fact]
    public void A_right_value_is_right()
    {
        Assert.Equal("Right: two.", Printed.By(() => Check.Number("two", 3.00001, 3)));
        Assert.Equal("Right: two.", Printed.By(() => Check.Equal("two", "a", "a")));
        Assert.Equal("Right: two.", Printed.By(() => Check.Equal("two", new List<int> { 1, 2 }, [1, 2])));
        Assert.Equal("Right: two.", Printed.By(() => Check.Shape("two", torch.zeros(2, 8), [2, 8])));
        Assert.Equal("Right: two.", Printed.By(() => Check.Close("two", torch.ones(2, 2), torch.ones(2, 2))));
        Assert.Equal("Right: two.", Printed.By(() => Check.That("two", () => true)));
    }

    [Fact]
    public void What_is_wrong_is_told_without_the_right_value()
    {
        Assert.Equal("Not yet: three: found 2, which is too small.", Printed.By(() => Check.Number("three", 2, 3)));
        Assert.Equal("Not yet: three: found 2.9, which is a little too small.", Printed.By(() => Check.Number("three", 2.9, 3)));
        Assert.Equal("Not yet: three: found -3, which is right but for its sign.", Printed.By(() => Check.Number("three", -3, 3)));
        Assert.Equal("Not yet: three: found 75, which is a percentage: a share is between 0 and 1.",
            Printed.By(() => Check.Number("three", 75, 0.75)));
        Assert.Equal("Not yet: three: found 4, which is too large.", Printed.By(() => Check.Equal<int?>("three", 4, 3)));
        Assert.Equal("Not yet: three: found \"a\", which is right up to character 0 (counted from 0), and not there." +
            " It has 1 hint: Check.Hint(1).",
            Printed.By(() => Check.Equal("three", "a", "b", "look again.")));
        Assert.Equal("Not yet: three: at place 1 (counted from 0) found 7, which is not right.",
            Printed.By(() => Check.Equal<int[]>("three", [1, 7], [1, 2])));
        Assert.Equal("Not yet: three: found 1 elements, which is too few.", Printed.By(() => Check.Equal<int[]>("three", [1], [1, 2])));
        Assert.Equal("Not yet: three: found the shape [8], which has too few axes.",
            Printed.By(() => Check.Shape("three", torch.zeros(8), [2, 8])));
        Assert.Equal(
            "Not yet: three: the shape is right, but the value at [1, 0], 5, is too large.",
            Printed.By(
                () => Check.Close("three", torch.tensor(new float[,] { { 0, 1 }, { 5, 3 } }),
                    torch.tensor(new float[,] { { 0, 1 }, { 2, 3 } }))));
        Assert.Equal("Not yet: three: this is not so yet.", Printed.By(() => Check.That("three", false)));
    }

    [Fact]
    public void Code_that_throws_is_told_and_never_thrown_on()
    {
        Assert.Equal(
            "Not yet: four: the code stopped with IndexOutOfRangeException: Index was outside the bounds of the array.",
            Printed.By(() => Check.Equal("four", () => Array.Empty<int>()[1], 1)));
        var disposed = torch.zeros(2);
        disposed.Dispose();
        Assert.StartsWith("Not yet: four: the code stopped with", Printed.By(() => Check.Shape("four", disposed, [2])),
            StringComparison.Ordinal);
        Assert.StartsWith("Not yet: four: the code stopped with", Printed.By(() => Check.Close("four", disposed, torch.zeros(2))),
            StringComparison.Ordinal);
        Assert.StartsWith("Not yet: four: the code stopped with",
            Printed.By(() => Check.That("four", () => throw new InvalidOperationException("no"))), StringComparison.Ordinal);
    }

    [Fact]
    public void The_summary_counts_an_exercise_once_and_names_what_is_open()
    {
        Printed.By(() => Check.That("summary a", false));
        Printed.By(() => Check.That("summary a", true));
        Printed.By(() => Check.That("summary b", false));
        string summary = Printed.By(Check.Summary);
        Assert.DoesNotContain("summary a", summary, StringComparison.Ordinal);
        Assert.Single(summary.Split("summary b")[1..]);
    }

    [Fact]
    public void Hints_come_one_by_one_and_on_request()
    {
        Printed.By(() => Check.That("hinted a", false, "look", "look there."));
        Assert.Equal("Hint 1 of 2 for hinted a: look.", Printed.By(() => Check.Hint()));
        Assert.Equal("Hint 2 of 2 for hinted a: look there.", Printed.By(() => Check.Hint(2)));
        Assert.Equal("hinted a has 2 hints.", Printed.By(() => Check.Hint(3)));
        Assert.Equal("hinted a has 2 hints.", Printed.By(() => Check.Hint(0)));
        Assert.Equal("Right: hinted b.", Printed.By(() => Check.That("hinted b", true, "look")));
        Assert.Equal("Hint 1 of 1 for hinted b: look.", Printed.By(() => Check.Hint()));
        Assert.Equal("Hint 1 of 2 for hinted a: look.", Printed.By(() => Check.Hint("hinted a")));
        Assert.Equal("hinted c has not been checked yet: run its cell first.", Printed.By(() => Check.Hint("hinted c")));
        Printed.By(() => Check.That("hinted d", false));
        Assert.Equal("hinted d has no hints.", Printed.By(() => Check.Hint()));
    }

    [Fact]
    public void Strict_checks_print_their_line_and_throw_it()
    {
        Environment.SetEnvironmentVariable("ELECTRA_STRICT", "1");
        try
        {
            string Thrown(Action check)
            {
                string? message = null;
                string printed = Printed.By(() => message = Assert.Throws<ExerciseException>(check).Message);
                Assert.StartsWith(message!, printed, StringComparison.Ordinal);
                return message!;
            }

            Assert.Equal("Not yet: strict: this is not so yet.", Thrown(() => Check.That("strict", false, "look")));
            Assert.Equal("To do: strict.", Thrown(() => Check.That("strict", (bool?)null)));
            Assert.StartsWith("Not yet: strict: the code stopped with",
                Thrown(() => Check.That("strict", () => throw new FormatException())), StringComparison.Ordinal);
            Assert.Equal("Right: strict.", Printed.By(() => Check.That("strict", true)));
            Environment.SetEnvironmentVariable("ELECTRA_STRICT", "0");
            Assert.Equal("Not yet: strict: this is not so yet.", Printed.By(() => Check.That("strict", false)));
        }
        finally
        {
            Environment.SetEnvironmentVariable("ELECTRA_STRICT", null);
        }
    }
}
