using static TorchSharp.torch;

namespace Electra;

/// <summary>
/// What is to be learnt, and from what: a data set, tokenized for one encoder and cut into train, dev and test, with the model, the loss
/// and the score that belong to it. <see cref="TrainingRun"/> and <see cref="Comparison"/> know tasks only through this class.
/// </summary>
public abstract class LearningTask
{
    /// <summary>The seed that cuts the dev split: one for all runs, so that these differ in what is compared only.</summary>
    protected const int DevSeed = 1;

    /// <summary>Prepares a task.</summary>
    /// <param name="encoder">Gives the vocabulary and the longest possible row.</param>
    /// <param name="maxTokens">The longest row wanted; never more than the encoder can read.</param>
    protected LearningTask(EncoderSource encoder, int maxTokens)
    {
        Encoder = encoder;
        MaxTokens = Math.Min(maxTokens, encoder.Config.MaxPositionEmbeddings);
    }

    /// <summary>The encoder that everything was tokenized for.</summary>
    public EncoderSource Encoder { get; }

    /// <summary>The longest row, in tokens.</summary>
    public int MaxTokens { get; }

    /// <summary>What its models are.</summary>
    public abstract TaskKind Kind { get; }

    /// <summary>The task's name in options and records.</summary>
    public string Name => Kind.Name;

    /// <summary>The heads that can be put on an encoder for it.</summary>
    public HeadNames Heads => Kind.Heads;

    /// <summary>What <see cref="DevScore"/> and <see cref="TestModel"/> measure, such as <c>accuracy</c>.</summary>
    public abstract string Metric { get; }

    /// <summary>What an example is called in the plural: reviews, sentences, questions.</summary>
    public abstract string Unit { get; }

    /// <summary>The data.</summary>
    public abstract RunRecord.DataRecord Data { get; }

    /// <summary>Names of the labels; empty where the logits are no labels, as in question answering.</summary>
    public abstract IReadOnlyList<string> Labels { get; }

    /// <summary>Length of each training row in tokens. A row is what batches are made of: an example, or a window of a long one.</summary>
    public abstract IReadOnlyList<int> TrainLengths { get; }

    /// <summary>Examples of train, dev and test together that had to be cut.</summary>
    public virtual int Truncated => 0;

    /// <summary>Sentences for the user about the data: what was cut, what cannot be learnt.</summary>
    public virtual IReadOnlyList<string> Notes => [];

    /// <summary>Answers without an encoder that a head must beat.</summary>
    public virtual IReadOnlyList<Baseline> Baselines => [];

    /// <summary>Makes a model to train, and sentences for the user about what was ignored or freshly initialised.</summary>
    /// <param name="head">The head's name.</param>
    /// <param name="variant">Its variant.</param>
    /// <param name="seed">Decides the fresh weights.</param>
    public (TaskModel Model, IReadOnlyList<string> Notes) CreateModel(string head, HeadVariant variant, int seed) =>
        Encoder.CreateModel(Kind, head, variant, Labels, seed);

    /// <summary>The mean loss of a batch of training rows, a single number that gradients flow from.</summary>
    /// <param name="model">A model of <see cref="CreateModel"/>.</param>
    /// <param name="batch">Positions in <see cref="TrainLengths"/>.</param>
    public abstract Tensor Loss(TaskModel model, int[] batch);

    /// <summary>The score on the dev split, greater is better.</summary>
    /// <param name="model">A model of <see cref="CreateModel"/>.</param>
    /// <param name="cancellation">Stops between batches.</param>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public abstract double DevScore(TaskModel model, CancellationToken cancellation = default);

    /// <summary>The answers on the test split, scored.</summary>
    /// <inheritdoc cref="DevScore" path="/param"/>
    /// <inheritdoc cref="DevScore" path="/exception"/>
    public abstract TestResult TestModel(TaskModel model, CancellationToken cancellation = default);

    /// <summary>The configuration to save a model with.</summary>
    public ElectraConfig ConfigOf(string head, HeadVariant variant) =>
        (Labels.Count > 0 ? Encoder.Config.WithLabels(Labels) : Encoder.Config with { Id2Label = null, Label2Id = null }) with
        {
            Architectures = [Kind.Architecture],
            ClassifierHead = head,
            ClassifierVariant = Electra.Heads.NameOf(variant),
        };

    /// <summary>Answers without an encoder, or without what it makes of its word embeddings.</summary>
    /// <param name="Name">Its name in tables.</param>
    /// <param name="Train">Learns from the training split and chooses on the dev split; the first argument is called with sentences about
    /// that.</param>
    /// <param name="ReadsEncoder">Whether it uses the encoder's vocabulary and embeddings, so that its answers belong to that.</param>
    public sealed record Baseline(string Name, Func<Action<string>?, CancellationToken, TrainedBaseline> Train, bool ReadsEncoder = false);

    /// <summary>A baseline that has learnt.</summary>
    /// <param name="DevScore">Its score on the dev split, see <see cref="LearningTask.Metric"/>.</param>
    /// <param name="Test">Answers the test split.</param>
    public sealed record TrainedBaseline(double DevScore, Func<TestResult> Test);
}
