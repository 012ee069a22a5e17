using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Electra.Tests;
using TorchSharp;

namespace Electra.Tool.Tests;

/// <summary>The files of the campaign: one sound file of each kind that the project reads, among others that go with it.</summary>
internal sealed class CampaignFiles : IDisposable
{
    /// <summary>The seed with which a server is honest.</summary>
    public const int SoundAnswers = -1;

    private const string Tsv = "id\tdocument\tlabel\n1\t영화 가 나!\t1\n2\t나 가 \"b\" 中\t0\n3\t\t1\n4\té 😀 영화\t0\n5\t가가\t1\n6\t나나 a\t0\n";
    private const string Klue = "## a\t영화:PS 가\n영\tB-PS\n화\tI-PS\n \tO\n가\tO\n\n## b\t나\n나\tB-PS\n😀\tO\n\n가\tO\n나\tB-PS\n\n";
    private const string Plain = "영화 가 나!\n\n나 가 a b\n😀 中\n";
    private const string Jsonl = """
        {"text": "영화 가"}
        {"text": "나 \ud83d\ude00 b"}
        {"text": ""}

        """;

    private const string Ids = """
        {"input_ids": [2, 5, 7, 3], "token_type_ids": [0, 0, 1, 1]}
        {"text": "나", "pair": "가 나"}

        """;

    private const string Squad = """
        {"version": "1", "data": [
         {"title": "A", "paragraphs": [{"context": "가 나 영화 😀 나!", "qas": [
          {"id": "a", "question": "나?", "answers": [{"text": "영화", "answer_start": 4}]},
          {"id": "b", "question": "가 나?", "answers": [{"text": "나!", "answer_start": 9}, {"text": "나", "answer_start": 9}]}]}]},
         {"title": "B", "paragraphs": [{"context": "영화 가", "qas": [
          {"id": "c", "question": "영?", "answers": [{"text": "가", "answer_start": 3}]}]}]}]}
        """;

    private readonly TemporaryFolder _folder = new();
    private readonly Predictor _classifier;
    private readonly Predictor _tagger;
    private readonly Predictor _answerer;
    private readonly EncoderSource _encoder;
    private readonly ReviewSplits _reviews;
    private readonly LoopbackServer _hub;
    private readonly Variables _variables = new();
    private readonly string _model;
    private (int Seed, byte[] File) _sent;

    public CampaignFiles(SmallModels models)
    {
        _model = models.Sequence;
        _classifier = Predictor.Open(models.Sequence);
        _tagger = Predictor.Open(models.Token);
        _answerer = Predictor.Open(models.Question);
        _encoder = EncoderSource.Open(models.Sequence, []);
        foreach (string model in (string[])[models.Sequence, models.Token, models.Question])
        {
            foreach (string file in Directory.GetFiles(model))
            {
                Model(model, Path.GetFileName(file));
            }
        }

        Model(models.Sequence, "model.safetensors", Archive(models.Sequence), "pytorch_model.bin");
        Data("reviews.tsv", "tsv", Tsv, "train", folder => Touch(new ReviewSplits(ReviewData.Open(folder), _encoder)));
        Data("entities.tsv", "tsv", Klue, "train", folder => Touch(new EntitySplits(EntityData.Open(folder), _encoder)));
        Data("questions.json", "json", Squad, "train",
            folder => Touch(new QuestionSplits(QuestionData.Open(folder), _encoder, new QuestionOptions { MaxTokens = 32 })));
        Data("texts.txt", "txt", Plain, "texts", folder => TextFile.Read(Directory.GetFiles(folder, "texts.txt*").Single()));
        Input("txt", Plain);
        Input("jsonl", Jsonl);
        Input("tsv", Tsv);
        Input("json", Squad);
        Input("jsonl", Ids);
        string reviews = Folder("sound-reviews", ("train.tsv", Bytes(Tsv)), ("test.tsv", Bytes(Tsv)));
        _reviews = new ReviewSplits(ReviewData.Open(reviews), _encoder);
        State();
        Record("reviews-fc-seed1-*.json");
        Record("reviews-bag-of-words-*.json");

        foreach (string name in (string[])["HF_TOKEN", "HF_HUB_DISABLE_IMPLICIT_TOKEN", "HF_HUB_OFFLINE"])
        {
            _variables[name] = null;
        }

        _hub = new LoopbackServer(Answer);
        _variables["HF_ENDPOINT"] = _hub.Address;
        Hub(models.Sequence);
    }

    /// <summary>The kinds.</summary>
    public List<Kind> All { get; } = [];

    public void Dispose()
    {
        _variables.Dispose();
        _hub.Dispose();
        _classifier.Dispose();
        _tagger.Dispose();
        _answerer.Dispose();
        _folder.Dispose();
    }

