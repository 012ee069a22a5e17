namespace Electra.Tool.Tests;

/// <summary>How far long work is said to be.</summary>
public class ProgressTests
{
    [Fact]
    public void What_was_done_before_counts_for_the_share_and_not_for_the_rate()
    {
        // 600 of 1,000 are done, 500 of them by an earlier program: 100 took 10 s, so 400 take 40 s
        Assert.Equal("training: 60 %, 10 reviews/s, 40 s left", Progress.Describe("training", 600, 1000, 500, 10, "reviews"));
        Assert.Equal("training: 60 %, 60 reviews/s, 7 s left", Progress.Describe("training", 600, 1000, 0, 10, "reviews"));
    }

    [Fact]
    public void Where_the_end_is_not_known_it_says_how_fast_it_goes() =>
        Assert.Equal("predicting: 2.50 texts/s", Progress.Describe("predicting", 5, null, 0, 2, "texts"));

    [Fact]
    public void One_is_one() => Assert.Equal(["1 epoch", "2 epochs", "1,000 runs"],
        [Terminal.Count(1, "epoch"), Terminal.Count(2, "epoch"), Terminal.Count(1000, "run")]);
}
