// How many answers padding changes: each head trained on the frozen encoder and with the encoder (seed 1, three epochs), and the test
// reviews answered alone and padded to 128 tokens. Minutes of one core; OMP_NUM_THREADS=1 dotnet run lib/examples/padding.cs --
// data/results/recorded/padding.tsv, in the clone's root
#:project ../Electra.Training/Electra.Training.csproj
using Electra;
using TorchSharp;
using static TorchSharp.torch;

const int Padded = 128; // tokens
const int Epochs = 3;
set_num_threads(1);
var source = EncoderSource.Open(null, []);
var task = new ReviewSplits(ReviewData.Open("reviews"), source, Padded);
int[] places = [.. Enumerable.Range(0, task.Test.Rows.Count)];
var lines = new List<string> { "head\tvariant\tencoder\tother_answer\treviews\taccuracy_alone\taccuracy_padded" };
foreach (bool frozen in new[] { true, false })
{
    foreach (string head in Heads.Names)
    {
        bool variants = task.Heads.HasVariants(head);
        foreach (var variant in variants ? [HeadVariant.Published, HeadVariant.MaskAware] : new[] { HeadVariant.Published })
        {
            using var model = frozen ? TrainHead(head, variant) : TrainAll(head, variant);
            using var scope = NewDisposeScope();
            using var grad = no_grad();
            model.eval();
            var alone = Answers(model, places.Chunk(1), null); // N
            var padded = Answers(model, places.Chunk(50), Padded); // N
            var gold = tensor(places.Select(i => (long)task.Test.Labels[i]).ToArray()); // N
            lines.Add(string.Join('\t', head, variants ? Heads.NameOf(variant) : "", frozen ? "frozen" : "fine-tuned",
                alone.ne(padded).sum().item<long>(), places.Length, Share(alone.eq(gold)), Share(padded.eq(gold))));
            Console.WriteLine(lines[^1]);
        }
    }
}

File.WriteAllLines(args[0], lines);

// As lesson 05 does it: every batch goes through the encoder once, and only the head learns.
SequenceClassifier TrainHead(string head, HeadVariant variant)
{
    var (model, _) = source.CreateSequenceClassifier(head, variant, task.Labels, seed: 1);
    model.eval();
    var train = Encode(task.Train, LengthBatches.Shuffled(task.Train.Lengths, 32, seed: 1, epoch: 0));
    var dev = Encode(task.Dev, LengthBatches.Sorted(task.Dev.Lengths, 32));
    int[] equallyLong = [.. train.Select(_ => 1)];
    new Trainer(
        model.Head,
        new TrainingOptions { Epochs = Epochs, LearningRate = 1e-3, Seed = 1 },
        epoch => LengthBatches.Shuffled(equallyLong, 1, 1, epoch),
        one => SequenceClassifier.Loss(model.Head.forward(train[one[0]].Hidden, train[one[0]].Mask), train[one[0]].Labels))
    {
        Evaluate = () =>
        {
            using var grad = no_grad();
            long right = dev.Sum(b => model.Head.forward(b.Hidden, b.Mask).argmax(1).eq(b.Labels).sum().item<long>());
            return right / (double)task.Dev.Rows.Count;
        },
    }.Run();
    return model;

    (Tensor Hidden, Tensor Mask, Tensor Labels)[] Encode(LabeledEncodings rows, IEnumerable<int[]> batches) => [.. batches.Select(some =>
    {
        using var grad = no_grad();
        using var input = Batch.From([.. some.Select(i => rows.Rows[i])]);
        return (model.Encoder.forward(input.InputIds, input.AttentionMask, null), input.AttentionMask.clone(), // B × L × H, B × L
            tensor(some.Select(i => (long)rows.Labels[i]).ToArray())); // B
    })];
}

// As compare does it: all weights learn.
SequenceClassifier TrainAll(string head, HeadVariant variant) => (SequenceClassifier)new TrainingRun(task, head, variant,
    new TrainingOptions { Epochs = Epochs, LearningRate = 3e-4, Seed = 1, Threads = 1 }).Train().Model;

Tensor Answers(SequenceClassifier model, IEnumerable<int[]> batches, int? length) => cat([.. batches.Select(some =>
{
    using var scope = NewDisposeScope();
    using var input = Batch.From([.. some.Select(i => task.Test.Rows[i])], length: length);
    return model.forward(input.InputIds, input.AttentionMask, null).argmax(1).MoveToOuterDisposeScope(); // B
})]);

static string Share(Tensor right) => right.to(float64).mean().item<double>().ToString("0.000");