    // A file of a trained model, which then answers.
    private void Model(string model, string name, byte[]? content = null, string? instead = null)
    {
        string folder = Folder($"{Path.GetFileName(model)}-{instead ?? name}",
            [.. Directory.GetFiles(model).Select(file => (Path.GetFileName(file), File.ReadAllBytes(file)))]);
        string path = Path.Combine(folder, instead ?? name);
        if (content is not null)
        {
            File.Delete(Path.Combine(folder, name));
            File.WriteAllBytes(path, content);
        }

        Func<Random, byte[], byte[]> damage = Path.GetExtension(path) switch
        {
            ".safetensors" => InHeader,
            ".bin" => InArchive,
            _ => (random, sound) => Damage.Of(random, sound),
        };
        All.Add(new($"{Path.GetFileName(model)} {Path.GetFileName(path)}", path, File.ReadAllBytes(path), damage, seed =>
        {
            using var predictor = Predictor.Open(folder);
            if (predictor.Kind == TaskKinds.Question)
            {
                predictor.Answer("나?", "가 나 영화");
            }
            else
            {
                predictor.Predict("가 나 영화");
            }
        })
        { Names = [folder, .. Directory.GetFiles(folder).Select(file => Path.GetFileName(file))] });
    }

    // A data set, as text and packed.
    private void Data(string name, string end, string content, string part, Action<string> read)
    {
        foreach (bool packed in (bool[])[false, true])
        {
            string ending = packed ? $"{end}.gz" : end;
            byte[] bytes = packed ? Packed(Bytes(content)) : Bytes(content);
            (string, byte[])[] files = part == "train"
                ? [($"train.{ending}", bytes), ($"test.{end}", Bytes(TestPart(content)))]
                : [($"{part}.{ending}", bytes)];
            string folder = Folder($"data-{name}{(packed ? ".gz" : "")}", files);
            string path = Path.Combine(folder, $"{part}.{ending}");
            All.Add(new($"data {name}{(packed ? ".gz" : "")}", path, bytes, packed ? InPacked(Bytes(content)) : Bytewise, _ => read(folder))
            { Names = [folder, Path.GetFileName(folder)] });
        }
    }

    // Training and test questions may not be about the same articles.
    private static string TestPart(string content) => content.Replace("\"title\": \"", "\"title\": \"test of ", StringComparison.Ordinal);

    // What predict, encode and tokenize read.
    private void Input(string format, string content)
    {
        foreach (bool packed in (bool[])[false, true])
        {
            byte[] bytes = packed ? Packed(Bytes(content)) : Bytes(content);
            string name = $"input{All.Count}.{format}{(packed ? ".gz" : "")}";
            string path = Path.Combine(Folder("inputs", (name, bytes)), name);
            All.Add(new($"input {(content == Ids ? "ids" : "texts")} {name[name.IndexOf('.', StringComparison.Ordinal)..]}", path, bytes,
                packed ? InPacked(Bytes(content)) : Bytewise, seed =>
                {
                    var source = new TextInput.Source(path, format);
                    if (format == TextInput.Questions)
                    {
                        _answerer.Answer([.. source.ReadQuestions()], new QuestionOptions { MaxTokens = 32 });
                        return;
                    }

                    var rows = source.Read().ToList();
                    _ = rows.Select(row => row.Encode(_classifier.Tokenizer)).ToList();
                    if (content != Ids)
                    {
                        string[] texts = [.. rows.Select(row => row.TextAlone)];
                        _classifier.Predict(texts);
                        _tagger.Predict(texts);
                    }
                })
            { Names = [path] });
        }
    }

    // A state that a training goes on from.
    private void State()
    {
        string path = Path.Combine(Folder("state"), "training.state");
        using (var stop = new CancellationTokenSource())
        {
            int steps = 0;
            Train(resume: false, stop.Token, _ =>
            {
                if (++steps == 5) // the best epoch's weights are in it too
                {
                    stop.Cancel();
                }
            });
        }

        All.Add(new("training.state", path, File.ReadAllBytes(path), InState, seed =>
        {
            Trainer.PrecisionOf(path);
            Train(resume: true, new CancellationToken(canceled: true), null);
        })
        { Names = [path] });

        void Train(bool resume, CancellationToken cancellation, Action<TrainingStep>? onStep)
        {
            var options = new TrainingOptions { Epochs = 3, BatchSize = 2 };
            var run = new TrainingRun(_reviews, "fc", HeadVariant.MaskAware, options) { StateFile = path, OnStep = onStep };
            run.Train(resume, cancellation).Model.Dispose();
        }
    }

