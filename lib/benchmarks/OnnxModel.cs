using Microsoft.ML.OnnxRuntime;
using static TorchSharp.torch;
using ElementType = Microsoft.ML.OnnxRuntime.Tensors.TensorElementType;

namespace Electra.Benchmarks;

/// <summary>An encoder or classifier in a .onnx file, run by ONNX Runtime on the CPU with as many threads as libtorch has.</summary>
internal sealed class OnnxModel : IDisposable
{
    public const string LastHiddenState = "last_hidden_state";
    public const string Logits = "logits";

    private static readonly Dictionary<string, Func<Batch, Tensor>> Inputs = new()
    {
        ["input_ids"] = batch => batch.InputIds,
        ["attention_mask"] = batch => batch.AttentionMask,
        ["token_type_ids"] = batch => batch.TokenTypeIds,
    };

    private readonly InferenceSession _session;
    private readonly string[] _inputs;

    /// <summary>Opens a file.</summary>
    /// <exception cref="InputException">It cannot be opened, or has other inputs or outputs.</exception>
    public OnnxModel(string path)
    {
        Path = path;
        using var options = new SessionOptions
        {
            IntraOpNumThreads = get_num_threads(),
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        try
        {
            _session = new InferenceSession(path, options);
        }
        catch (OnnxRuntimeException e)
        {
            throw new InputException($"{path} cannot be opened by ONNX Runtime: {e.Message.ReplaceLineEndings(" ")}");
        }

        _inputs = [.. _session.InputMetadata.Keys];
        Output = new[] { LastHiddenState, Logits }.FirstOrDefault(_session.OutputMetadata.ContainsKey) ?? "";
        if (Output.Length == 0
            || _inputs.Any(name => !Inputs.ContainsKey(name) || _session.InputMetadata[name].ElementDataType != ElementType.Int64))
        {
            string found =
                $"{string.Join(", ", _session.InputMetadata.Select(input => $"{input.Key} ({input.Value.ElementDataType})"))} to " +
                $"{string.Join(", ", _session.OutputMetadata.Keys)}";
            _session.Dispose();
            throw new InputException($"{path} computes from {found}; inputs must be int64 and among {string.Join(", ", Inputs.Keys)}, " +
                $"and an output {LastHiddenState} or {Logits}.");
        }
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>What it computes: <see cref="LastHiddenState"/> or <see cref="Logits"/>.</summary>
    public string Output { get; }

    public void Dispose() => _session.Dispose();

    /// <summary>Runs a batch.</summary>
    /// <returns>B × L × H or B × C.</returns>
    /// <exception cref="InputException">The model cannot run on it.</exception>
    public Tensor Run(Batch batch)
    {
        OrtValue[] values = [.. _inputs.Select(name => ValueOf(Inputs[name](batch)))];
        try
        {
            using var options = new RunOptions();
            using var outputs = _session.Run(options, _inputs, values, [Output]);
            return tensor(outputs[0].GetTensorDataAsSpan<float>().ToArray(), outputs[0].GetTensorTypeAndShape().Shape);
        }
        catch (OnnxRuntimeException e)
        {
            throw new InputException(
                $"{Path} does not run on rows of {batch.InputIds.shape[1]} tokens: {e.Message.ReplaceLineEndings(" ")}");
        }
        finally
        {
            foreach (var value in values)
            {
                value.Dispose();
            }
        }
    }

    private static OrtValue ValueOf(Tensor ids) => OrtValue.CreateTensorValueFromMemory(ids.cpu().data<long>().ToArray(), ids.shape);
}
