using System.Text.Json;
using static TorchSharp.torch;

namespace Electra.Tests;

/// <summary>The model equals the reference; what else stands in a batch, and padding, change no answer.</summary>
public class QuestionAnswererTests
{
    private const double Tolerance = 1e-5;
    private static readonly ElectraTokenizer Tokenizer = SmallTokenizer.Cased;

    [Fact]
    public void Logits_and_losses_equal_the_reference_also_for_positions_outside()
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var golden = SafetensorsFile.Read(Reference.Golden("heads.safetensors"));
        using var model = GoldenModel(golden);
        model.eval();
        int cases = 0;
        foreach (var entry in Set("qa").GetProperty("cases").EnumerateArray())
        {
            string id = entry.GetProperty("case").GetString()!;
            string input = entry.GetProperty("batch").GetString()!;
            var logits = Forward(model, golden, input);
            Close.To(golden[$"qa/{input}/start_logits"], logits[.., .., 0], Tolerance, $"{input} start");
            Close.To(golden[$"qa/{input}/end_logits"], logits[.., .., 1], Tolerance, $"{input} end");
            var starts = golden[$"qa/{id}/start_positions"];
            var before = starts.clone();
            double loss = QuestionAnswerer.Loss(logits, starts, golden[$"qa/{id}/end_positions"]).item<float>();
            double expected = entry.GetProperty("loss").GetDouble();
            Assert.InRange(loss, expected - Tolerance * Math.Max(1, expected), expected + Tolerance * Math.Max(1, expected));
            // the reference clamps the caller's tensor, this does not
            Assert.Equal(before.data<long>().ToArray(), starts.data<long>().ToArray());
            cases++;
        }