    // A recorded run, which tables and tests are made of.
    private void Record(string pattern)
    {
        string sound = Directory.GetFiles(Path.Combine(Reference.Root, "data", "results", "recorded"), pattern).Single();
        string name = Path.GetFileName(sound);
        var others = RunRecord.Read(sound);
        string path = Path.Combine(Folder("records"), name);
        All.Add(new($"record {name}", path, File.ReadAllBytes(sound), Bytewise, seed =>
        {
            var run = RunRecord.Read(path);
            _ = ComparisonTable.Of([run, .. run.Data == others.Data ? [others] : Array.Empty<RunRecord>()]).NotWorseThanBest();
            _ = run.AsShown().ToJson();
        })
        { Names = [path] });
    }

    // What a hub sends of a checkpoint, with answers that are damaged too.
    private void Hub(string model)
    {
        string file = Path.Combine(Folder("hub"), "sent");
        byte[] config = File.ReadAllBytes(Path.Combine(model, "config.json"));
        All.Add(new("hub", file, config, Bytewise, seed =>
        {
            _sent = (seed, File.ReadAllBytes(file));
            string cache = Folder($"cache{seed}");
            _variables["ELECTRA_CACHE"] = cache;
            try
            {
                // an honest server is waited for however busy the machine is
                var idle = seed == SoundAnswers ? TimeSpan.FromMinutes(1) : TimeSpan.FromMilliseconds(200);
                string folder = new HubClient { IdleLimit = idle, Pause = TimeSpan.Zero }
                    .DownloadAsync("owner/model").GetAwaiter().GetResult();
                using var checkpoint = Checkpoint.Open(folder);
            }
            finally
            {
                Directory.Delete(cache, recursive: true);
            }
        })
        { Names = ["owner/model", "owner--model"] });
    }

    // The file that is asked for, one of them damaged, by an answer that may be damaged itself; always the same for a seed.
    private Reply Answer(Request request)
    {
        string name = request.Path[(request.Path.LastIndexOf('/') + 1)..];
        var random = new Random(unchecked((_sent.Seed * 31) + name.Length));
        byte[] sound = name == "config.json" ? _sent.File : File.ReadAllBytes(Path.Combine(_model, name));
        var honest = Reply.Content(request, sound, ("X-Repo-Commit", new('a', 40)));
        if (_sent.Seed == SoundAnswers || random.Next(4) > 0)
        {
            return honest;
        }

        string number = random.Next(4) switch { 0 => "0", 1 => "-1", 2 => "9223372036854775807", _ => $"{random.Next(2 * sound.Length)}" };
        (string, string) header = random.Next(6) switch
        {
            0 => ("Content-Range", $"bytes {number}-{number}/{number}"),
            1 => ("ETag", $"\"{new string('b', random.Next(2) * 40)}\""),
            2 => ("X-Linked-Size", number),
            3 => ("X-Repo-Commit", new('c', random.Next(50))),
            4 => ("Location", random.Next(2) == 0 ? "http://[" : request.Path),
            _ => ("X-Error-Code", "EntryNotFound"),
        };
        int status = random.Next(2) == 0 ? honest.Status : ((int[])[200, 204, 206, 302, 404, 416, 500, 999])[random.Next(8)];
        byte[] body = random.Next(2) == 0 ? honest.Body : Damage.Of(random, honest.Body);
        return honest with
        {
            Status = status,
            Body = body,
            Headers = [.. honest.Headers, header],
            SendOnly = random.Next(2) == 0 ? body.Length : random.Next(body.Length + 1),
            WithoutLength = random.Next(2) == 0,
            Stalls = random.Next(8) == 0,
        };
    }

    // A state, also one that was sealed again after it was changed.
    private byte[] InState(Random random, byte[] sound)
    {
        if (random.Next(2) == 0)
        {
            return InHeader(random, sound);
        }

        string path = Path.Combine(Folder("sealed"), "training.state");
        File.WriteAllBytes(path, sound);
        using var scope = torch.NewDisposeScope();
        var tensors = SafetensorsFile.Read(path).ToDictionary();
        var metadata = SafetensorsFile.ReadHeader(path).Metadata.ToDictionary();
        string name = random.GetItems([.. tensors.Keys.Order(StringComparer.Ordinal), "random", "random"], 1)[0];
        switch (random.Next(4))
        {
            case 0:
                metadata["progress"] = Encoding.UTF8.GetString(Damage.Of(random, Bytes(metadata["progress"])));
                break;
            case 1:
                var bytes = tensors[name].bytes;
                bytes[random.Next(Math.Min(bytes.Length, 24))] ^= (byte)(1 << random.Next(8));
                break;
            case 2:
                tensors[name] = random.Next(2) == 0 ? tensors[name].flatten()[..0] : tensors[name].to(torch.ScalarType.Float64);
                break;
            default:
                tensors[random.Next(2) == 0 ? "another" : name] = torch.zeros(random.Next(3));
                break;
        }

        TrainingState.Write(path, tensors, metadata);
        return File.ReadAllBytes(path);
    }

    private static byte[] Bytewise(Random random, byte[] sound) => Damage.Of(random, sound);

