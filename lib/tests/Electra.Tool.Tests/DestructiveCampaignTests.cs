using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Electra.Tests;
using Electra.Tool.Benchmarks;

namespace Electra.Tool.Tests;

/// <summary>
/// Sound files, damaged at random by a seed, go through everything that reads files: each is read, or refused by one sentence that names
/// it, at once and in little memory. With a number of minutes in <c>ELECTRA_CAMPAIGN_MINUTES</c> it goes on for so long with seeds that
/// were not tried before, and kills trainings too.
/// </summary>
public class DestructiveCampaignTests(SmallModels models) : IClassFixture<SmallModels>
{
    private const int Each = 40; // damaged files of each kind, in the short campaign
    private const int Memory = 256_000_000; // bytes for a file of some thousand: what is read is a model, or a buffer of a megabyte
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>How long the long campaign lasts; null: there is the short one only.</summary>
    private static double? Minutes { get; } =
        double.TryParse(Environment.GetEnvironmentVariable("ELECTRA_CAMPAIGN_MINUTES"), CultureInfo.InvariantCulture, out double given)
            ? given
            : null;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_damaged_file_is_read_or_refused_by_one_sentence_that_names_it()
    {
        using var files = new CampaignFiles(models);
        Assert.All(files.All, one =>
        {
            File.WriteAllBytes(one.Path, one.Sound);
            one.Read(CampaignFiles.SoundAnswers);
        });
        var tally = new Tally();
        for (int seed = 1; seed <= Each; seed++)
        {
            await Round(files, seed, tally);
        }

        tally.Print();
        Assert.Empty(tally.Faults);
        Assert.All(files.All, one => Assert.True(tally.Refused.GetValueOrDefault(one.Name) > 0, $"no {one.Name} was refused"));
        Assert.InRange(tally.Read.Values.Sum(), Each * files.All.Count / 10, Each * files.All.Count * 9 / 10);
    }

    [Fact]
    public async Task For_some_minutes_nothing_breaks_it_and_trainings_that_are_killed_end_as_if_they_were_not()
    {
        Assert.SkipUnless(Minutes is > 0, "ELECTRA_CAMPAIGN_MINUTES does not say for how many minutes.");
        using var files = new CampaignFiles(models);
        using var kills = await KilledTraining.Prepare(models.Sequence);
        var tally = new Tally();
        int first = Random.Shared.Next();
        Console.WriteLine($"The campaign's first seed is {first}.");
        var watch = Stopwatch.StartNew();
        for (int seed = first; watch.Elapsed.TotalMinutes < Minutes; seed++)
        {
            await Round(files, seed, tally);
            if ((seed - first) % 100 == 99) // a training takes as long as some hundred files
            {
                await kills.Run(new Random(seed), tally);
                tally.Print();
            }
        }

        tally.Print();
        Assert.Empty(tally.Faults);
    }

    // One damaged file of each kind.
    private static async Task Round(CampaignFiles files, int seed, Tally tally)
    {
        foreach (var (number, one) in files.All.Index())
        {
            byte[] damaged = one.Damage(new Random(unchecked((seed * 100) + number)), one.Sound);
            File.WriteAllBytes(one.Path, damaged); // stays, where reading it ends this process
            string? fault = await Outcome(one, seed, tally);
            if (fault is not null)
            {
                string kept = Path.Combine(Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, "campaign")).FullName,
                    $"{seed}-{Path.GetFileName(one.Path)}");
                File.WriteAllBytes(kept, damaged);
                tally.Faults.Add($"{one.Name}, seed {seed}, {kept}: {fault}");
                Console.WriteLine(tally.Faults[^1]);
            }

