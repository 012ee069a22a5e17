using Electra.Tests;
using TorchSharp;

namespace Electra.Tool.Tests;

/// <summary>Folders of tiny trained models, one a task, for what commands do around them.</summary>
public sealed class SmallModels : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public SmallModels()
    {
        var config = Small.Config with { VocabSize = SmallTokenizer.Vocabulary.Length, ClassifierVariant = "mask-aware" };
        string[] tags = ["O", "B-PS", "I-PS"];
        using var classifier = new SequenceClassifier(Encoder(), Heads.Create("fc", config, Labels.Count, HeadVariant.MaskAware));
        Sequence = Save("sequence", classifier, config.WithLabels(Labels), "ElectraForSequenceClassification", "fc");
        using var tagger = new TokenClassifier(Encoder(), TokenHeads.Create("linear", config, tags.Length, HeadVariant.MaskAware));
        Token = Save("token", tagger, config.WithLabels(tags), "ElectraForTokenClassification", "linear");
        using var answerer = new QuestionAnswerer(Encoder(),
            TokenHeads.Create("linear", config, QuestionAnswerer.Outputs, HeadVariant.MaskAware));
        Question = Save("qa", answerer, config, "ElectraForQuestionAnswering", "linear");

        ElectraEncoder Encoder()
        {
            torch.random.manual_seed(1);
            return new ElectraEncoder(config);
        }
    }

    public static IReadOnlyList<string> Labels { get; } = ["bad", "good"];

    public string Sequence { get; }

    public string Token { get; }

    public string Question { get; }

    public void Dispose() => _folder.Dispose();

    private string Save(string name, torch.nn.Module model, ElectraConfig config, string architecture, string head)
    {
        string folder = _folder.File(name);
        Checkpoint.Save(folder, model, config with { Architectures = [architecture], ClassifierHead = head }, SmallTokenizer.Cased);
        return folder;
    }
}
