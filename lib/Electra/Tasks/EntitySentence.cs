namespace Electra;

/// <summary>A sentence with a tag for every character.</summary>
/// <param name="Id">The sentence's name in its data set.</param>
/// <param name="Text">The sentence.</param>
/// <param name="Tags">
/// <c>O</c>, <c>B-TYPE</c> at the first character of an entity or <c>I-TYPE</c> at a further one, for each character: each Unicode code
/// point, blanks included.
/// </param>
public sealed record EntitySentence(string Id, string Text, IReadOnlyList<string> Tags)
{
    /// <summary>The file that it was read from, or null.</summary>
    public string? File { get; init; }

    /// <summary>The line of its first character, from 1.</summary>
    public int Line { get; init; }

    /// <summary>The entities, in the order of the text.</summary>
    public IReadOnlyList<Entity> Entities => EntityTags.Entities(Text, Tags);

    /// <summary>The sentence with its entities marked as <c>&lt;text:TYPE&gt;</c>, as in KLUE's comments.</summary>
    public string Marked
    {
        get
        {
            string marked = Text;
            foreach (var entity in Entities.Reverse())
            {
                marked = $"{marked[..entity.Start]}<{marked[entity.Start..entity.End]}:{entity.Type}>{marked[entity.End..]}";
            }

            return marked;
        }
    }

    /// <summary>Throws when it has an entity of another type.</summary>
    /// <param name="types">The types that may occur.</param>
    /// <param name="otherwise">What is said of another one, and the remedy.</param>
    /// <exception cref="InputException">Names the place.</exception>
    public void CheckTypes(IReadOnlyCollection<string> types, string otherwise)
    {
        foreach (var (i, tag) in Tags.Index().Where(tag => EntityTags.TypeOf(tag.Item) is { } type && !types.Contains(type)))
        {
            throw new InputException(
                $"{(File is null ? $"Sentence {Id}" : $"{File}:{Line + i}")} has the tag {tag}, a type that {otherwise}.");
        }
    }
}
