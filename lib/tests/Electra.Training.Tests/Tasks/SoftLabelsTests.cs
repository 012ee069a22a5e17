using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using static TorchSharp.torch;

namespace Electra.Tests;

/// <summary>Teachers' answers as targets: what is read, what is left out, and the loss.</summary>
public sealed class SoftLabelsTests : IDisposable
{
    private static readonly string[] Labels = ["negative", "positive"];
    private static readonly ReviewData Data = Reviews();
    private static readonly EncoderSource Encoder = EncoderSource.Open("random", Data.Train.Select(review => review.Document));
    private static readonly ReviewSplits Hard = new(Data, Encoder);
    private static readonly TrainingOptions Options = new() { Epochs = 1, BatchSize = 8, LearningRate = 1e-3, Seed = 3 };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_target_is_the_normalised_geometric_mean_of_the_teachers_probabilities()
    {
        double[][] one = [[0.3, -1.2], [4, 4.5]], other = [[100, 98], [-0.5, 3]];
        string a = Write("a.jsonl", [.. one.Select((logits, i) => Line($"글 {i}", logits))]);
        string b = _folder.File("b.jsonl.gz");
        using (var file = new GZipStream(File.Create(b), CompressionLevel.Fastest))
        {
            file.Write(Encoding.UTF8.GetBytes(string.Concat(other.Select((logits, i) => Line($"글 {i}", logits) + "\n"))));
        }

        var rows = Read(a, b, a);
        Assert.Equal(["글 0", "글 1"], rows.Select(row => row.Text));
        for (int i = 0; i < 2; i++)
        {
            double[] powers = [.. Shares(one[i]).Zip(Shares(other[i]), (p, q) => Math.Cbrt(p * q * p))]; // a counts twice
            Assert.All(powers.Zip(rows[i].Target), pair => Assert.Equal(pair.First / powers.Sum(), pair.Second, 1e-6));
        }
    }

