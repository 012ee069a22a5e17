using TorchSharp;

namespace Electra.Lessons;

/// <summary>
/// Training heads on a frozen encoder: it reads each batch once, then only the head learns. Lessons 04 and 05 compare the variants of a
/// head so.
/// </summary>
public sealed class FrozenReviews
{
    private const int Rows = 32;
    private const int Seed = 1;

    private readonly ReviewSplits _task;
    private readonly ElectraEncoder _encoder;

    /// <summary>Lets the encoder, in evaluation mode, read train and dev reviews in batches of 32.</summary>
    /// <param name="task">The reviews.</param>
    /// <param name="encoder">The encoder; its weights stay as they are.</param>
    public FrozenReviews(ReviewSplits task, ElectraEncoder encoder)
    {
        (_task, _encoder) = (task, encoder);
        encoder.eval();
        Train = Encode(task.Train, LengthBatches.Shuffled(task.Train.Lengths, Rows, Seed, epoch: 0));
        Dev = Encode(task.Dev, LengthBatches.Sorted(task.Dev.Lengths, Rows));
    }

    /// <summary>The reviews to train on.</summary>
    public EncodedReviews Train { get; }

    /// <summary>The reviews that say how good a head is after each epoch.</summary>
    public EncodedReviews Dev { get; }

    /// <summary>Lets the encoder read the test reviews, in their order.</summary>
    /// <param name="rows">Reviews a batch; 1: each alone, without padding.</param>
    /// <param name="length">Pad each row to this many tokens; null: to the longest of its batch.</param>
    public EncodedReviews Test(int rows, int? length = null) =>
        Encode(_task.Test, Enumerable.Range(0, _task.Test.Rows.Count).Chunk(rows), length);

    /// <summary>Trains a fresh head. A step is a batch, and its loss the mean cross-entropy of the batch.</summary>
    /// <param name="head">The head's name, see <see cref="Heads"/>.</param>
    /// <param name="variant">Its variant.</param>
    /// <param name="epochs">How often each train review is seen.</param>
    /// <param name="learningRate">The greatest step size.</param>
    /// <returns>The head after its best epoch, in evaluation mode, and all epochs with their dev accuracy.</returns>
    public (ClassificationHead Head, IReadOnlyList<TrainingEpoch> Epochs) TrainHead(string head, HeadVariant variant, int epochs,
        double learningRate)
    {
        torch.random.manual_seed(Seed);
        var fresh = Heads.Create(head, _encoder.Config, _task.Labels.Count, variant);
        int[] equallyLong = [.. Train.Batches.Select(_ => 1)];
        var trainer = new Trainer(
            fresh,
            new TrainingOptions { Epochs = epochs, LearningRate = learningRate, Seed = Seed },
            epoch => LengthBatches.Shuffled(equallyLong, 1, Seed, epoch),
            one =>
            {
                var batch = Train.Batches[one[0]];
                return SequenceClassifier.Loss(fresh.forward(batch.Hidden, batch.Mask), batch.Labels);
            })
        {
            Evaluate = () => Dev.Accuracy(Dev.Logits(fresh)),
        };
        return (fresh, trainer.Run().Epochs);
    }

    private EncodedReviews Encode(LabeledEncodings rows, IEnumerable<int[]> batches, int? length = null)
    {
        using var grad = torch.no_grad();
        return new([.. batches.Select(some =>
        {
            using var input = Batch.From([.. some.Select(i => rows.Rows[i])], padId: _task.Encoder.Tokenizer.PadId, length: length);
            var hidden = _encoder.forward(input.InputIds, input.AttentionMask, null); // B × L × H
            return new EncodedBatch(hidden, input.AttentionMask.clone(), torch.tensor(some.Select(i => (long)rows.Labels[i]).ToArray()));
        })]);
    }
}
