using static TorchSharp.torch;

namespace Electra.Tests;

public class FastDropoutTests
{
    private const int Count = 1 << 20;

    [Theory]
    [InlineData(0.1)]
    [InlineData(0.5)]
    [InlineData(0.9)]
    public void Drops_the_share_asked_for_and_keeps_the_mean(double probability)
    {
        using var scope = NewDisposeScope();
        random.manual_seed(1);
        float[] dropped = Drop(probability, ones(Count)).data<float>().ToArray();
        double sigma = Math.Sqrt(probability * (1 - probability) / Count);
        Assert.InRange(dropped.Count(value => value == 0) / (double)Count, probability - (5 * sigma) - 2e-5,
            probability + (5 * sigma) + 2e-5);
        Assert.All(dropped.Where(value => value != 0).Distinct(), value => Assert.Equal(1 / (1 - probability), value, 1e-3));
        Assert.Equal(1, dropped.Average(), 5 * sigma / (1 - probability));
    }

    [Fact]
    public void Neighbours_are_dropped_independently()
    {
        // Four neighbours are cut from one random number; if they depended on each other, the share of runs of zeros would not be p^n.
        using var scope = NewDisposeScope();
        random.manual_seed(2);
        float[] dropped = Drop(0.5, ones(Count)).data<float>().ToArray();
        for (int distance = 1; distance <= 4; distance++)
        {
            double both = dropped.Zip(dropped.Skip(distance))
                .Count(pair => pair.First == 0 && pair.Second == 0) / (double)(Count - distance);
            Assert.InRange(both, 0.25 - 0.0025, 0.25 + 0.0025); // 5 standard errors of 0.0004, and what neighbours share
        }
    }

    [Fact]
    public void The_same_generator_state_drops_the_same_and_the_next_call_drops_others()
    {
        using var scope = NewDisposeScope();
        var x = ones(37, 11);
        random.manual_seed(3);
        var first = Drop(0.3, x);
        var second = Drop(0.3, x);
        random.manual_seed(3);
        Assert.True(first.eq(Drop(0.3, x)).all().item<bool>());
        Assert.False(first.eq(second).all().item<bool>());
    }

    [Fact]
    public void Outside_training_and_with_nothing_to_drop_nothing_changes_and_no_random_number_is_drawn()
    {
        using var scope = NewDisposeScope();
        random.manual_seed(4);
        var state = get_rng_state();
        var x = randn(5, 7);
        random.manual_seed(4);
        using var idle = new FastDropout(0.4);
        idle.eval();
        using var empty = new FastDropout(0);
        empty.train();
        Assert.True(x.eq(idle.forward(x)).all().item<bool>());
        Assert.True(x.eq(empty.forward(x)).all().item<bool>());
        Assert.True(state.eq(get_rng_state()).all().item<bool>());
    }

    [Fact]
    public void Gradients_pass_where_values_passed()
    {
        using var scope = NewDisposeScope();
        random.manual_seed(5);
        var x = (rand(64, 3) + 1).detach().requires_grad_();
        var y = Drop(0.25, x);
        y.sum().backward();
        Assert.Equal(y.detach().div(x.detach()).data<float>().ToArray(), x.grad!.data<float>().ToArray(), (a, b) => Math.Abs(a - b) < 1e-5);
    }

    private static Tensor Drop(double probability, Tensor x)
    {
        using var dropout = new FastDropout(probability);
        dropout.train();
        return dropout.forward(x);
    }
}
