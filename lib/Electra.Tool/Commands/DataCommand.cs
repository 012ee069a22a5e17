using System.CommandLine;

namespace Electra.Tool.Commands;

internal static class DataCommand
{
    public static Command Create()
    {
        var name = new Argument<string>("name") { Description = "The data set: nsmc." };
        var get = new Command("get", "Downloads a data set into the cache, verified, and prints its folder.") { name };
        get.SetAction((parsed, cancellation) => Task.Run(() => Interruption.KeptInParts(() =>
        {
            using var reporter = new DownloadReporter();
            string folder = DataDownload.GetAsync(parsed.GetValue(name)!, reporter, cancellation).GetAwaiter().GetResult();
            if (parsed.GetValue(Terminal.Json))
            {
                Terminal.WriteJson(new { name = parsed.GetValue(name), folder });
            }
            else
            {
                Terminal.Print(folder);
            }

            return 0;
        })));
        return new Command("data", "Data sets.") { get };
    }
}
