namespace Electra.Tests;

/// <summary>Texts that someone has read and found right; a change of them is a contract's change, and is seen in the commit.</summary>
internal static class Approved
{
    /// <summary>Compares a text with the approved one; where they differ, says in which lines and how the new one is approved.</summary>
    /// <param name="path">The approved file, from the project's folder on.</param>
    /// <param name="text">What it is now.</param>
    /// <param name="meaning">What a difference means, a sentence without its period.</param>
    /// <param name="essence">What of a text is compared; null: all of it.</param>
    public static void Check(string path, string text, string meaning, Func<string, string>? essence = null)
    {
        string approved = Path.Combine(Reference.Root, path);
        string before = File.Exists(approved) ? File.ReadAllText(approved).ReplaceLineEndings("\n") : "";
        string whole = text;
        (before, text) = essence is null ? (before, text) : (essence(before), essence(text));
        if (before == text)
        {
            return;
        }

        string received = Path.Combine(AppContext.BaseDirectory,
            Path.GetFileName(path).Replace(".approved.", ".received.", StringComparison.Ordinal));
        File.WriteAllText(received, whole);
        string[] old = before.TrimEnd('\n').Split('\n');
        string[] now = text.TrimEnd('\n').Split('\n');
        int first = old.Zip(now).TakeWhile(pair => pair.First == pair.Second).Count();
        Assert.Fail(
            $"{meaning}. First in line {first + 1} of {path}: approved \"{old.ElementAtOrDefault(first)}\", now " +
            $"\"{now.ElementAtOrDefault(first)}\"; no longer there: [{string.Join("; ", old.Except(now))}]; new: " +
            $"[{string.Join("; ", now.Except(old))}]. If that is meant: cp {received} {approved}");
    }
}
