using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Electra;

/// <summary>
/// Everything that a training needs to go on as if nothing had happened: weights, AdamW's averages, the random generator, the best weights
/// so far, and the progress. One safetensors file, with the progress as JSON in its metadata, and a checksum of all.
/// </summary>
internal sealed class TrainingState
{
    private const string ProgressKey = "progress";
    private const string RandomKey = "random";
    private const string SettingsKey = "settings";
    private const string ChecksumKey = "checksum";

    private static readonly JsonTypeInfo<TrainingOptions> OptionsInfo =
        JsonFormats.TypeInfo<TrainingOptions>(TrainingJson.Default, JsonFormats.States);

    private static readonly JsonTypeInfo<TrainingProgress> ProgressInfo =
        JsonFormats.TypeInfo<TrainingProgress>(TrainingJson.Default, JsonFormats.States);

    private readonly IReadOnlyList<(string Name, Parameter Parameter)> _parameters;
    private readonly AdamW _optimizer;
    private readonly string _settings;
    private readonly int _stepsPerEpoch;
    private readonly Dictionary<string, Tensor> _means = []; // of the weights after the steps of this epoch, where they are wanted
    private Dictionary<string, Tensor> _best = [];

    public TrainingState(
        IReadOnlyList<(string Name, Parameter Parameter)> parameters, AdamW optimizer, TrainingOptions options, int stepsPerEpoch,
        string? identity)
    {
        _parameters = parameters; // in the optimizer's order
        _optimizer = optimizer;
        _stepsPerEpoch = stepsPerEpoch;
        foreach (var (name, parameter) in options.Average ? _parameters : [])
        {
            _means[name] = zeros_like(parameter, requires_grad: false);
        }

        _settings = $"{JsonSerializer.Serialize(options, OptionsInfo)} {stepsPerEpoch}{(identity is null ? "" : " " + identity)}";
    }

    /// <summary>The precision among the options in a file.</summary>
    public static Precision PrecisionOf(string path)
    {
        string settings = SafetensorsFile.ReadHeader(path).Metadata.GetValueOrDefault(SettingsKey, "");
        try
        {
            return JsonSerializer.Deserialize(settings[..(settings.IndexOf('}') + 1)], OptionsInfo)!.Precision;
        }
        catch (JsonException)
        {
            throw new InputException($"{path} is damaged: it does not say with which options it was made; delete it to start again.");
        }
    }

    /// <summary>How far the training is.</summary>
    public TrainingProgress Progress { get; private set; } = new();

