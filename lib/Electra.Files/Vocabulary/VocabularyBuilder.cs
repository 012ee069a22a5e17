using System.Runtime.InteropServices;
using System.Text;

namespace Electra;

/// <summary>Makes a WordPiece vocabulary from raw text.</summary>
/// <remarks>
/// <para>The algorithm:</para>
/// <list type="number">
/// <item>Texts are cut into words as <see cref="ElectraTokenizer"/> cuts them, and the different words are counted.</item>
/// <item>The special tokens come first, then the most frequent characters: at the start of a word as <c>영</c>, inside a word as
/// <c>##영</c>, where such a form occurs. Words with a rarer character become <c>[UNK]</c> anyway and are left out of the rest.</item>
/// <item>Every word is a sequence of such pieces. The pair of neighbours that occurs most often is merged into a new piece in all
/// words, then the next pair, and so on until the vocabulary is full. Of equally frequent pairs the first in ordinal order is taken.</item>
/// </list>
/// <para>
/// Pairs are chosen by count as in byte-pair encoding, not by what they add to the likelihood as in the first WordPiece, whose trainer was
/// never published and is mostly read as count(ab) / (count(a) · count(b)): that prefers rare pairs, and a tokenizer that takes the longest
/// piece first then needs more pieces (on NSMC reviews, with 4,000 pieces from 20,000 reviews: 28.1 for a review instead of 20.5).
/// </para>
/// <para>The result depends on nothing but the words and their counts: not on the order of the texts, nor on the machine.</para>
/// <para>
/// Sources: Schuster and Nakajima 2012, "Japanese and Korean voice search" (WordPiece); Sennrich, Haddow and Birch 2016, "Neural machine
/// translation of rare words with subword units" (merging by count, algorithm 1).
/// </para>
/// </remarks>
public static class VocabularyBuilder
{
    internal const string Continuation = "##";

    /// <summary>Makes a vocabulary: special tokens, single characters, then merged pieces in the order in which they were made.</summary>
    /// <param name="texts">Raw texts, read once and not kept.</param>
    /// <param name="size">Pieces wanted, special tokens and single characters included; they stay fewer when no pair is frequent
    /// enough.</param>
    /// <param name="coverage">Share of all characters' occurrences that the single characters must cover, above 0, at most 1.</param>
    /// <param name="minFrequency">How often a pair must occur to be merged.</param>
    /// <param name="progress">Told from time to time how far it is.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <returns>At most <paramref name="size"/> different pieces; the index is the id.</returns>
    /// <exception cref="InputException">There are no words, an option is out of range, or the size has no room for the
    /// characters.</exception>
    public static IReadOnlyList<string> Build(
        IEnumerable<string> texts,
        int size,
        double coverage = 0.9995,
        int minFrequency = 2,
        IProgress<VocabularyProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(texts);
        if (!(coverage > 0 && coverage <= 1))
        {
            throw new InputException($"A character coverage of {coverage} is not a share; give a number above 0 and at most 1.");
        }

        if (minFrequency < 1)
        {
            throw new InputException($"A minimum frequency of {minFrequency} makes no sense for a vocabulary; give 1 or more.");
        }

        var words = new Dictionary<string, long>(StringComparer.Ordinal);
        var splitter = ElectraTokenizer.FromTokens(ElectraTokenizer.SpecialTokens); // the words are what it does not know
        int read = 0;
        foreach (string text in texts)
        {
            cancellation.ThrowIfCancellationRequested();
            CountWords(text, splitter, words);
            if (++read % 10_000 == 0)
            {
                progress?.Report(new(read, words.Count, 0));
            }
        }

        List<string> pieces = [.. ElectraTokenizer.SpecialTokens, .. SingleCharacters(words, coverage)];
        if (pieces.Count == ElectraTokenizer.SpecialTokens.Count)
        {
            throw new InputException($"The {read} texts for the vocabulary hold no words; give other texts.");
        }

        if (size < pieces.Count)
        {
            throw new InputException(
                $"A vocabulary of {size} has no room for the special tokens and single characters, which alone are " +
                $"{pieces.Count}; give a size of at " +
                $"least {pieces.Count}.");
        }

        var known = pieces.ToHashSet(StringComparer.Ordinal);
        var spelled = words.Select(word => (Pieces: Characters(word.Key), Count: word.Value))
            .Where(word => word.Pieces.All(known.Contains));
        var merger = new PairMerger(pieces, spelled, minFrequency);
        while (pieces.Count < size && merger.MergeMostFrequent())
        {
            cancellation.ThrowIfCancellationRequested();
            if (pieces.Count % 100 == 0)
            {
                progress?.Report(new(read, words.Count, pieces.Count));
            }
        }

        progress?.Report(new(read, words.Count, pieces.Count));
        return pieces;
    }

    private static void CountWords(string text, ElectraTokenizer splitter, Dictionary<string, long> words)
    {
        foreach (Token token in splitter.Tokenize(text).Where(token => token.Id == splitter.UnknownId))
        {
            Rune[] characters = [.. text[token.Start..token.End].EnumerateRunes().Where(rune => !ElectraTokenizer.Vanishes(rune))];
            string word = string.Concat(characters);
            if (characters.Length <= ElectraTokenizer.LongestWord && word != "[UNK]") // which a text may contain as it stands
            {
                CollectionsMarshal.GetValueRefOrAddDefault(words, word, out _)++;
            }
        }
    }

    // The most frequent characters that together reach the coverage, each in the forms that occur.
    private static IEnumerable<string> SingleCharacters(Dictionary<string, long> words, double coverage)
    {
        var counts = new Dictionary<string, long>(StringComparer.Ordinal); // of pieces
        foreach (var (word, count) in words)
        {
            foreach (string piece in Characters(word))
            {
                CollectionsMarshal.GetValueRefOrAddDefault(counts, piece, out _) += count;
            }
        }

        var characters = counts.GroupBy(piece => piece.Key.StartsWith(Continuation, StringComparison.Ordinal) ? piece.Key[2..] : piece.Key)
            .Select(forms => (Character: forms.Key, Count: forms.Sum(form => form.Value)))
            .OrderByDescending(character => character.Count).ThenBy(character => character.Character, StringComparer.Ordinal);
        double wanted = coverage * counts.Values.Sum();
        long covered = 0;
        foreach (var (character, count) in characters)
        {
            if (covered >= wanted)
            {
                yield break;
            }

            covered += count;
            foreach (string form in new[] { character, Continuation + character }.Where(counts.ContainsKey))
            {
                yield return form;
            }
        }
    }

    // 영화 → 영, ##화
    private static string[] Characters(string word) =>
        [.. word.EnumerateRunes().Select((rune, i) => i == 0 ? rune.ToString() : Continuation + rune.ToString())];
}
