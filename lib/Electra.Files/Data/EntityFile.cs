using System.Security.Cryptography;
using System.Text;

namespace Electra;

/// <summary>
/// Reads and writes sentences in the format of KLUE's named entity data (github.com/KLUE-benchmark/KLUE): UTF-8, one character, a tab and
/// its tag a line, an empty line after each sentence. A blank is a character like others, so lines are not trimmed. Lines that begin with
/// <c>##</c> are comments and stand above a sentence; what the last one has before its tab is the sentence's id.
/// </summary>
/// <remarks>
/// A character is a Unicode code point. Only a line feed ends a line; a carriage return before it (Windows) and a byte order mark are
/// skipped. A name that ends in .gz means gzip. Tag sequences that are not legal, an <c>I-</c> without beginning, are read as they are; see
/// <see cref="EntityTags.Spans"/>.
/// </remarks>
public static class EntityFile
{
    private const string Comment = "##";

    /// <summary>Reads the sentences of a file in their order.</summary>
    /// <exception cref="InputException">The file is missing, damaged, or has a malformed line; the message names file and line.</exception>
    public static IReadOnlyList<EntitySentence> Read(string path) => Read(path, hash: null);

    /// <summary>The sentences of a file in their order, read as they are asked for and not kept: for files larger than memory.</summary>
    /// <inheritdoc cref="Read(string)" path="/exception"/>
    public static IEnumerable<EntitySentence> Rows(string path) => Rows(path, hash: null);

    /// <summary>Writes sentences, each below a comment with its id and its marked text, so that reading gives the same ones.</summary>
    /// <exception cref="InputException">A sentence cannot be written (a line feed or NUL in it, half a surrogate pair, no character at
    /// all), or the file cannot.</exception>
    public static void Write(string path, IEnumerable<EntitySentence> sentences) => AtomicFile.Write(path, file =>
    {
        foreach (var sentence in sentences)
        {
            if (sentence.Text.Length == 0 || (sentence.Id + sentence.Text).AsSpan().ContainsAny('\n', '\0')
                || sentence.Id.Contains('\t', StringComparison.Ordinal))
            {
                throw new InputException(
                    $"Sentence {sentence.Id} cannot be written to {path}: replace line feeds and NULs in it, and leave out empty ones.");
            }

            int[] starts = EntityTags.CharacterStarts(sentence.Text);
            var text = new StringBuilder($"{Comment} {sentence.Id}\t{sentence.Marked}\n");
            foreach (var (i, tag) in sentence.Tags.Index())
            {
                text.Append(sentence.Text, starts[i], starts[i + 1] - starts[i]).Append('\t').Append(tag).Append('\n');
            }

            try
            {
                file.Write(InputFile.StrictUtf8.GetBytes(text.Append('\n').ToString()));
            }
            catch (EncoderFallbackException e)
            {
                throw new InputException(
                    $"Sentence {sentence.Id} cannot be written to {path}: it contains half a surrogate pair; remove it from the text.", e);
            }
        }
    });

    /// <summary>As the public one; adds every byte to the hash.</summary>
    internal static IReadOnlyList<EntitySentence> Read(string path, IncrementalHash? hash) => [.. Rows(path, hash)];

    private static IEnumerable<EntitySentence> Rows(string path, IncrementalHash? hash)
    {
        int sentences = 0;
        var text = new StringBuilder();
        var tags = new List<string>();
        string? id = null;
        int lines = 0;
        foreach (var (number, bytes) in ReviewFile.Lines(path))
        {
            lines = number;
            hash?.AppendData(bytes.Span);
            string line = ReviewFile.Text(bytes.Span, number, path);
            if (line.Length == 0)
            {
                if (tags.Count > 0)
                {
                    yield return Sentence(number);
                }

                tags = [];
            }
            else if (line.StartsWith(Comment, StringComparison.Ordinal))
            {
                id = tags.Count == 0
                    ? line[Comment.Length..].Split('\t')[0].Trim()
                    : throw new InputException($"{path}:{number} is a comment inside a sentence; put an empty line before it.");
            }
            else
            {
                var (character, tag) = Parse(line, number, path);
                text.Append(character);
                tags.Add(tag);
            }
        }

        if (tags.Count > 0)
        {
            yield return Sentence(lines + 1);
        }

        if (sentences == 0)
        {
            throw new InputException(
                $"{path} has no sentences; write one character, a tab and its tag a line, and an empty line after each sentence.");
        }

        // What was read up to a line.
        EntitySentence Sentence(int number)
        {
            sentences++;
            var sentence = new EntitySentence(id is { Length: > 0 } ? id : $"{sentences}", text.ToString(), [.. tags])
            {
                File = path,
                Line = number - tags.Count,
            };
            text.Clear();
            id = null;
            return sentence;
        }
    }

    private static (string Character, string Tag) Parse(string line, int number, string path)
    {
        int tab = line.LastIndexOf('\t');
        if (tab < 0)
        {
            throw new InputException(
                $"{path}:{number} has no tab; write one character, a tab and its tag a line, and an empty line after each sentence.");
        }

        var (character, tag) = (line[..tab], line[(tab + 1)..]);
        if (EntityTags.CharacterStarts(character).Length != 2)
        {
            throw new InputException($"{path}:{number} has \"{character}\" before its tag, which is not one character; give each " +
                "character a line and a tag of its own.");
        }

        return EntityTags.IsTag(tag)
            ? (character, tag)
            : throw new InputException(
                $"{path}:{number} has the tag \"{tag}\"; write O, B-TYPE at the first character of an entity or I-TYPE at a further one.");
    }
}
