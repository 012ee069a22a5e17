[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)] // what is printed, and the browser, are one for all

namespace Electra.Lessons.Tests;

/// <summary>What code prints.</summary>
internal static class Printed
{
    public static string By(Action code)
    {
        var before = Console.Out;
        using var text = new StringWriter { NewLine = "\n" };
        Console.SetOut(text);
        try
        {
            code();
        }
        finally
        {
            Console.SetOut(before);
        }

        return text.ToString().TrimEnd('\n');
    }
}
