using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Electra.Tests;

// The README's style is a notebook's: a field is named like its parameter in the checkpoint.
#pragma warning disable CA1051, IDE1006, IDE0040, CA1852, CA1062

/// <summary>The README's example, which is compiled and run here.</summary>
public class ReadmeHead
{
    [Fact]
    public void The_head_in_the_README_is_this_one_and_works()
    {
        string Normal(string text) => string.Join('\n', text.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0));
        string source = Normal(File.ReadAllText(Path.Combine(Reference.Root, "lib/tests/Electra.Tests/Heads/ReadmeHead.cs")));
        string readme = Normal(File.ReadAllText(Path.Combine(Reference.Root, "README.md")));
        string head = source[source.IndexOf("class " + nameof(MeanHead), StringComparison.Ordinal)..];
        Assert.Contains(head[..head.LastIndexOf('}')].TrimEnd(), readme, StringComparison.Ordinal);

        using var scope = NewDisposeScope();
        Electra.Heads.Register("mean", (config, labels) => new MeanHead(config, labels));
        using var module = Electra.Heads.Create("mean", Small.Config, 3, HeadVariant.MaskAware);
        var hidden = randn(2, 4, Small.Config.HiddenSize);
        using var mask = tensor(new long[] { 1, 1, 0, 0, 1, 1, 1, 1 }, [2, 4]);
        var padded = module.forward(hidden, mask);
        var alone = module.forward(hidden[..1, ..2], mask[..1, ..2]);
        Close.To(alone, padded[..1], 1e-6, "a row without its padding");
    }

    class MeanHead : ClassificationHead
    {
        private readonly Linear out_proj;

        public MeanHead(ElectraConfig config, int labels) : base("MeanHead")
        {
            out_proj = nn.Linear(config.HiddenSize, labels);
            RegisterComponents();
        }

        public override Tensor forward(Tensor lastHiddenState, Tensor attentionMask)
        {
            var mask = attentionMask.unsqueeze(-1);                         // B × L × 1
            var mean = (lastHiddenState * mask).sum(1) / mask.sum(1);       // B × H
            return out_proj.forward(mean);                                  // B × C
        }
    }
}
