namespace Electra;

/// <summary>
/// Marks again what was marked in training, the longest first, without looking at what stands around it: what a head must beat to have
/// learnt more than names by heart. A string that was an entity in less than half of its occurrences is not marked.
/// </summary>
public sealed class DictionaryBaseline
{
    private readonly Dictionary<string, string> _types;
    private readonly int _longest;

    private DictionaryBaseline(Dictionary<string, string> types)
    {
        _types = types;
        _longest = types.Keys.Select(text => text.Length).DefaultIfEmpty(0).Max();
    }

    /// <summary>How many strings it knows.</summary>
    public int Count => _types.Count;

    /// <summary>Collects the entities of training sentences.</summary>
    public static DictionaryBaseline Train(IReadOnlyList<EntitySentence> train)
    {
        var marked = train
            .SelectMany(sentence => sentence.Entities.Select(entity => (Text: sentence.Text[entity.Start..entity.End], entity.Type)))
            .GroupBy(entity => entity.Text)
            .ToDictionary(
                group => group.Key,
                group => (Type: group.CountBy(entity => entity.Type).OrderByDescending(count => count.Value)
                    .ThenBy(count => count.Key, StringComparer.Ordinal).First().Key, Count: group.Count()));
        var all = new DictionaryBaseline(marked.ToDictionary(entity => entity.Key, entity => entity.Value.Type));
        var occurrences = new Dictionary<string, int>();
        foreach (var sentence in train)
        {
            for (int i = 0; i < sentence.Text.Length; i++)
            {
                foreach (string text in all.At(sentence.Text, i))
                {
                    occurrences[text] = occurrences.GetValueOrDefault(text) + 1;
                }
            }
        }

        return new DictionaryBaseline(marked.Where(entity => 2 * entity.Value.Count >= occurrences[entity.Key])
            .ToDictionary(entity => entity.Key, entity => entity.Value.Type));
    }

    /// <summary>The tags of a text's characters.</summary>
    public string[] Predict(string text)
    {
        var pieces = new List<(int Start, int End, string Tag)>();
        for (int i = 0; i < text.Length;)
        {
            string? found = At(text, i).LastOrDefault();
            if (found is not null)
            {
                pieces.Add((i, i + found.Length, $"B-{_types[found]}"));
            }

            i += found?.Length ?? 1;
        }

        return EntityTags.OfCharacters(text, pieces);
    }

    // The known strings at a place, the longest last.
    private IEnumerable<string> At(string text, int start)
    {
        for (int length = 1; length <= Math.Min(_longest, text.Length - start); length++)
        {
            string candidate = text.Substring(start, length);
            if (_types.ContainsKey(candidate))
            {
                yield return candidate;
            }
        }
    }
}
