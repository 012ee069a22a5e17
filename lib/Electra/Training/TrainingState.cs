using System.Text.Json;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Electra;

/// <summary>
/// Everything that a training needs to go on as if nothing had happened: weights, AdamW's averages, the random generator, the best weights so far,
/// and the progress. One safetensors file, with the progress as JSON in its metadata.
/// </summary>
internal sealed class TrainingState
{
    private const string ProgressKey = "progress";
    private const string RandomKey = "random";

    private readonly IReadOnlyList<(string Name, Parameter Parameter)> _parameters;
    private readonly AdamW _optimizer;
    private readonly string _settings;
    private Dictionary<string, Tensor> _best = [];

    public TrainingState(nn.Module model, AdamW optimizer, TrainingOptions options, int stepsPerEpoch)
    {
        var groups = DecayGroups.Of(model);
        _parameters = [.. groups.Decayed, .. groups.Plain]; // the optimizer's order
        _optimizer = optimizer;
        _settings = $"{JsonSerializer.Serialize(options)} {stepsPerEpoch}";
    }

    /// <summary>How far the training is.</summary>
    public TrainingProgress Progress { get; private set; } = new();

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
        var tensors = new Dictionary<string, Tensor> { [RandomKey] = get_rng_state() };
        foreach (var ((name, parameter), moments) in _parameters.Zip(Moments()))
        {
            tensors[$"model/{name}"] = parameter;
            tensors[$"average/{name}"] = moments.exp_avg;
            tensors[$"average_square/{name}"] = moments.exp_avg_sq;
            tensors[$"adam_steps/{name}"] = tensor(moments.step);
        }

        foreach (var (name, best) in _best)
        {
            tensors[$"best/{name}"] = best;
        }

        SafetensorsFile.Write(path, tensors, new Dictionary<string, string> { [ProgressKey] = JsonSerializer.Serialize(Progress), ["settings"] = _settings });
    }

    public void Load(string path)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var metadata = SafetensorsFile.ReadHeader(path).Metadata;
        if (!metadata.TryGetValue(ProgressKey, out string? progress) || metadata.GetValueOrDefault("settings") != _settings)
        {
            throw new InputException($"{path} is the state of a training with other options or other data; repeat the options it was started with, or delete it.");
        }

        var tensors = SafetensorsFile.Read(path);
        foreach (var ((name, parameter), moments) in _parameters.Zip(Moments()))
        {
            parameter.copy_(Find($"model/{name}", parameter.shape));
            moments.exp_avg.copy_(Find($"average/{name}", parameter.shape));
            moments.exp_avg_sq.copy_(Find($"average_square/{name}", parameter.shape));
            moments.step = Find($"adam_steps/{name}", []).item<long>();
        }

        _best = _parameters.Where(named => tensors.ContainsKey($"best/{named.Name}")).ToDictionary(
            named => named.Name,
            named => Find($"best/{named.Name}", named.Parameter.shape).to(named.Parameter.device, copy: true).DetachFromDisposeScope());
        set_rng_state(Find(RandomKey, tensors[RandomKey].shape));
        Progress = JsonSerializer.Deserialize<TrainingProgress>(progress)!;

        Tensor Find(string key, long[] shape) => tensors.TryGetValue(key, out var value) && value.shape.SequenceEqual(shape)
            ? value
            : throw new InputException($"{path} does not belong to this model: {key} is missing or has another shape; delete it to start again.");
    }

    private IEnumerable<AdamW.State> Moments() => _optimizer.state_dict().State.Cast<AdamW.State>();
}
