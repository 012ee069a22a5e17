using System.CommandLine;

namespace Electra.Tool.Commands;

internal static class DataCommand
{
    private const string WithoutNetwork =
        "let ELECTRA_DATA name a folder that has nsmc/train.tsv.gz and nsmc/test.tsv.gz, or give --data a folder with such files";

    public static Command Create()
    {
        var name = new Argument<string>("name")
        {
            Description = $"The data set: nsmc. Without a network, {WithoutNetwork}.",
        };
        var get = new Command("get", "Downloads a data set into the cache, verified, and prints its folder.") { name };
        get.SetAction((parsed, cancellation) => Task.Run(() => Interruption.KeptInParts(() =>
        {
            using var reporter = new DownloadReporter();
            string folder = ModelCommand.OrElse(WithoutNetwork,
                () => DataDownload.GetAsync(parsed.GetValue(name)!, reporter, cancellation).GetAwaiter().GetResult());
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
