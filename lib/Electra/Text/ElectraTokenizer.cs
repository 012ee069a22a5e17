using Microsoft.ML.Tokenizers;

namespace Electra;

/// <summary>
/// Splits text into the pieces of a vocabulary, exactly as Hugging Face's slow <c>BertTokenizer</c> (which is ELECTRA's): special tokens
/// are found anywhere, invisible characters vanish, words end at blanks, around punctuation and Chinese characters, and WordPiece takes the
/// longest piece first. A tokenizer never changes and may be shared between threads.
/// </summary>
/// <remarks>
/// Unassigned code points vanish too. Which ones are depends on the version of Unicode: .NET 10 has 16, Python 3.11 has 14, so a character
/// that is younger than Python's tables vanishes there and makes its word <c>[UNK]</c> here.
/// </remarks>
public sealed partial class ElectraTokenizer
{
    private readonly string[] _vocabulary;
    private readonly Dictionary<string, int> _ids;
    private readonly Token[] _special;
    private readonly bool _lowerCase;
    private readonly bool _splitChinese;
    private readonly WordPieceTokenizer _wordPiece;

    /// <summary>The number of tokens in the vocabulary.</summary>
    public int VocabularySize => _vocabulary.Length;

    /// <summary>Id of <c>[PAD]</c>, which fills short rows of a batch.</summary>
    public int PadId => _ids["[PAD]"];

    /// <summary>Id of <c>[UNK]</c>, which stands for a word that the vocabulary cannot spell.</summary>
    public int UnknownId => _ids["[UNK]"];

    /// <summary>Id of <c>[CLS]</c>, the first token of every encoding.</summary>
    public int ClsId => _ids["[CLS]"];

    /// <summary>Id of <c>[SEP]</c>, which ends each text.</summary>
    public int SepId => _ids["[SEP]"];

    /// <summary>Id of <c>[MASK]</c>, which only pre-training needs, or null where the vocabulary does without.</summary>
    public int? MaskId => IdOf("[MASK]");

    /// <summary>
    /// The longest encoding the checkpoint was made for, from <c>model_max_length</c>, or null; it is for the caller to pass on.
    /// </summary>
    public int? ModelMaxLength { get; }

    /// <summary>The token with an id.</summary>
    /// <exception cref="InputException">The vocabulary has no such id.</exception>
    public string TokenOf(int id) => (uint)id < (uint)_vocabulary.Length
        ? _vocabulary[id]
        : throw new InputException(
            $"There is no token {id} in a vocabulary of {_vocabulary.Length}; the ids come from another vocabulary.");

    /// <summary>The id of a token, or null where the vocabulary does not have it.</summary>
    public int? IdOf(string token) => _ids.TryGetValue(token, out int id) ? id : null;
}
