// A head of one's own on the shipped encoder: dotnet run lib/examples/my-head.cs, in the clone's root.
#:project ../Electra.Files/Electra.Files.csproj
using Electra;
using TorchSharp.Modules;
using static TorchSharp.torch;

Heads.Register("mean", (config, labels) => new MeanHead(config, labels));
using var checkpoint = Checkpoint.Open("data/encoders/electra-tiny-ko");
using var model = checkpoint.CreateSequenceClassifier("mean", labels: ["negative", "positive"]);
Console.WriteLine(checkpoint.Notes[0]);
using var batch = Batch.From([ElectraTokenizer.FromFolder(checkpoint.Folder).Encode("배우들 연기가 정말 좋았다")]);
Console.WriteLine(string.Join(" × ", model.forward(batch.InputIds, batch.AttentionMask, null).shape)); // B × C

internal sealed class MeanHead : ClassificationHead
{
    private readonly Linear out_proj;

    public MeanHead(ElectraConfig config, int labels)
        : base("MeanHead")
    {
        out_proj = nn.Linear(config.HiddenSize, labels);
        RegisterComponents();
    }

    public override Tensor forward(Tensor lastHiddenState, Tensor attentionMask)
    {
        var mask = attentionMask.unsqueeze(-1); // B × L × 1
        var mean = (lastHiddenState * mask).sum(1) / mask.sum(1); // B × H
        return out_proj.forward(mean); // B × C
    }
}
