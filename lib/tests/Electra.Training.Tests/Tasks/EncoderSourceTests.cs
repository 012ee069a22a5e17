namespace Electra.Tests;

/// <summary>Fresh weights in the sizes of a checkpoint, which no file limits.</summary>
public class EncoderSourceTests
{
    [Theory]
    [InlineData(1 << 16, 1 << 10, 1 << 18)]
    [InlineData(1 << 16, 1, 1 << 18)]
    [InlineData(12, 2, 24)]
    public void Sizes_that_no_memory_holds_are_refused_before_anything_is_allocated(int hidden, int layers, int intermediate)
    {
        using var folder = new TemporaryFolder();
        var config = Small.Config with { HiddenSize = hidden, NumHiddenLayers = layers, IntermediateSize = intermediate };
        (config with { NumAttentionHeads = 4 }).Write(folder.Path);
        SmallTokenizer.Cased.Save(folder.Path);
        EncoderSource Open() => EncoderSource.Open($"random:{folder.Path}", [], TestContext.Current.CancellationToken);
        long parameters = 4L * layers * hidden * hidden; // of attention alone, 4 bytes each
        if (parameters * sizeof(float) < 1L << 30)
        {
            Assert.True(Open().IsRandom);
            return;
        }

        Assert.SkipWhen(parameters * sizeof(float) < GC.GetGCMemoryInfo().TotalAvailableMemoryBytes, "This machine has room for it.");
        var error = Assert.Throws<InputException>(Open);
        Assert.Contains(folder.File("config.json"), error.Message, StringComparison.Ordinal);
        Assert.Contains("parameters", error.Message, StringComparison.Ordinal);
    }
}
