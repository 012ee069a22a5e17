namespace Electra;

/// <summary>The tasks by name: the three of this project, and those that a program adds.</summary>
public static class TaskKinds
{
    private static readonly List<TaskKind> Known = [];

    static TaskKinds()
    {
        Register(Sequence);
        Register(Token);
        Register(Question);
    }

    /// <summary>One label for each text, <c>sequence</c>.</summary>
    public static TaskKind Sequence { get; } = new SequenceKind();

    /// <summary>One label for each token, <c>token</c>.</summary>
    public static TaskKind Token { get; } = new TokenKind();

    /// <summary>The piece of a text that answers a question, <c>qa</c>.</summary>
    public static TaskKind Question { get; } = new QuestionKind();

    /// <summary>All tasks, the project's own first.</summary>
    public static IReadOnlyList<TaskKind> All => Known;

    /// <summary>Adds a task, or replaces the one of its name.</summary>
    public static void Register(TaskKind kind)
    {
        Known.RemoveAll(known => known.Name == kind.Name);
        Known.Add(kind);
    }

    /// <summary>The task of a name; null where there is none.</summary>
    public static TaskKind? Find(string name) => Known.Find(kind => kind.Name == name);
}
