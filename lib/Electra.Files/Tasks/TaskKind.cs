namespace Electra;

/// <summary>
/// A task as checkpoints know it: the Hugging Face class of its models, the names of its head's parameters, and what the logits say. A task
/// of your own derives from this class and is added by <see cref="TaskKinds.Register"/>; checkpoints, <see cref="Predictor"/>, trainings
/// and records then know it by its name.
/// </summary>
public abstract class TaskKind
{
    /// <summary>Describes a task.</summary>
    /// <param name="name">Its name in options and records, such as <c>token</c>.</param>
    /// <param name="architecture">The Hugging Face class of its models, such as <c>ElectraForTokenClassification</c>.</param>
    /// <param name="headName">What the names of its head's parameters begin with, such as <c>classifier</c>.</param>
    /// <param name="heads">The heads that can be put on an encoder for it, the usual one first.</param>
    protected TaskKind(string name, string architecture, string headName, HeadNames heads) =>
        (Name, Architecture, HeadName, Heads) = (name, architecture, headName, heads);

    /// <summary>The task's name in options and records.</summary>
    public string Name { get; }

    /// <summary>The Hugging Face class of its models.</summary>
    public string Architecture { get; }

    /// <summary>What the names of its head's parameters begin with.</summary>
    public string HeadName { get; }

    /// <summary>The heads that can be put on an encoder for it, the usual one first.</summary>
    public HeadNames Heads { get; }

    /// <summary>How many numbers a head gives for a row or token, whatever the labels are; null: one a label.</summary>
    public virtual int? Outputs => null;

    /// <summary>Puts a fresh head on an encoder.</summary>
    /// <param name="encoder">The encoder.</param>
    /// <param name="head">One of <see cref="Heads"/>.</param>
    /// <param name="variant">Its variant.</param>
    /// <param name="outputs">How many numbers it gives.</param>
    /// <exception cref="InputException">There is no such head, or no such number of outputs.</exception>
    public abstract TaskModel Create(ElectraEncoder encoder, string head, HeadVariant variant, int outputs);

    /// <summary>Which head weights are of, in a checkpoint whose configuration does not say it.</summary>
    /// <param name="names">The names of the head's parameters, without <see cref="HeadName"/> and the dot before them.</param>
    /// <returns>Null where they are of no head that is known.</returns>
    public abstract string? HeadOf(IReadOnlySet<string> names);

    /// <summary>Whether a parameter of a head may be there without being used.</summary>
    /// <param name="head">The head.</param>
    /// <param name="name">The parameter's name, without <see cref="HeadName"/>.</param>
    public virtual bool IsUnused(string head, string name) => false;

    /// <summary>Whether a head that was trained for labels can be gone on with for others, of the same number.</summary>
    /// <param name="known">What it was trained for, in the order of its outputs.</param>
    /// <param name="wanted">What is asked for.</param>
    public virtual bool CanStand(IReadOnlyList<string> known, IReadOnlyList<string> wanted) => true;

    /// <summary>Throws when the task cannot have such labels.</summary>
    /// <param name="labels">Names of labels.</param>
    /// <param name="file">Where they stand.</param>
    /// <exception cref="InputException">Names the label and the file.</exception>
    public virtual void CheckLabels(IReadOnlyList<string> labels, string file)
    {
    }

    /// <summary>A trained model's answers to texts.</summary>
    /// <param name="model">The model.</param>
    /// <param name="texts">The texts.</param>
    /// <param name="progress">Told how many are done.</param>
    /// <param name="cancellation">Stops between batches.</param>
    /// <returns>One answer a text, in their order.</returns>
    /// <exception cref="InvalidOperationException">The task is not about texts alone.</exception>
    public abstract IReadOnlyList<TextPrediction> Predict(Predictor model, IReadOnlyList<string> texts, Action<int>? progress,
        CancellationToken cancellation);
}
