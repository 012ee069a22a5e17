using System.CommandLine;

namespace Electra.Tool.Commands;

internal static class ModelCommand
{
    private const string WithoutNetwork =
        "give --encoder a folder with the checkpoint's files (config.json, vocab.txt, model.safetensors or pytorch_model.bin)";

    public static Command Create()
    {
        var id = new Argument<string>("id")
        {
            Description = $"owner/name or owner/name@revision on the Hugging Face hub. Without a network, {WithoutNetwork}.",
        };
        var get = new Command("get", "Downloads a checkpoint into the cache, verified, and prints its folder.") { id };
        get.SetAction((parsed, cancellation) => Task.Run(() => Interruption.KeptInParts(() =>
        {
            string folder = Download(parsed.GetValue(id)!, cancellation);
            if (parsed.GetValue(Terminal.Json))
            {
                Terminal.WriteJson(new { id = parsed.GetValue(id), folder });
            }
            else
            {
                Terminal.Print(folder);
            }

            return 0;
        })));
        return new Command("model", "Checkpoints of the Hugging Face hub.") { get };
    }

    /// <summary>Downloads with progress.</summary>
    public static string Download(string id, CancellationToken cancellation)
    {
        using var reporter = new DownloadReporter();
        return OrElse(WithoutNetwork, () => new HubClient().DownloadAsync(id, reporter, cancellation).GetAwaiter().GetResult());
    }

    /// <summary>Downloads, and says what else helps where the network does not.</summary>
    /// <param name="otherwise">The other way.</param>
    /// <param name="download">What uses the network.</param>
    public static string OrElse(string otherwise, Func<string> download)
    {
        try
        {
            return download();
        }
        catch (InputException e) when (e.InnerException is not null) // the network's, not the name's
        {
            throw new InputException($"{e.Message.TrimEnd('.')}; without a network, {otherwise}.", e);
        }
    }
}