    [Fact]
    public void Lines_without_text_are_skipped_in_all_files_and_the_hash_is_of_the_lines_in_turn()
    {
        string a = Write("a.jsonl", Line("하나", 1, 2), Line(" ", 1, 2), Line("둘", 2, 1));
        const string Nothing = """{"text": " ", "label": null, "probabilities": [], "logits": [], "precision": "fp32"}""";
        string b = Write("b.jsonl", Line("하나", 1, 3), Nothing, Line("둘", 3, 1));
        Assert.Equal(["하나", "둘"], Read(a, b).Select(row => row.Text));
        var task = Splits(a, b);
        string[] turns = [.. File.ReadAllLines(a).Zip(File.ReadAllLines(b)).SelectMany(lines => (string[])[lines.First, lines.Second])];
        string hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(turns.Select(line => line + "\n")))));
        Assert.Equal((2, hash), (task.Data.Soft, task.Data.SoftHash));
    }

    [Theory]
    [InlineData("""{"text": "둘"}""", "b.jsonl:2 has no logits")]
    [InlineData("""{"logits": [1, 2]}""", "b.jsonl:2 has no text")]
    [InlineData("""{"text": "다른 글", "logits": [1, 2]}""", "b.jsonl:2 has another text than ")]
    [InlineData("""{"text": "둘", "logits": [1, 2, 3]}""", "b.jsonl:2 has 3 logits, but the data set has 2 labels")]
    [InlineData("""{"text": "둘", "logits": []}""", "b.jsonl:2 has 0 logits, but the data set has 2 labels")]
    [InlineData("""{"text": "둘", "logits": [1, 2], "labels": ["bad", "good"]}""",
        "b.jsonl:2 has the labels bad, good, but the data set has negative, positive")]
    [InlineData("""{"text": "둘", "logits": [1, 1e999]}""", "b.jsonl:2 has a logit that is no finite number")]
    [InlineData("""{"text": "둘", "logits": [1, "x"]}""", "b.jsonl:2 is no JSON object with a text and logits ($.logits[1])")]
    [InlineData("""{"text": "\ud800", "logits": [1, 2]}""", "b.jsonl:2 is no JSON object")]
    [InlineData("""{"text": "둘", "logits": [1, 2]""", "b.jsonl:2 is no JSON object")]
    [InlineData("null", "b.jsonl:2 has no text")]
    [InlineData("", "b.jsonl:2 is no JSON object")]
    [InlineData(null, "b.jsonl ends after line 1, but ")]
    public void What_is_wrong_with_a_line_is_said_with_file_and_line(string? second, string message)
    {
        string a = Write("a.jsonl", Line("하나", 1, 2), Line("둘", 2, 1));
        string b = Write("b.jsonl", second is null ? [Line("하나", 1, 2)] : [Line("하나", 1, 2), second]);
        var error = Assert.Throws<InputException>(() => Splits(a, b));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.EndsWith(".", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
        Assert.Equal(2, Read(a, a).Length);
    }

    [Fact]
    public void A_longer_file_no_file_and_an_absent_one_are_errors_and_reading_can_be_stopped()
    {
        string a = Write("a.jsonl", Line("하나", 1, 2)), b = Write("b.jsonl", Line("하나", 1, 2), Line("둘", 2, 1));
        Assert.Contains("a.jsonl ends after line 1, but ", Assert.Throws<InputException>(() => Splits(a, b)).Message,
            StringComparison.Ordinal);
        Assert.Throws<InputException>(() => new SoftLabels([]));
        Assert.Contains("c.jsonl does not exist", Assert.Throws<InputException>(() => Splits(a, _folder.File("c.jsonl"))).Message,
            StringComparison.Ordinal);
        using var stop = new CancellationTokenSource();
        int read = 0;
        var soft = new SoftLabels([b])
        {
            OnLine = line =>
            {
                read = line;
                stop.Cancel();
            },
        };
        Assert.Throws<OperationCanceledException>(() => new ReviewSplits(Data, Encoder, soft: soft, cancellation: stop.Token));
        Assert.Equal(1, read);
    }

    [Fact]
    public void Texts_with_the_letters_of_dev_and_test_rows_are_left_out()
    {
        string dev = Hard.DevReviews[0].Document, test = Data.Test[0].Document, train = Hard.TrainReviews[0].Document + " film";
        string[] held = [dev, $"  {test.ToUpperInvariant().Replace(" ", "\t ", StringComparison.Ordinal)}\u3000", $"{test}!"];
        Assert.NotEqual(test, test.ToUpperInvariant());
        string[] others = [train, $"{test} 2", "?!", "?!?!"]; // without letters there is more to compare
        var task = Splits(Write("a.jsonl", [.. held.Concat(others).Append(" ? !").Select(text => Line(text, 1, 2))]));
        Assert.Equal(5, task.Data.Soft);
        Assert.Equal("3 texts with soft labels have the letters of dev or test rows and are left out.", Assert.Single(task.Notes));
        Assert.Equal([.. Hard.TrainLengths, .. others.Append(" ? !").Select(Length)], task.TrainLengths);
        Assert.Contains("has no text to learn from", Assert.Throws<InputException>(() => Splits(
            Write("b.jsonl", [.. held.Select(text => Line(text, 1, 2))]))).Message, StringComparison.Ordinal);

        int Length(string text) => Encoder.Tokenizer.Encode(text).Length;
    }

    [Fact]
    public void Hard_rows_have_the_same_loss_to_the_last_bit_and_one_hot_targets_that_of_hard_labels()
    {
        int count = Hard.TrainReviews.Count;
        var task = Splits(Write("a.jsonl", [.. Hard.TrainReviews.Select(review =>
            Line(review.Document, review.Label == 0 ? 500 : -500, review.Label == 0 ? -500 : 500))]));
        Assert.True(task.Data.Soft < count); // some are like dev or test rows
        int[] soft = [.. Enumerable.Range(count, 8)];
        string[] left = [.. Hard.DevReviews.Concat(Data.Test).Select(review => review.Document)];
        int[] hard = [.. Enumerable.Range(0, count).Where(i => !left.Contains(Hard.TrainReviews[i].Document)).Take(8)];
        using var model = Hard.CreateModel("cnn", HeadVariant.MaskAware, seed: 1).Model;
        model.eval();
        Assert.Equal(Loss(Hard, hard), Loss(task, hard));
        Assert.Equal(Loss(Hard, hard), Loss(task, soft), 1e-6);
        Assert.Equal(Loss(Hard, hard), Loss(task, [.. hard[..3], .. soft[3..]]), 1e-6);
        Assert.NotEqual(Loss(Hard, hard), Loss(task, [.. hard[..3], .. soft[..5]]), 1e-3); // others than those

        float Loss(ReviewSplits splits, int[] batch)
        {
            using var scope = NewDisposeScope();
            return splits.Loss(model, batch).item<float>();
        }
    }

    [Fact]
    public void The_gradient_of_a_mixed_batch_is_probability_minus_target_over_rows()
    {
        using var scope = NewDisposeScope();
        double[][] teacher = [[0.5, -0.5], [-2, 1], [3, 0]];
        var task = Splits(Write("a.jsonl", [.. teacher.Select((logits, i) => Line($"새 글 {i}", logits))]));
        int count = Hard.TrainReviews.Count;
        int[] batch = [count + 2, 0, count, 1, count + 1];
        float[,] values = { { 0.1f, 0.7f }, { -1, 2 }, { 1.5f, 1 }, { 0, 0 }, { 3, -3 } };
        var logits = tensor(values, requires_grad: true); // B × C
        using var model = new Stub(Small.Encoder(), logits);
        var loss = task.Loss(model, batch);
        loss.backward();
        double expected = 0;
        for (int row = 0; row < batch.Length; row++)
        {
            double[] p = Shares([values[row, 0], values[row, 1]]);
            double[] q = batch[row] >= count ? Shares(teacher[batch[row] - count])
                : Hard.TrainReviews[batch[row]].Label == 0 ? [1, 0] : [0, 1];
            for (int label = 0; label < 2; label++)
            {
                expected -= q[label] * Math.Log(p[label]) / batch.Length;
                Assert.Equal((p[label] - q[label]) / batch.Length, logits.grad![row, label].item<float>(), 1e-6);
            }
        }

        Assert.Equal(expected, loss.item<float>(), 1e-6);
    }

    [Fact]
    public void A_record_says_so_and_a_state_of_other_soft_labels_is_refused()
    {
        var task = Splits(Write("a.jsonl", [.. Enumerable.Range(0, 20).Select(i => Line($"새 글 {i}", i, 1))]));
        var other = Splits(Write("b.jsonl", [.. Enumerable.Range(0, 20).Select(i => Line($"새 글 {i}", i, 2))]));
        Assert.Equal((20, 20), (task.Data.Soft, other.Data.Soft));
        using var stop = new CancellationTokenSource();
        Run(task, _ => stop.Cancel()).Train(cancellation: stop.Token).Model.Dispose();
        foreach (var wrong in (ReviewSplits[])[other, Hard])
        {
            Assert.Contains("other data", Assert.Throws<InputException>(() => Run(wrong).Train(resume: true, stop.Token)).Message,
                StringComparison.Ordinal);
        }

        var (model, _, record) = Run(task).Train(resume: true, TestContext.Current.CancellationToken);
        model.Dispose();
        Assert.Equal(task.Data, record!.Data);
        Assert.Equal((Hard.Data.Train + 20) / record.Seconds, record.ExamplesPerSecond.Train, 1e-6);
        record.Write(_folder.File("run.json"));
        Assert.Equal(record.Data, RunRecord.Read(_folder.File("run.json")).Data);
        Assert.DoesNotContain("soft", (record with { Data = Hard.Data }).ToJson(), StringComparison.Ordinal);
        foreach (var (name, wrong) in (ValueTuple<string, int?>[])[("soft", 0), ("soft_hash", null)])
        {
            var json = JsonNode.Parse(record.ToJson())!;
            json["data"]![name] = wrong;
            File.WriteAllText(_folder.File("wrong.json"), json.ToJsonString());
            Assert.Contains("its soft labels", Assert.Throws<InputException>(() => RunRecord.Read(_folder.File("wrong.json"))).Message,
                StringComparison.Ordinal);
        }

        string[] Paths(LearningTask one) => [.. new Comparison(one, ["fc"], [HeadVariant.MaskAware], [1], Options, _folder.Path).Plan
            .Select(run => run.Path)];
        Assert.Empty(Paths(task).Intersect(Paths(other)).Concat(Paths(task).Intersect(Paths(Hard))));

        TrainingRun Run(ReviewSplits splits, Action<TrainingStep>? onStep = null) =>
            new(splits, "fc", HeadVariant.MaskAware, Options) { StateFile = _folder.File("state"), OnStep = onStep };
    }

    private static ReviewSplits Splits(params string[] files) => new(Data, Encoder, soft: new SoftLabels(files));

    private static (string Text, float[] Target)[] Read(params string[] files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        return [.. new SoftLabels(files).Rows(Labels, hash, TestContext.Current.CancellationToken)];
    }

    private static double[] Shares(double[] logits) => [.. logits.Select(x => Math.Exp(x) / logits.Sum(Math.Exp))];

    private static string Line(string text, params double[] logits) => new JsonObject
    {
        ["text"] = text,
        ["label"] = "negative",
        ["probabilities"] = new JsonArray(0.5, 0.5),
        ["logits"] = new JsonArray([.. logits.Select(logit => JsonValue.Create(logit))]),
        ["labels"] = new JsonArray([.. Labels.Select(label => JsonValue.Create(label))]),
        ["precision"] = "fp32",
    }.ToJsonString();

    private string Write(string name, params string[] lines)
    {
        File.WriteAllText(_folder.File(name), string.Concat(lines.Select(line => line + "\n")));
        return _folder.File(name);
    }

    private static ReviewData Reviews()
    {
        string[] words = ["영화", "배우", "음악", "Film", "감독"];
        Review Make(int i) => new($"{i}", $"{words[i % 5]} film {words[i / 2 % 5]} {(i % 2 == 0 ? "별로다" : "좋았다")}", i % 2);
        return new ReviewData("made up", [.. Enumerable.Range(0, 42).Select(Make)], [.. Enumerable.Range(100, 6).Select(Make)], "hash");
    }

    /// <summary>Gives the same logits to whatever it is asked.</summary>
    private sealed class Stub(ElectraEncoder encoder, Tensor logits)
        : TaskModel(nameof(Stub), encoder, new FcHead(Small.Config, 2), "classifier")
    {
        public override Tensor forward(Tensor inputIds, Tensor attentionMask, Tensor? tokenTypeIds) => logits;
    }
}
