using TorchSharp;

namespace Electra.Lessons.Tests;

public class CheckTests
{
    [Fact]
    public void A_missing_value_is_still_to_do()
    {
        Assert.Equal("To do: one. Hint: count them.", Printed.By(() => Check.Number("one", (double?)null, 3, hint: "count them")));
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
    public void A_wrong_value_is_told_with_the_right_one_and_the_hint()
    {
        Assert.Equal("Not yet: three: found 2, expected 3 (± 0.0001).", Printed.By(() => Check.Number("three", 2, 3)));
        Assert.Equal("Not yet: three: found \"a\", expected \"b\". Hint: look again.",
            Printed.By(() => Check.Equal("three", "a", "b", "look again.")));
        Assert.Equal("Not yet: three: at place 1 (counted from 0) found 7, expected 2.",
            Printed.By(() => Check.Equal<int[]>("three", [1, 7], [1, 2])));
        Assert.Equal("Not yet: three: found 1 elements, expected 2.", Printed.By(() => Check.Equal<int[]>("three", [1], [1, 2])));
        Assert.Equal("Not yet: three: found the shape [8], expected [2, 8], 1 axis instead of 2 axes.",
            Printed.By(() => Check.Shape("three", torch.zeros(8), [2, 8])));
        Assert.Equal(
            "Not yet: three: the shape is right, but the value at [1, 0] is 5, expected 2.",
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
}
