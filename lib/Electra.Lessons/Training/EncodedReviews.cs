using TorchSharp;

namespace Electra.Lessons;

/// <summary>A batch of reviews that the encoder has read.</summary>
/// <param name="Hidden">The last hidden state, B × L × H.</param>
/// <param name="Mask">The attention mask, B × L.</param>
/// <param name="Labels">The label of each review, B.</param>
public sealed record EncodedBatch(torch.Tensor Hidden, torch.Tensor Mask, torch.Tensor Labels);

/// <summary>Reviews that a frozen encoder has read once, batch by batch, and what a head says of them.</summary>
/// <param name="Batches">The batches, in the order of the answers.</param>
public sealed record EncodedReviews(IReadOnlyList<EncodedBatch> Batches)
{
    /// <summary>The logits of all reviews, N × C.</summary>
    public torch.Tensor Logits(ClassificationHead head)
    {
        using var grad = torch.no_grad();
        return torch.cat([.. Batches.Select(batch => head.forward(batch.Hidden, batch.Mask))]);
    }

    /// <summary>The share of reviews whose greatest logit is that of their label.</summary>
    /// <param name="logits">N × C, see <see cref="Logits"/>.</param>
    public double Accuracy(torch.Tensor logits)
    {
        using var scope = torch.NewDisposeScope();
        var labels = torch.cat([.. Batches.Select(batch => batch.Labels)]); // N
        return logits.argmax(1).eq(labels).to(torch.float64).mean().item<double>();
    }
}