    // Half of the time in the header alone, whose length then is right.
    private static byte[] InHeader(Random random, byte[] sound)
    {
        if (random.Next(2) == 0)
        {
            return Damage.Of(random, sound);
        }

        int length = (int)BinaryPrimitives.ReadInt64LittleEndian(sound);
        byte[] header = Damage.Of(random, sound.AsSpan(8, length));
        return [.. BitConverter.GetBytes((long)header.Length), .. header, .. sound.AsSpan(8 + length)];
    }

    // Half of the time in the pickle alone, whose checksum then is right.
    private static byte[] InArchive(Random random, byte[] sound)
    {
        if (random.Next(2) == 0)
        {
            return Damage.Of(random, sound);
        }

        using var damaged = new MemoryStream();
        using (var from = new ZipArchive(new MemoryStream(sound)))
        using (var to = new ZipArchive(damaged, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var entry in from.Entries)
            {
                using var content = new MemoryStream();
                using (var stream = entry.Open())
                {
                    stream.CopyTo(content);
                }

                using var written = to.CreateEntry(entry.FullName, CompressionLevel.NoCompression).Open();
                written.Write(entry.Name == "data.pkl" ? Damage.Of(random, content.ToArray()) : content.ToArray());
            }
        }

        return damaged.ToArray();
    }

    // Half of the time in the content, which then is packed.
    private static Func<Random, byte[], byte[]> InPacked(byte[] content) => (random, packed) =>
        random.Next(2) == 0 ? Damage.Of(random, packed) : Packed(Damage.Of(random, content));

    private static byte[] Packed(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            gzip.Write(content);
        }

        return packed.ToArray();
    }

    // The weights of a folder as PyTorch saves them: a zip of a pickle (protocol 2) and the numbers.
    private static byte[] Archive(string model)
    {
        using var scope = torch.NewDisposeScope();
        var weights = SafetensorsFile.Read(Path.Combine(model, "model.safetensors"));
        using var written = new MemoryStream();
        using (var zip = new ZipArchive(written, ZipArchiveMode.Create, leaveOpen: true))
        {
            var pickle = new StringBuilder("\u0080\u0002}(");
            foreach (var (i, (name, tensor)) in weights.Index())
            {
                long[] strides = [.. tensor.shape.Index().Select(size => tensor.shape.Skip(size.Index + 1).Aggregate(1L, (a, b) => a * b))];
                pickle.Append(Text(name)).Append("ctorch._utils\n_rebuild_tensor_v2\n((").Append(Text("storage"))
                    .Append("ctorch\nFloatStorage\n").Append(Text($"{i}")).Append(Text("cpu")).Append(Int(tensor.numel())).Append("tQ")
                    .Append(Int(0)).Append(Tuple(tensor.shape)).Append(Tuple(strides)).Append("\u0089ccollections\nOrderedDict\n)RtR");
                Add($"archive/data/{i}", tensor.bytes);
            }

            Add("archive/data.pkl", Encoding.Latin1.GetBytes(pickle.Append("u.").ToString()));

            void Add(string name, ReadOnlySpan<byte> bytes)
            {
                using var entry = zip.CreateEntry(name, CompressionLevel.NoCompression).Open();
                entry.Write(bytes);
            }
        }

        return written.ToArray();

        static string Tuple(long[] numbers) => $"({string.Concat(numbers.Select(Int))}t";
        static string Int(long number) => "J" + Encoding.Latin1.GetString(BitConverter.GetBytes((int)number));
        static string Text(string text) => "X" + Encoding.Latin1.GetString(BitConverter.GetBytes(text.Length)) + text;
    }

    // As a training does before its first step.
    private static void Touch(LearningTask task)
    {
        var (model, _) = task.CreateModel(task.Heads.Names.First(), HeadVariant.MaskAware, 1);
        using (model)
        {
            using var loss = task.Loss(model, [0]);
        }
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private string Folder(string name, params (string Name, byte[] Content)[] files)
    {
        string folder = Directory.CreateDirectory(_folder.File(name)).FullName;
        foreach (var (file, content) in files)
        {
            File.WriteAllBytes(Path.Combine(folder, file), content);
        }

        return folder;
    }

    /// <summary>A sound file and what reads it.</summary>
    /// <param name="Name">What it is called.</param>
    /// <param name="Path">Where the damaged file is put.</param>
    /// <param name="Sound">What it has when it is sound.</param>
    /// <param name="Damage">Makes a damaged one of it.</param>
    /// <param name="Read">Reads it, and uses what was read; gets the seed.</param>
    public sealed record Kind(string Name, string Path, byte[] Sound, Func<Random, byte[], byte[]> Damage, Action<int> Read)
    {
        /// <summary>Of these a message about it must have one.</summary>
        public required IReadOnlyList<string> Names { get; init; }
    }
}
