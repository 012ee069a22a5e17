using System.Text;
using Spectre.Console;

namespace Electra.Tool.Tasks;

/// <summary>Token classification.</summary>
internal sealed class EntityCommands : TaskCommands
{
    private const int PoolSize = 512; // sentences whose logits are in memory at once

    // by the place of a type in the model's list
    private static readonly string[] Colours = ["green", "aqua", "yellow", "fuchsia", "blue", "red"];

    public override TaskKind Kind => TaskKinds.Token;

    public override string DefaultData => "entities";

    public override string DataHelp => "entities (the project's own), klue, or a folder with train.tsv and test.tsv";

    public override (int PreTrained, int Random) DefaultEpochs => (8, 20);

    public override int DefaultBatchSize => 8; // the project's own set has 311 sentences: larger batches would leave too few steps

    public override TestPart Test(string data, int? limit)
    {
        var entities = EntityData.Open(data, limit);
        return new(entities.Hash, [.. entities.Test.Select(sentence => (sentence.Text, (int?)null))],
            EntitySplits.LabelsOf(entities.Types));
    }

    public override LearningTask Open(string data, int? limit, string? encoder, int maxTokens, CancellationToken cancellation)
    {
        var entities = EntityData.Open(data, limit);
        return new EntitySplits(entities,
            EncoderSource.Open(encoder, entities.Train.Select(sentence => sentence.Text), cancellation), maxTokens);
    }

    public override void Evaluate(Evaluation evaluation)
    {
        using var model = OpenModel(evaluation.Checkpoint);
        string source = evaluation.Data;
        var types = Types(model);
        int count = 0; // read twice rather than kept: what is wrong is said before the work
        foreach (var sentence in Sentences())
        {
            sentence.CheckTypes(types, $"the model does not know; it knows {string.Join(", ", types)}");
            count++;
        }

        var parts = new List<EntityMetrics>();
        int done = 0;
        Measure(evaluation, file =>
        {
            if (file is null)
            {
                _ = Answered().Count();
            }
            else
            {
                EntityFile.Write(file, Answered());
            }
        }, () => done == count, () => Report(evaluation, EntityMetrics.Of(parts), count));

        IEnumerable<EntitySentence> Sentences() => File.Exists(source) ? EntityFile.Rows(source) : EntityData.Open(source).Test;

        // With the predicted tags, some sentences at a time, of which counts alone are kept.
        IEnumerable<EntitySentence> Answered()
        {
            EntitySentence[] pool = [];
            var pools = Sentences().Chunk(PoolSize).Select(sentences => (pool = sentences).Select(sentence => sentence.Text).ToList());
            var answers = new List<string[]>();
            foreach (var answer in Answer(model, pools, count, evaluation.MaxTokens, evaluation.Cancellation))
            {
                answers.Add(answer.Tags);
                if (answers.Count == pool.Length)
                {
                    parts.Add(EntityMetrics.Of([.. pool.Select(sentence => sentence.Tags)], answers));
                    foreach (var (sentence, tags) in pool.Zip(answers))
                    {
                        yield return sentence with { Tags = tags };
                    }

                    done += pool.Length;
                    answers.Clear();
                }
            }
        }
    }

    public override void Predict(Request request)
    {
        using var model = OpenModel(request.Checkpoint);
        var types = Types(model);
        foreach (var (text, tags) in Answer(model, request.Pools(), request.Total, maxTokens: null, request.Cancellation))
        {
            var sentence = new EntitySentence("", text, tags);
            if (request.Json)
            {
                Terminal.WriteJson(
                    new
                    {
                        text,
                        entities = sentence.Entities.Select(
                            entity => new { entity.Type, entity.Start, entity.End, Text = text[entity.Start..entity.End] }),
                        precision = PrecisionInUse,
                    });
            }
            else if (Console.IsOutputRedirected)
            {
                Terminal.Print(sentence.Marked);
            }
            else
            {
                Terminal.Out.MarkupLine(Highlight(sentence, types));
            }
        }
    }

    private void Report(Evaluation evaluation, EntityMetrics metrics, int count)
    {
        var (low, high) = metrics.Interval;
        if (evaluation.Json)
        {
            Terminal.WriteJson(new
            {
                task = Name,
                data = evaluation.Data,
                examples = count,
                precision = metrics.Micro.Precision,
                recall = metrics.Micro.Recall,
                f1 = metrics.Micro.F1,
                interval = new[] { low, high },
                macro = new { precision = metrics.MacroPrecision, recall = metrics.MacroRecall, f1 = metrics.MacroF1 },
                character_accuracy = metrics.CharacterAccuracy,
                types = metrics.Types,
            });
            return;
        }

        var table = new ResultTable("type", "precision", "recall", "f1", "correct", "predicted", "true");
        foreach (var (type, counts) in metrics.Types.Append(new("all", metrics.Micro)))
        {
            table.AddRow(
                Markup.Escape(type), $"{counts.Precision:0.0000}", $"{counts.Recall:0.0000}", $"{counts.F1:0.0000}", $"{counts.Correct:N0}",
                $"{counts.Predicted:N0}", $"{counts.Support:N0}");
        }

        Terminal.PrintTable(table);
        Terminal.Print($"F1 {metrics.Micro.F1:0.0000} on {count:N0} sentences; 95 % interval {low:0.0000} – {high:0.0000} " +
            "(bootstrap over sentences); "
            + $"mean over types {metrics.MacroF1:0.0000}; characters with the right tag {metrics.CharacterAccuracy:0.0000}.");
    }

    private static List<string> Types(Predictor model) => [.. model.Labels.Select(EntityTags.TypeOf).OfType<string>().Distinct()];

    private static IEnumerable<(string Text, string[] Tags)> Answer(Predictor model, IEnumerable<IReadOnlyList<string>> pools, int? total,
        int? maxTokens, CancellationToken cancellation)
    {
        int longest = Math.Min(maxTokens ?? model.MaxTokens, model.MaxTokens);
        int windowed = 0;
        int done = 0;
        using var progress = new Progress("sentences");
        foreach (var texts in pools)
        {
            var rows = EntityRows.Of(model.Tokenizer, texts, longest);
            windowed += rows.Windowed;
            float[][] logits = model.Logits(rows.Rows,
                inPool => progress.Report("predicting", done + ((long)inPool * texts.Count / rows.Rows.Count), total), cancellation);
            done += texts.Count;
            progress.Clear();
            var tags = rows.CharacterTags(logits, model.Labels);
            foreach (var answer in texts.Zip(tags))
            {
                yield return answer;
            }
        }

        if (windowed > 0)
        {
            Terminal.Note($"{windowed:N0} {(windowed == 1 ? "text is" : "texts are")} longer than {longest} tokens and read in " +
                "overlapping windows.");
        }
    }

    // Each entity on its type's colour, with the type behind it.
    private static string Highlight(EntitySentence sentence, List<string> types)
    {
        var markup = new StringBuilder();
        int end = 0;
        foreach (var entity in sentence.Entities)
        {
            string colour = Colours[types.IndexOf(entity.Type) % Colours.Length];
            markup.Append(Markup.Escape(sentence.Text[end..entity.Start]))
                .Append($"[black on {colour}]{Markup.Escape(sentence.Text[entity.Start..entity.End])}[/][{colour}] " +
                    $"{Markup.Escape(entity.Type)}[/]");
            end = entity.End;
        }

        return markup.Append(Markup.Escape(sentence.Text[end..])).ToString();
    }
}
