using System.Text.Json;

namespace Electra.Tests;

public class EntityMetricsTests
{
    private const double Tolerance = 1e-12;

    [Fact]
    public void Precision_recall_and_F1_by_type_micro_and_macro_and_the_entities_equal_the_reference()
    {
        using var golden = JsonDocument.Parse(File.ReadAllText(Reference.Golden("metrics", "ner.json")));
        var cases = golden.RootElement.GetProperty("cases").EnumerateArray().ToList();
        Assert.Equal(22, cases.Count);
        foreach (var expected in cases)
        {
            var gold = Tags(expected.GetProperty("gold"));
            var metrics = EntityMetrics.Of(gold, Tags(expected.GetProperty("predicted")));
            Near(expected.GetProperty("micro"), metrics.Micro.Precision, metrics.Micro.Recall, metrics.Micro.F1);
            Near(expected.GetProperty("macro"), metrics.MacroPrecision, metrics.MacroRecall, metrics.MacroF1);
            Assert.Equal(expected.GetProperty("token_accuracy").GetDouble(), metrics.CharacterAccuracy, Tolerance);
            var predicted = Tags(expected.GetProperty("predicted")); // the same from parts, one of them empty
            int half = gold.Count / 2;
            var parts = EntityMetrics.Of([EntityMetrics.Of([.. gold.Take(half)], [.. predicted.Take(half)]), EntityMetrics.Of([], []),
                EntityMetrics.Of([.. gold.Skip(half)], [.. predicted.Skip(half)])]);
            Assert.Equal(metrics.Sentences, parts.Sentences);
            Assert.Equal(metrics.Types, parts.Types);
            Assert.Equal((metrics.Micro, metrics.CharacterAccuracy), (parts.Micro, parts.CharacterAccuracy));
            var types = expected.GetProperty("types").EnumerateObject().ToList();
            Assert.Equal(types.Select(type => type.Name), metrics.Types.Keys);
            foreach (var type in types)
            {
                var counts = metrics.Types[type.Name];
                Near(type.Value, counts.Precision, counts.Recall, counts.F1);
                Assert.Equal(
                    (type.Value.GetProperty("correct").GetInt32(), type.Value.GetProperty("predicted").GetInt32(),
                        type.Value.GetProperty("support").GetInt32()),
                    (counts.Correct, counts.Predicted, counts.Support));
            }

            foreach (var (entities, tags) in expected.GetProperty("entities_gold").EnumerateArray().Zip(gold))
            {
                Assert.Equal(
                    entities.EnumerateArray()
                        .Select(entity => (entity[0].GetString()!, entity[1].GetInt32(), entity[2].GetInt32() + 1)).Order(),
                    EntityTags.Spans(tags).Select(span => (span.Type, span.Start, span.End)).Order());
            }

            Assert.Equal(metrics.Micro.F1,
                metrics.Scores.Sum(score => score[1]) is > 0 and double all ? metrics.Scores.Sum(score => score[0]) / all : 0, Tolerance);
        }
    }

    [Fact]
    public void Tags_of_other_characters_are_an_error()
    {
        Assert.Contains("same sentences", Assert.Throws<InputException>(() => EntityMetrics.Of([["O"]], [["O", "O"]])).Message,
            StringComparison.Ordinal);
        Assert.Contains("same sentences", Assert.Throws<InputException>(() => EntityMetrics.Of([["O"]], [])).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void The_dictionary_marks_the_longest_known_entity_and_nothing_that_was_rarely_one()
    {
        EntitySentence Sentence(string marked)
        {
            // <text:TYPE> as in the files' comments
            var pieces = new List<(int, int, string)>();
            string text = "";
            foreach (string part in marked.Split('<', '>'))
            {
                string[] entity = part.Split(':');
                if (entity.Length == 2)
                {
                    pieces.Add((text.Length, text.Length + entity[0].Length, $"B-{entity[1]}"));
                }

                text += entity[0];
            }

            return new EntitySentence(marked, text, EntityTags.OfCharacters(text, pieces));
        }

        var baseline = DictionaryBaseline.Train([Sentence("<서울:LC>에서"), Sentence("<서울역:LC> 앞"), Sentence("<이:PS>가"), Sentence("이 영화"),
            Sentence("이 배우"), Sentence("<한:QT> 명"), Sentence("<한:PS>")]);
        Assert.Equal(3, baseline.Count);
        Assert.Equal(Sentence("이 <서울역:LC>과 <서울:LC> <한:PS>").Tags, baseline.Predict("이 서울역과 서울 한"));
    }

    private static List<string[]> Tags(JsonElement sentences) =>
        [.. sentences.EnumerateArray().Select(tags => tags.EnumerateArray().Select(tag => tag.GetString()!).ToArray())];

    private static void Near(JsonElement expected, double precision, double recall, double f1)
    {
        Assert.Equal(expected.GetProperty("precision").GetDouble(), precision, Tolerance);
        Assert.Equal(expected.GetProperty("recall").GetDouble(), recall, Tolerance);
        Assert.Equal(expected.GetProperty("f1").GetDouble(), f1, Tolerance);
    }
}
