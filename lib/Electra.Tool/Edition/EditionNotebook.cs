using NotebookKernel;

namespace Electra.Tool.Edition;

/// <summary>What a Korean notebook should be, and how what is stored differs from it.</summary>
/// <param name="Relative">The notebook, relative to the edition.</param>
/// <param name="English">The English notebook with the link to the Korean one.</param>
/// <param name="Korean">The Korean notebook as it should be.</param>
/// <param name="IsStored">Whether there is one already.</param>
internal sealed record EditionNotebook(string Relative, Notebook English, Notebook Korean, bool IsStored)
{
    /// <summary>Ids of cells whose code, outputs or metadata are stored otherwise than in English.</summary>
    public List<string> Carried { get; } = [];

    /// <summary>Ids of cells that are not stored.</summary>
    public List<string> Added { get; } = [];

    /// <summary>Ids of stored cells that the English notebook does not have.</summary>
    public List<string> Removed { get; } = [];

    /// <summary>Ids of cells that get a Korean text, another one, or other links in it.</summary>
    public List<string> Texts { get; } = [];

    /// <summary>Ids of cells that are in English still.</summary>
    public List<string> Untranslated { get; } = [];

    /// <summary>Ids of cells whose English text changed after the Korean.</summary>
    public List<string> Outdated { get; } = [];

    /// <summary>Whether the stored cells that stay are in another order than in English.</summary>
    public bool IsReordered { get; set; }

    /// <summary>Whether the English notebook gets the link to the Korean one.</summary>
    public bool IsEnglishChanged { get; init; }

    /// <summary>Whether the Korean file would change.</summary>
    public bool IsChanged { get; init; }

    /// <summary>Writes what changed.</summary>
    /// <exception cref="InputException">A folder cannot be written to.</exception>
    public void Save()
    {
        if (IsEnglishChanged)
        {
            AtomicFile.WriteText(English.Path, English.ToText());
        }

        if (IsChanged)
        {
            AtomicFile.WriteText(Korean.Path, Korean.ToText());
        }
    }
}
