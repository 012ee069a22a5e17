using NotebookKernel;

namespace Electra.Tool.Edition;

/// <summary>Whether a Korean edition is whole: code and outputs are the English ones, and texts say what the English ones say.</summary>
internal static class EditionCheck
{
    private const string Remedy = "'electra notebooks sync' carries it over";

    /// <summary>Checks notebooks in the other language's light, without running them.</summary>
    /// <param name="notebooks">Notebooks of either language; those without an edition pass.</param>
    /// <returns>What is not whole, by notebook; empty when all is well.</returns>
    public static IEnumerable<CheckFinding> Check(IEnumerable<string> notebooks)
    {
        foreach (var course in notebooks.Select(Path.GetFullPath).GroupBy(path => KoreanEdition.Of(path)?.Course))
        {
            if (course.Key is null)
            {
                continue;
            }

            var edition = new KoreanEdition(course.Key);
            var sync = new EditionSync(edition);
            HashSet<string> named = [.. course];
            foreach (string one in edition.Originals.Where(one => named.Contains(edition.Original(one)) && !sync.Notebooks.Contains(one)))
            {
                yield return new(KoreanEdition.Show(edition.Original(one)), null,
                    $"there is no Korean notebook {KoreanEdition.Show(edition.Counterpart(one))}; " +
                    "'electra notebooks sync --texts' makes it");
            }

            foreach (string one in edition.Counterparts.Where(one => named.Contains(edition.Counterpart(one))
                && !sync.Notebooks.Contains(one)))
            {
                yield return new(KoreanEdition.Show(edition.Counterpart(one)), null,
                    $"there is no English notebook {KoreanEdition.Show(edition.Original(one))}; " +
                    "delete it, or rename it as the English one");
            }

            foreach (CheckFinding finding in sync.Notebooks
                .Where(one => named.Contains(edition.Original(one)) || named.Contains(edition.Counterpart(one)))
                .SelectMany(one => Findings(edition, sync, one)))
            {
                yield return finding;
            }
        }
    }

    private static List<CheckFinding> Findings(KoreanEdition edition, EditionSync sync, string relative)
    {
        string path = KoreanEdition.Show(edition.Counterpart(relative));
        if (((string[])[edition.Original(relative), edition.Counterpart(relative)]).Select(Notebook.Load).Any(one =>
            one.Cells.Any(cell => cell.Id is null) || one.Cells.DistinctBy(cell => cell.Id).Count() < one.Cells.Count))
        {
            return [new(path, null, "cells without an id of their own cannot be compared with the English ones")]; // named elsewhere
        }

        EditionNotebook plan = sync.Plan(relative);
        var stored = Notebook.Load(edition.Counterpart(relative)).Cells.ToDictionary(cell => cell.Id!, cell => cell.Number);
        List<CheckFinding> findings =
        [
            .. Named(plan.Added, "is in English only"),
            .. Named(plan.Removed, "is in Korean only"),
            .. Named(plan.Carried, "has other code, outputs or metadata than in English"),
        ];
        if (plan.IsReordered)
        {
            findings.Add(new(path, null, $"the cells are in another order than in English; {Remedy}"));
        }

        findings.AddRange(Named(plan.Texts, "has links that lead elsewhere than they should"));
        if (plan.IsChanged && findings.Count == 0)
        {
            findings.Add(new(path, null, $"metadata or bytes are others than in English; {Remedy}"));
        }

        if (plan.IsEnglishChanged)
        {
            findings.Add(new(KoreanEdition.Show(edition.Original(relative)), 1,
                "there is no link to the Korean notebook; 'electra notebooks sync' adds it"));
        }

        findings.AddRange(plan.Outdated.Select(id => new CheckFinding(path, stored.GetValueOrDefault(id),
            $"the English text of {id} changed after the Korean; translate it, then 'electra notebooks sync --translated {id}'")));
        findings.AddRange(plan.Untranslated.Except(plan.Added).Select(id => new CheckFinding(path, stored.GetValueOrDefault(id),
            $"{id} is in English still; translate it, then 'electra notebooks sync --translated {id}'")));
        return findings;

        IEnumerable<CheckFinding> Named(IEnumerable<string> ids, string what) => ids.Select(id =>
            new CheckFinding(path, stored.TryGetValue(id, out int number) ? number : null, $"the cell {id} {what}; {Remedy}"));
    }
}