            File.WriteAllBytes(one.Path, one.Sound);
        }
    }

    private static async Task<string?> Outcome(CampaignFiles.Kind one, int seed, Tally tally)
    {
        PeakMemory.Restart();
        double before = PeakMemory.Megabytes();
        long allocated = 0;
        // on a thread of its own, which stays behind where it does not end
        var work = Task.Run(
            () =>
            {
                long start = GC.GetAllocatedBytesForCurrentThread();
                try
                {
                    one.Read(seed);
                }
                finally
                {
                    allocated = GC.GetAllocatedBytesForCurrentThread() - start;
                }
            },
            Token);
        try
        {
            await work.WaitAsync(Limit, Token);
            Tally.Add(tally.Read, one.Name);
        }
        catch (InputException e)
        {
            Tally.Add(tally.Refused, one.Name);
            string said = Terminal.OneLine(e.Message);
            if (!one.Names.Any(name => said.Contains(name, StringComparison.Ordinal)))
            {
                return $"the message does not name it: {said}";
            }
        }
        catch (TimeoutException)
        {
            return $"it takes more than {Limit.TotalSeconds} s";
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return e.ToString();
        }

        double grown = (PeakMemory.Megabytes() - before) * 1e6;
        return allocated > Memory ? $"it allocates {allocated:N0} bytes"
            : grown > Memory ? $"the process grew by {grown:N0} bytes"
            : null;
    }

    /// <summary>What the campaign has done.</summary>
    private sealed class Tally
    {
        public Dictionary<string, int> Read { get; } = [];

        public Dictionary<string, int> Refused { get; } = [];

        public List<string> Faults { get; } = [];

        public int Kills { get; set; }

        public int Resumes { get; set; }

        public int Trainings { get; set; }

        public static void Add(Dictionary<string, int> counts, string name) => counts[name] = counts.GetValueOrDefault(name) + 1;

        public void Print()
        {
            int read = Read.Values.Sum();
            int refused = Refused.Values.Sum();
            string kinds = string.Join(", ", Read.Keys.Union(Refused.Keys).Order(StringComparer.Ordinal)
                .Select(name => $"{name} {Read.GetValueOrDefault(name)}/{Refused.GetValueOrDefault(name)}"));
            Console.WriteLine($"{read + refused} files damaged, {read} read, {refused} refused, {Faults.Count} faults; {Trainings} " +
                $"trainings, {Kills} kills, {Resumes} resumes. Read/refused: {kinds}");
        }
    }

    /// <summary>A training that is killed at random moments until it ends, as the one that was not.</summary>
    private sealed class KilledTraining : IDisposable
    {
        private const int MostKills = 12;

        private readonly TemporaryFolder _folder = new();
        private readonly string _encoder;
        private TimeSpan _whole;
        private (byte[] Weights, string Record) _expected;

        private KilledTraining(string encoder) => _encoder = encoder;

        public static async Task<KilledTraining> Prepare(string encoder)
        {
            var training = new KilledTraining(encoder);
            string[] rows = ["id\tdocument\tlabel",
                .. Enumerable.Range(0, 120).Select(i => $"{i}\t{(i % 2 == 0 ? "영화 가 나!" : "나 가")} {"가나"[i % 3 % 2]}\t{i % 2}")];
            File.WriteAllLines(training._folder.File("train.tsv"), rows);
            File.WriteAllLines(training._folder.File("test.tsv"), rows);
            var watch = Stopwatch.StartNew();
            var (code, output, errors) = await ToolProcess.Run(training.Command("sound"));
            Assert.True(code == 0, output + errors);
            training._whole = watch.Elapsed;
            training._expected = training.Result("sound");
            return training;
        }

        public void Dispose() => _folder.Dispose();

        public async Task Run(Random random, Tally tally)
        {
            string state = _folder.File("killed/training.state");
            int? code = null;
            string told = "";
            for (int start = 0; code != 0; start++)
            {
                bool resume = File.Exists(state);
                tally.Resumes += resume ? 1 : 0;
                using var process = ToolProcess.Start([.. Command("killed"), .. resume ? (string[])["--resume"] : []]);
                process.StandardInput.Close();
                var output = process.StandardOutput.ReadToEndAsync(Token);
                var errors = process.StandardError.ReadToEndAsync(Token);
                if (start < MostKills)
                {
                    bool asked = random.Next(2) == 0; // to stop, which saves; and killed before or after it has
                    await End(process, _whole * random.NextDouble(), asked ? "-TERM" : "-KILL");
                    await End(process, asked ? _whole * random.NextDouble() * 0.3 : TimeSpan.Zero, "-KILL");
                }

                await process.WaitForExitAsync(Token);
                code = process.ExitCode;
                told = await output + await errors;
                tally.Kills += code is 0 ? 0 : 1;
                if (code is not (0 or 3 or 128 + 9 or 128 + 15)) // a request that comes before the program listens ends it too
                {
                    tally.Faults.Add($"a training that was killed {start} times ends with {code}: {told}");
                    Directory.Delete(_folder.File("killed"), recursive: true);
                    return;
                }
            }

            tally.Trainings++;
            var (weights, record) = Result("killed");
            if (!weights.AsSpan().SequenceEqual(_expected.Weights) || record != _expected.Record)
            {
                tally.Faults.Add($"a training that was killed ends otherwise: {record} instead of {_expected.Record}");
            }

            string[] files = [.. Directory.GetFiles(_folder.File("killed")).Select(file => Path.GetFileName(file))
                .Order(StringComparer.Ordinal)];
            if (!files.SequenceEqual(["config.json", "model.safetensors", "tokenizer_config.json", "training.json", "vocab.txt"]))
            {
                tally.Faults.Add($"a training that was killed leaves {string.Join(", ", files)}");
            }

            Directory.Delete(_folder.File("killed"), recursive: true);
        }

        private static async Task End(Process process, TimeSpan after, string signal)
        {
            try
            {
                await process.WaitForExitAsync(Token).WaitAsync(after, Token);
            }
            catch (TimeoutException)
            {
                using var kill = Process.Start("kill", [signal, $"{process.Id}"]);
                await kill.WaitForExitAsync(Token);
            }
        }

        private string[] Command(string output) => ["train", "--encoder", _encoder, "--data", _folder.Path, "--head", "bilstm", "--epochs",
            "60", "--batch-size", "8", "--precision", "fp32", "--output", _folder.File(output)];

        // The weights, and what of the record is not a time.
        private (byte[] Weights, string Record) Result(string output)
        {
            var record = JsonNode.Parse(File.ReadAllText(_folder.File($"{output}/training.json")))!.AsObject();
            foreach (string time in (string[])["seconds", "examples_per_second"])
            {
                record.Remove(time);
            }

            foreach (var epoch in record["history"]!.AsArray())
            {
                epoch!.AsObject().Remove("seconds");
            }

            return (File.ReadAllBytes(_folder.File($"{output}/model.safetensors")), record.ToJsonString());
        }
    }
}
