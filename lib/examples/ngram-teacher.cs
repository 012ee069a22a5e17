// The n-gram baseline as a teacher: trained on the training rows of a data set (nsmc where none is named), chosen on its dev rows, it
// answers the texts of a file, one a line, as predict --json does, for train --soft-labels: dotnet run -c Release
// lib/examples/ngram-teacher.cs -- texts.txt.gz ngrams.jsonl.gz [data]
#:project ../Electra.Training/Electra.Training.csproj
using System.Buffers;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Electra;

const int Together = 4096; // texts that all cores answer before they are written
var (input, output, data) = (args[0], args[1], ReviewData.Open(args.Length > 2 ? args[2] : "nsmc"));
var (train, dev) = data.Split(seed: 1); // as trainings do
Console.Error.WriteLine($"{data.Name}: {train.Count:N0} rows to learn from, {dev.Count:N0} to choose on");
var baseline = NgramBaseline.Train(train, dev, data.Classes, Console.Error.WriteLine);
AtomicFile.Write(output, stream =>
{
    bool packed = output.EndsWith(".gz", StringComparison.OrdinalIgnoreCase);
    using var gzip = packed ? new GZipStream(stream, CompressionLevel.Optimal, leaveOpen: true) : null;
    int done = 0;
    foreach (string[] texts in TextFile.Lines(input).Where(HasText).Chunk(Together))
    {
        foreach (var line in texts.AsParallel().AsOrdered().Select(Answer))
        {
            (gzip ?? stream).Write(line.WrittenSpan);
        }

        done += texts.Length;
        Console.Error.Write($"\r{done:N0} texts");
    }

    Console.Error.WriteLine();
});

ArrayBufferWriter<byte> Answer(string text)
{
    var line = new ArrayBufferWriter<byte>();
    using var json = new Utf8JsonWriter(line, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
    json.WriteStartObject();
    json.WriteString("text", text);
    json.WriteStartArray("logits");
    foreach (double logit in baseline.Logits(text))
    {
        json.WriteNumberValue(logit);
    }

    json.WriteEndArray();
    json.WriteStartArray("labels");
    foreach (string label in data.Labels)
    {
        json.WriteStringValue(label);
    }

    json.WriteEndArray();
    json.WriteEndObject();
    json.Flush();
    line.Write("\n"u8);
    return line;
}

// predict leaves the same lines out: those of blanks and invisible characters.
static bool HasText(string text) => text.EnumerateRunes().Any(rune => !Rune.IsWhiteSpace(rune)
    && Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format));
