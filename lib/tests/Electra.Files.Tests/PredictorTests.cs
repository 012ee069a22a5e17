using static TorchSharp.torch;

namespace Electra.Tests;

/// <summary>What a trained folder answers is what its model computes, with names.</summary>
public class PredictorTests
{
    private static readonly string[] Texts = ["가나 영화", "영화", "", "나 나 나!"];

    [Fact]
    public void A_text_gets_the_label_of_the_greatest_logit_and_the_softmax_of_all_by_name()
    {
        using var folder = new TemporaryFolder();
        string[] labels = ["부정", "긍정", "모름"];
        using var model = Small.Classifier("fc", HeadVariant.MaskAware, labels.Length);
        Checkpoint.Save(folder.Path, model, Config("fc", "ElectraForSequenceClassification", labels), SmallTokenizer.Cased);
        model.eval();
        using var predictor = Predictor.Open(folder.Path);
        Assert.Empty(predictor.Notes);
        foreach (var (text, answer) in Texts.Zip(predictor.Predict(Texts, cancellation: TestContext.Current.CancellationToken)))
        {
            using var scope = NewDisposeScope();
            using var grad = no_grad();
            using var batch = Batch.From([SmallTokenizer.Cased.Encode(text)]);
            var logits = model.forward(batch.InputIds, batch.AttentionMask, batch.TokenTypeIds); // 1 × C
            float[] probabilities = logits.softmax(-1).data<float>().ToArray();
            Assert.Equal(text, answer.Text);
            Assert.Equal(labels[logits.argmax(-1).item<long>()], answer.Label);
            Assert.Equal(labels, answer.Probabilities.Select(label => label.Label));
            Assert.All(probabilities.Zip(answer.Probabilities), pair => Assert.Equal(pair.First, pair.Second.Probability, 1e-5));
            Assert.Empty(answer.Entities);
            Assert.Equal(predictor.Predict(text).Label, answer.Label);
        }
    }

    [Fact]
    public void Of_a_text_that_is_too_long_it_says_how_many_tokens_were_not_read()
    {
        using var folder = new TemporaryFolder();
        using var model = Small.Classifier("fc", HeadVariant.MaskAware);
        Checkpoint.Save(folder.Path, model, Config("fc", "ElectraForSequenceClassification", ["0", "1"]), SmallTokenizer.Cased);
        using var predictor = Predictor.Open(folder.Path);
        string text = string.Join(' ', Enumerable.Repeat("영화", 40)); // 32 positions, two of which are [CLS] and [SEP]
        Assert.Equal(10, predictor.Predict(text).UnreadTokens);
        Assert.Equal(0, predictor.Predict("영화").UnreadTokens);
    }

    [Fact]
    public void Entities_are_those_of_the_characters_tags()
    {
        using var folder = new TemporaryFolder();
        string[] labels = ["O", "B-PS", "I-PS", "B-LC", "I-LC"];
        using var model = new TokenClassifier(Small.Encoder(),
            TokenHeads.Create("linear", Small.Config, labels.Length, HeadVariant.MaskAware));
        Checkpoint.Save(folder.Path, model, Config("linear", "ElectraForTokenClassification", labels), SmallTokenizer.Cased);
        using var predictor = Predictor.Open(folder.Path);
        var answers = predictor.Predict(Texts, cancellation: TestContext.Current.CancellationToken);
        Assert.Contains(answers, answer => answer.Entities.Count > 0); // random weights find something
        foreach (var answer in answers)
        {
            Assert.Null(answer.Label);
            Assert.Equal(answer.Text.EnumerateRunes().Count(), answer.Tags.Count);
            Assert.Equal(EntityTags.Entities(answer.Text, answer.Tags), answer.Entities);
        }

        Assert.Throws<InvalidOperationException>(() => predictor.Answer("누가?", "영화"));
    }

    [Fact]
    public void An_answer_is_a_piece_of_its_context()
    {
        using var folder = new TemporaryFolder();
        using var model = new QuestionAnswerer(Small.Encoder(),
            TokenHeads.Create("linear", Small.Config, QuestionAnswerer.Outputs, HeadVariant.MaskAware));
        Checkpoint.Save(folder.Path, model, Config("linear", "ElectraForQuestionAnswering", []), SmallTokenizer.Cased);
        using var predictor = Predictor.Open(folder.Path);
        string context = string.Join(' ', Enumerable.Repeat("가나 영화 b!", 30)); // several windows
        var answers = predictor.Answer("가나", context);
        Assert.All(answers, answer => Assert.Equal(context[answer.Start..answer.End], answer.Text));
        Assert.Equal(answers.OrderByDescending(answer => answer.Score).Select(answer => answer.Score),
            answers.Select(answer => answer.Score));
        Assert.Throws<InvalidOperationException>(() => predictor.Predict("영화"));
    }

    [Fact]
    public void A_folder_without_a_head_is_refused_with_the_command_that_trains_one()
    {
        using var folder = new TemporaryFolder();
        using var encoder = Small.Encoder();
        Checkpoint.Save(folder.Path, encoder, Small.Config, SmallTokenizer.Cased);
        Assert.Contains("electra train", Assert.Throws<InputException>(() => Predictor.Open(folder.Path)).Message,
            StringComparison.Ordinal);
    }

    private static ElectraConfig Config(string head, string architecture, string[] labels) =>
        (labels.Length > 0 ? Small.Config.WithLabels(labels) : Small.Config) with
        {
            Architectures = [architecture],
            ClassifierHead = head,
            ClassifierVariant = "mask-aware"
        };
}