    /// <summary>Takes the present weights into the means, where these are wanted.</summary>
    /// <param name="step">Which step of the epoch has made them, from 1.</param>
    public void AddToMeans(int step)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        foreach (var (name, parameter) in _parameters.Where(named => _means.ContainsKey(named.Name)))
        {
            _means[name].lerp_(parameter, 1.0 / step);
        }
    }

    /// <summary>Lets the model have the means, where they are wanted, until the result is disposed.</summary>
    public IDisposable UseMeans()
    {
        Exchange();
        return new Undo(Exchange);

        void Exchange()
        {
            using var scope = NewDisposeScope();
            using var grad = no_grad();
            foreach (var (name, parameter) in _parameters.Where(named => _means.ContainsKey(named.Name)))
            {
                var present = parameter.clone();
                parameter.copy_(_means[name]);
                _means[name].copy_(present);
            }
        }
    }

    public void KeepAsBest()
    {
        using var grad = no_grad();
        foreach (var (name, parameter) in _parameters)
        {
            if (_best.TryGetValue(name, out var kept))
            {
                kept.copy_(parameter);
            }
            else
            {
                _best[name] = parameter.detach().clone().DetachFromDisposeScope();
            }
        }
    }

    public void RestoreBest()
    {
        using var grad = no_grad();
        foreach (var (name, parameter) in _parameters.Where(named => _best.ContainsKey(named.Name)))
        {
            parameter.copy_(_best[name]);
            _best[name].Dispose();
        }

        _best = [];
    }

    public void Save(string path)
    {
        using var scope = NewDisposeScope();
        var tensors = Present();
        foreach (var (name, best) in _best)
        {
            tensors[$"best/{name}"] = best;
        }

        string progress = JsonSerializer.Serialize(Progress, ProgressInfo);
        Write(path, tensors, new() { [ProgressKey] = progress, [SettingsKey] = _settings });
    }

    /// <summary>Writes tensors and metadata with their checksum.</summary>
    internal static void Write(string path, IReadOnlyDictionary<string, Tensor> tensors, Dictionary<string, string> metadata)
    {
        metadata[ChecksumKey] = Checksum(tensors, metadata);
        SafetensorsFile.Write(path, tensors, metadata);
    }

    /// <summary>Takes everything from a file, or nothing when it does not fit.</summary>
    public void Load(string path)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var metadata = SafetensorsFile.ReadHeader(path).Metadata;
        if (!metadata.TryGetValue(ProgressKey, out string? text) || metadata.GetValueOrDefault(SettingsKey) != _settings)
        {
            throw new InputException($"{path} is the state of a training with other options, other data, or of another model; repeat " +
                "the options it was started with, or delete it.");
        }

        var progress = ReadProgress(path, text);
        var tensors = ReadTensors(path, metadata);
        var expected = Present();
        foreach (var (name, parameter) in progress.BestEpoch < 0 ? [] : _parameters)
        {
            expected[$"best/{name}"] = parameter;
        }

        string? wrong = expected.Keys.Union(tensors.Keys).FirstOrDefault(key =>
            !expected.TryGetValue(key, out var here) || !tensors.TryGetValue(key, out var there) || here.dtype != there.dtype
                || !here.shape.SequenceEqual(there.shape));
        if (wrong is not null)
        {
            throw new InputException(
                $"{path} does not belong to this model: {wrong} is not in both or has another shape or type; delete it to start again.");
        }

        InputException.ThrowUnless(IsGenerator(tensors[RandomKey]),
            $"{path} is damaged: its {RandomKey} is no state of a random generator; delete it to start again.");
        foreach (var ((name, parameter), moments) in _parameters.Zip(Moments()))
        {
            parameter.copy_(tensors[$"model/{name}"]);
            moments.exp_avg.copy_(tensors[$"average/{name}"]);
            moments.exp_avg_sq.copy_(tensors[$"average_square/{name}"]);
            moments.step = tensors[$"adam_steps/{name}"].item<long>();
            _means.GetValueOrDefault(name)?.copy_(tensors[$"mean/{name}"]);
        }

        _best = progress.BestEpoch < 0 ? [] : _parameters.ToDictionary(
            named => named.Name, named => tensors[$"best/{named.Name}"].to(named.Parameter.device, copy: true).DetachFromDisposeScope());
        set_rng_state(tensors[RandomKey]);
        Progress = progress;
    }

    /// <summary>
    /// Takes weights and averages of an ended training, those that have the name and the shape of one here; progress and chance begin anew.
    /// </summary>
    public void Begin(string path)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var tensors = ReadTensors(path, SafetensorsFile.ReadHeader(path).Metadata);
        foreach (var ((name, parameter), moments) in _parameters.Zip(Moments()))
        {
            if (Fits($"model/{name}") && Fits($"average/{name}") && Fits($"average_square/{name}")
                && tensors.TryGetValue($"adam_steps/{name}", out var steps) && steps.numel() == 1)
            {
                parameter.copy_(tensors[$"model/{name}"]);
                moments.exp_avg.copy_(tensors[$"average/{name}"]);
                moments.exp_avg_sq.copy_(tensors[$"average_square/{name}"]);
                moments.step = steps.item<long>();
            }

            bool Fits(string key) => tensors.TryGetValue(key, out var found) && found.shape.SequenceEqual(parameter.shape);
        }
    }

    // States of versions that wrote no checksum have the other two texts alone.
    private static IReadOnlyDictionary<string, Tensor> ReadTensors(string path, IReadOnlyDictionary<string, string> metadata)
    {
        var tensors = SafetensorsFile.Read(path);
        InputException.ThrowUnless(
            metadata.TryGetValue(ChecksumKey, out string? checksum) ? checksum == Checksum(tensors, metadata) : metadata.Count == 2,
            $"{path} is damaged: it is not what its checksum was made of; delete it to start again.");
        return tensors;
    }

    // SHA-256 of all names, texts, shapes and numbers.
    private static string Checksum(IReadOnlyDictionary<string, Tensor> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        using var hash = SHA256.Create();
        using (var stream = new CryptoStream(Stream.Null, hash, CryptoStreamMode.Write))
        {
            foreach (var (key, text) in metadata.Where(named => named.Key != ChecksumKey)
                .OrderBy(named => named.Key, StringComparer.Ordinal))
            {
                stream.Write(Encoding.UTF8.GetBytes($"{key.Length} {key} {text.Length} {text}\n"));
            }

            foreach (var (name, tensor) in tensors.OrderBy(named => named.Key, StringComparer.Ordinal))
            {
                stream.Write(Encoding.UTF8.GetBytes($"{name.Length} {name} {tensor.dtype} {string.Join(' ', tensor.shape)}\n"));
                TensorStream.Write(stream, tensor);
            }
        }

        return Convert.ToHexStringLower(hash.Hash!);
    }

    /// <summary>
    /// Whether libtorch takes these bytes for a Mersenne twister: it ends the process where it does not. Little-endian: the seed (8 bytes),
    /// how many numbers are left (4), whether it is seeded (4), which is next (8), the 624 numbers.
    /// Source: libtorch, <c>CPUGeneratorImplStateLegacy</c> in <c>CPUGeneratorImpl.cpp</c>, <c>is_valid</c> in <c>MT19937RNGEngine.h</c>.
    /// </summary>
    private static bool IsGenerator(Tensor state)
    {
        const int Numbers = 624;
        var bytes = state.bytes;
        return BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]) is >= 1 and <= Numbers
            && BinaryPrimitives.ReadInt32LittleEndian(bytes[12..]) == 1
            && BinaryPrimitives.ReadUInt64LittleEndian(bytes[16..]) <= Numbers;
    }

    private TrainingProgress ReadProgress(string path, string text)
    {
        try
        {
            var progress = JsonSerializer.Deserialize(text, ProgressInfo);
            if (progress is { Step: >= 0, BestEpoch: >= -1, Epochs: { } epochs } && IsEvaluated(epochs.Count, progress.Step)
                && progress.BestEpoch < epochs.Count && (progress.BestEpoch >= 0 || epochs.Count == 0) && !epochs.Contains(null!))
            {
                return progress;
            }
        }
        catch (JsonException)
        {
            // The same error as for progress that contradicts itself.
        }

        throw new InputException($"{path} is damaged: its {ProgressKey} makes no sense; delete it to start again.");
    }

    // The last epoch may have been interrupted before it was evaluated.
    private bool IsEvaluated(int epochs, int steps) =>
        epochs == steps / _stepsPerEpoch || (steps % _stepsPerEpoch == 0 && epochs == (steps / _stepsPerEpoch) - 1);

    // All but the best weights, whose names are those of the model's.
    private Dictionary<string, Tensor> Present()
    {
        var tensors = new Dictionary<string, Tensor> { [RandomKey] = get_rng_state() };
        foreach (var ((name, parameter), moments) in _parameters.Zip(Moments()))
        {
            tensors[$"model/{name}"] = parameter;
            tensors[$"average/{name}"] = moments.exp_avg;
            tensors[$"average_square/{name}"] = moments.exp_avg_sq;
            tensors[$"adam_steps/{name}"] = tensor(moments.step);
            if (_means.TryGetValue(name, out var mean))
            {
                tensors[$"mean/{name}"] = mean;
            }
        }

        return tensors;
    }

    private IEnumerable<AdamW.State> Moments() => _optimizer.state_dict().State.Cast<AdamW.State>();

    private sealed class Undo(Action undo) : IDisposable
    {
        public void Dispose() => undo();
    }
}
