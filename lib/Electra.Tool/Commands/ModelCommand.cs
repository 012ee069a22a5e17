using System.CommandLine;

namespace Electra.Tool.Commands;

internal static class ModelCommand
{
    public static Command Create()
    {
        var id = new Argument<string>("id") { Description = "owner/name or owner/name@revision on the Hugging Face hub." };
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
        return new HubClient().DownloadAsync(id, reporter, cancellation).GetAwaiter().GetResult();
    }
}