        Assert.Equal(8, cases);
    }

    [Fact]
    public void The_gradient_of_every_parameter_equals_the_reference()
    {
        using var scope = NewDisposeScope();
        var golden = SafetensorsFile.Read(Reference.Golden("heads.safetensors"));
        using var model = GoldenModel(golden);
        model.eval(); // no dropout
        QuestionAnswerer.Loss(Forward(model, golden, "batch"), golden["qa/gradient/start_positions"],
            golden["qa/gradient/end_positions"]).backward();
        const string prefix = "qa/gradient/of/";
        var expected = golden.Where(named => named.Key.StartsWith(prefix, StringComparison.Ordinal))
            .ToDictionary(named => named.Key[prefix.Length..], named => named.Value);
        Assert.Equal(expected.Keys.Order(StringComparer.Ordinal),
            model.named_parameters().Select(named => named.name).Order(StringComparer.Ordinal));
        foreach (var (name, parameter) in model.named_parameters())
        {
            Close.To(expected[name], parameter.grad!, 1e-4, name);
        }
    }

    [Theory]
    [InlineData("linear")]
    [InlineData("cnn")]
    [InlineData("bilstm")]
    public void Padding_and_what_else_is_asked_change_no_answer(string head)
    {
        using var model = Answerer(head);
        string[] contexts = ["가", "영화 나", "나영화! 가 나a", string.Concat(Enumerable.Repeat("영화가 나 b! ", 9)), "中나 = 영화영화 é", " ", ""];
        Question[] questions = [.. contexts.Select((context, i) => new Question($"{i}", "t", context, "영화 가", []))];
        var options = new QuestionOptions { MaxTokens = 20, Stride = 4, Best = 3 };
        var together = QuestionPrediction.Answers(model, Tokenizer, questions, options,
            cancellation: TestContext.Current.CancellationToken);
        foreach (var (question, answers) in questions.Zip(together))
        {
            var alone = QuestionPrediction.Answers(model, Tokenizer, [question], options,
                cancellation: TestContext.Current.CancellationToken)[0];
            Assert.Equal(alone.Select(answer => answer with { Score = 0 }), answers.Select(answer => answer with { Score = 0 }));
            Assert.All(alone.Zip(answers), pair => Assert.Equal(pair.First.Score, pair.Second.Score, 1e-4));
            Assert.All(answers, answer => Assert.Equal(question.Context[answer.Start..answer.End], answer.Text));
            Assert.Equal(question.Id, answers[0].Id);
        }

        Assert.Equal(new PredictedAnswer("6", "", 0, 0, 0), Assert.Single(together[6])); // no token, no answer
        Assert.Equal("가", Assert.Single(together[0]).Text);
    }

    [Fact]
    public void A_context_of_100000_characters_is_answered_in_small_batches()
    {
        random.manual_seed(1);
        var head = new CountingHead(Small.Config);
        using var model = new QuestionAnswerer(Small.Encoder(), head);
        string context = string.Concat(Enumerable.Repeat("영화가 나!😀 ", 12_500));
        Assert.InRange(context.Length, 100_000, 125_000);
        var answer = Assert.Single(QuestionPrediction.Answers(
            model, Tokenizer, [new Question("long", "t", context, "가", [])], new QuestionOptions { Stride = 2 },
            cancellation: TestContext.Current.CancellationToken)[0]);
        Assert.Equal(context[answer.Start..answer.End], answer.Text);
        Assert.NotEmpty(answer.Text);
        Assert.InRange(head.Largest, 1, 16 * Small.Config.MaxPositionEmbeddings);
        Assert.True(head.Batches > 100);
    }

    [Fact]
    public void Options_that_make_no_sense_are_errors()
    {
        Assert.Equal(32, new QuestionOptions().For(Small.Config).MaxTokens);
        foreach (var options in new QuestionOptions[] { new() { MaxTokens = 4 }, new() { Stride = -1 },
            new() { LongestAnswer = 0 }, new() { Best = 0 } })
        {
            Assert.Throws<InputException>(() => options.For(Small.Config));
        }

        Assert.Contains("token type",
            Assert.Throws<InputException>(() => new QuestionOptions().For(Small.Config with { TypeVocabSize = 1 })).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("linear", HeadVariant.MaskAware)]
    [InlineData("cnn", HeadVariant.Published)]
    [InlineData("bilstm", HeadVariant.MaskAware)]
    public void A_saved_model_is_read_back_with_its_head_and_variant(string head, HeadVariant variant)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        using var folder = new TemporaryFolder();
        using var model = new QuestionAnswerer(Small.Encoder(), TokenHeads.Create(head, Small.Config, QuestionAnswerer.Outputs, variant));
        Checkpoint.Save(folder.Path, model,
            Small.Config with
            {
                Architectures = ["ElectraForQuestionAnswering"],
                ClassifierHead = head,
                ClassifierVariant = Electra.Heads.NameOf(variant)
            }, Tokenizer);
        using var checkpoint = Checkpoint.Open(folder.Path);
        Assert.Equal("qa", checkpoint.Kind?.Name);
        using var read = checkpoint.CreateQuestionAnswerer();
        Assert.Empty(checkpoint.Notes);
        model.eval();
        read.eval();
        var ids = randint(5, 25, [2, 9], dtype: ScalarType.Int64);
        var mask = nn.functional.pad(ones([2, 6], ScalarType.Int64), [0, 3]);
        Close.To(model.forward(ids, mask, null), read.forward(ids, mask, null), 0, head);
    }

    [Fact]
    public void A_checkpoint_of_the_hub_needs_no_head_named_and_keeps_its_weights()
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        using var folder = new TemporaryFolder();
        var golden = SafetensorsFile.Read(Reference.Golden("heads.safetensors"));
        using (var model = GoldenModel(golden))
        {
            using var source = Checkpoint.Open(Reference.Golden("electra-projected"));
            Checkpoint.Save(folder.Path, model, source.Config with { Architectures = ["ElectraForQuestionAnswering"] },
                ElectraTokenizer.FromFolder(source.Folder));
        }

        using var checkpoint = Checkpoint.Open(folder.Path);
        using var read = checkpoint.CreateQuestionAnswerer();
        Assert.IsType<LinearTokenHead>(read.Head);
        Assert.Empty(checkpoint.Notes);
        read.eval();
        Close.To(golden["qa/batch/start_logits"], Forward(read, golden, "batch")[.., .., 0], Tolerance, "start");
    }

    [Theory]
    [InlineData("electra-projected")]
    [InlineData("electra-square")]
    public void A_pre_trained_or_otherwise_fine_tuned_checkpoint_gets_a_fresh_head_for_training_and_is_refused_for_answering(string name)
    {
        string folder = Reference.Golden(name);
        using var checkpoint = Checkpoint.Open(folder);
        Assert.Contains("no head for this task (qa)", Assert.Throws<InputException>(() => checkpoint.CreateQuestionAnswerer()).Message,
            StringComparison.Ordinal);
        using (var model = checkpoint.CreateQuestionAnswerer("linear", HeadVariant.MaskAware))
        {
            Assert.Contains(checkpoint.Notes, note => note.StartsWith("The head linear is freshly initialised", StringComparison.Ordinal));
            Question question = new("q", "t", "영화 감독 박수현이 2019년 서울에서 찍었다.", "누구인가?", []);
            var answer = QuestionPrediction.Answers(model, ElectraTokenizer.FromFolder(folder), [question], new(),
                cancellation: TestContext.Current.CancellationToken)[0][0];
            Assert.Equal(question.Context[answer.Start..answer.End], answer.Text);
        }
    }

    private static QuestionAnswerer Answerer(string head)
    {
        random.manual_seed(3);
        return new QuestionAnswerer(new ElectraEncoder(Small.Config),
            TokenHeads.Create(head, Small.Config, QuestionAnswerer.Outputs, HeadVariant.MaskAware));
    }

    private static QuestionAnswerer GoldenModel(IReadOnlyDictionary<string, Tensor> golden)
    {
        using var checkpoint = Checkpoint.Open(Reference.Golden("electra-projected"));
        var model = new QuestionAnswerer(checkpoint.CreateEncoder(), new LinearTokenHead(checkpoint.Config, QuestionAnswerer.Outputs));
        using var grad = no_grad();
        foreach (var (name, parameter) in model.Head.named_parameters())
        {
            parameter.copy_(golden[$"qa/weights/qa_outputs.{name}"]);
        }

        return model;
    }

    private static Tensor Forward(QuestionAnswerer model, IReadOnlyDictionary<string, Tensor> golden, string input) =>
        model.forward(golden[$"input/{input}/input_ids"], golden[$"input/{input}/attention_mask"], golden[$"input/{input}/token_type_ids"]);

    private static JsonElement Set(string name) =>
        JsonDocument.Parse(File.ReadAllText(Reference.Golden("heads.json"))).RootElement.GetProperty("sets").EnumerateArray()
            .Single(set => set.GetProperty("name").GetString() == name);

    /// <summary>Remembers the largest batch that it has seen.</summary>
    private sealed class CountingHead : TokenHead
    {
        private readonly LinearTokenHead _linear;

        public CountingHead(ElectraConfig config)
            : base(nameof(CountingHead))
        {
            _linear = new LinearTokenHead(config, QuestionAnswerer.Outputs);
            RegisterComponents();
        }

        public long Largest { get; private set; }

        public int Batches { get; private set; }

        public override Tensor forward(Tensor lastHiddenState, Tensor attentionMask)
        {
            Largest = Math.Max(Largest, attentionMask.numel());
            Batches++;
            return _linear.forward(lastHiddenState, attentionMask);
        }
    }
}
