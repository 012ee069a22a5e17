using System.Runtime.InteropServices;

namespace Electra;

/// <summary>
/// Words as sequences of pieces, with the count of every pair of neighbours kept up to date while the most frequent pair is
/// merged again and again (algorithm 1 of Sennrich et al. 2016; a merge only visits the words that have the pair).
/// </summary>
internal sealed class PairMerger
{
    // The most frequent pair first, of equals the one whose left and then right piece is first in ordinal order.
    private static readonly Comparer<(long Count, string Left, string Right)> Order =
        Comparer<(long Count, string Left, string Right)>.Create((a, b) =>
            a.Count != b.Count ? b.Count.CompareTo(a.Count)
            : string.CompareOrdinal(a.Left, b.Left) is var left and not 0 ? left
            : string.CompareOrdinal(a.Right, b.Right));

    private readonly List<string> _pieces; // id → piece; merging appends to it
    private readonly Dictionary<string, int> _ids = new(StringComparer.Ordinal);
    private readonly List<int[]> _words = []; // ids of the pieces of each word
    private readonly List<long> _counts = []; // occurrences of each word
    private readonly Dictionary<(int Left, int Right), Pair> _pairs = [];
    private readonly PriorityQueue<Pair, (long Count, string Left, string Right)> _queue = new(Order);
    private readonly int _minFrequency;

    /// <summary>Counts the pairs of all words.</summary>
    /// <param name="pieces">The vocabulary, which grows by merging.</param>
    /// <param name="words">Words, cut into pieces of the vocabulary, and how often each occurs.</param>
    /// <param name="minFrequency">Pairs that occur less often are not merged.</param>
    public PairMerger(List<string> pieces, IEnumerable<(string[] Pieces, long Count)> words, int minFrequency)
    {
        _pieces = pieces;
        _minFrequency = minFrequency;
        for (int id = 0; id < pieces.Count; id++)
        {
            _ids.Add(pieces[id], id);
        }

        foreach (var (word, count) in words)
        {
            int[] sequence = [.. word.Select(piece => _ids[piece])];
            for (int i = 1; i < sequence.Length; i++)
            {
                Add(sequence[i - 1], sequence[i], count).Words.Add(_words.Count);
            }

            _words.Add(sequence);
            _counts.Add(count);
        }

        foreach (Pair pair in _pairs.Values)
        {
            Enqueue(pair);
        }
    }

    /// <summary>Merges the most frequent pair wherever it occurs; the vocabulary grows by the merged piece if that is new.</summary>
    /// <returns>False when no pair is left that is frequent enough.</returns>
    public bool MergeMostFrequent()
    {
        while (_queue.TryDequeue(out Pair? pair, out var priority))
        {
            if (pair.Count == priority.Count)
            {
                Merge(pair);
                return true;
            }

            Enqueue(pair); // other merges have taken some of its occurrences since it was queued
        }

        return false;
    }

    private void Merge(Pair pair)
    {
        string piece = _pieces[pair.Left] + _pieces[pair.Right][VocabularyBuilder.Continuation.Length..];
        if (!_ids.TryGetValue(piece, out int merged)) // a + ##bc may be there already as ab + ##c
        {
            _ids.Add(piece, merged = _pieces.Count);
            _pieces.Add(piece);
        }

        var grown = new HashSet<Pair>();
        foreach (int word in pair.Words)
        {
            int[] before = _words[word];
            int[] after = Replace(before, pair, merged);
            if (after.Length == before.Length)
            {
                continue; // listed twice, or lost the pair to another merge
            }

            _words[word] = after;
            for (int i = 1; i < after.Length; i++)
            {
                Pair neighbours = Add(after[i - 1], after[i], _counts[word]);
                if (neighbours.Left == merged || neighbours.Right == merged)
                {
                    neighbours.Words.Add(word);
                    grown.Add(neighbours);
                }
            }

            for (int i = 1; i < before.Length; i++) // after the additions, so that a pair that stays never drops to 0
            {
                Add(before[i - 1], before[i], -_counts[word]);
            }
        }

        foreach (Pair neighbours in grown)
        {
            Enqueue(neighbours);
        }
    }

    private static int[] Replace(int[] word, Pair pair, int merged)
    {
        var result = new List<int>(word.Length);
        for (int i = 0; i < word.Length; i++)
        {
            bool found = word[i] == pair.Left && i + 1 < word.Length && word[i + 1] == pair.Right;
            result.Add(found ? merged : word[i]);
            i += found ? 1 : 0;
        }

        return [.. result];
    }

    private Pair Add(int left, int right, long count)
    {
        ref Pair? pair = ref CollectionsMarshal.GetValueRefOrAddDefault(_pairs, (left, right), out _);
        Pair changed = pair ??= new Pair(left, right);
        changed.Count += count;
        if (changed.Count == 0)
        {
            _pairs.Remove((left, right));
        }

        return changed;
    }

    private void Enqueue(Pair pair)
    {
        if (pair.Count >= _minFrequency)
        {
            _queue.Enqueue(pair, (pair.Count, _pieces[pair.Left], _pieces[pair.Right]));
        }
    }

    private sealed class Pair(int left, int right)
    {
        public int Left { get; } = left;

        public int Right { get; } = right;

        public long Count { get; set; }

        public List<int> Words { get; } = []; // each word that has the pair, some twice, and some that have lost it
    }
}
