namespace Electra;

/// <summary>How well tokens can give an answer, whose borders need not be those of tokens.</summary>
public enum AnswerFit
{
    /// <summary>
    /// A window has tokens that begin and end with it; what the tokenizer drops at its ends (blanks, say) does not count.
    /// </summary>
    Exact,

    /// <summary>The fewest tokens that have all of it have more than it (the answer "영화" in a word that is one piece, "영화관").</summary>
    Wider,

    /// <summary>No window has all its tokens: it is longer than what neighbouring windows share.</summary>
    NoWindow,

    /// <summary>No token has any of it, because the tokenizer drops all its characters.</summary>
    NoToken,
}
