namespace Electra;

/// <summary>The discriminator of pre-training from a checkpoint, which <see cref="Pretrainer"/> or Python saved.</summary>
public static class PretrainedCheckpoint
{
    /// <summary>Makes the discriminator of an <c>ElectraForPreTraining</c>.</summary>
    /// <exception cref="InputException">A tensor is missing, unexpected or has the wrong shape.</exception>
    public static Discriminator CreateDiscriminator(this Checkpoint checkpoint)
    {
        var discriminator = new Discriminator(checkpoint.Config);
        try
        {
            checkpoint.LoadInto(discriminator);
            return discriminator;
        }
        catch
        {
            discriminator.Dispose();
            throw;
        }
    }
}
