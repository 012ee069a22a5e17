using System.Security.Cryptography;
using System.Text;

namespace Electra;

/// <summary>A data set for question answering, in two parts that share no article.</summary>
/// <param name="Name">What results call it.</param>
/// <param name="Train">Questions to train on and to cut a dev split from.</param>
/// <param name="Test">Questions for the final measurement, and for nothing else.</param>
/// <param name="Hash">
/// SHA-256 in lower-case hexadecimal of the bytes of the train file, then of the test file, both uncompressed (for <c>korquad</c>, of its
/// one file); with a limit that leaves questions out, of the words <c>limit N</c> after them.
/// </param>
public sealed record QuestionData(string Name, IReadOnlyList<Question> Train, IReadOnlyList<Question> Test, string Hash)
{
    private const double DevShare = 0.1;

    private static readonly string[] TrainNames = ["train.json", "train.json.gz", "KorQuAD_v1.0_train.json"];
    private static readonly string[] TestNames = ["test.json", "test.json.gz", "KorQuAD_v1.0_dev.json"];

    /// <summary>
    /// Opens a data set: <c>questions</c>, the project's own in data/questions; <c>korquad</c>, from the file korquad/KorQuAD_v1.0_dev.json
    /// in ELECTRA_DATA, split by article in memory; or a folder with train.json and test.json (also .json.gz, or KorQuAD's own names).
    /// </summary>
    /// <param name="nameOrFolder">A name or a folder. A folder that is called like a data set is written with a slash
    /// (<c>./korquad</c>).</param>
    /// <param name="limit">Train on the first questions only, at most so many; the test questions stay the same.</param>
    /// <exception cref="InputException">The data set is not there, or a file is malformed.</exception>
    public static QuestionData Open(string nameOrFolder, int? limit = null)
    {
        if (limit <= 0)
        {
            throw new InputException($"A limit of {limit} questions leaves nothing of {nameOrFolder}; give a limit of at least 1.");
        }

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var (train, test) = nameOrFolder switch
        {
            "questions" => ReadPair(Own(), hash),
            "korquad" => SplitByTitle([.. QuestionFile.Rows(Korquad(), answered: true, hash)]),
            _ => ReadPair(
                FindPair(nameOrFolder) ?? throw new InputException(
                    $"\"{nameOrFolder}\" is neither questions nor korquad nor a folder with train.json and " +
                    "test.json; choose one of these."),
                hash),
        };
        if (train.Select(question => question.Title).Intersect(test.Select(question => question.Title)).FirstOrDefault() is { } shared)
        {
            throw new InputException($"{nameOrFolder} has the article \"{shared}\" in its train and its test part; a test on known " +
                "texts measures nothing: move it to one of them.");
        }

        if (limit < train.Count)
        {
            hash.AppendData(Encoding.ASCII.GetBytes($"limit {limit}"));
            train = [.. train.Take(limit.Value)];
        }

        string name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(nameOrFolder)));
        return new QuestionData(name, train, test, Convert.ToHexStringLower(hash.GetCurrentHash()));
    }

    /// <summary>
    /// Cuts a dev split from the training questions, on which checkpoints and options are chosen: whole articles, until they have a tenth
    /// of the questions. Both parts keep the order of the file.
    /// </summary>
    /// <param name="seed">Which articles; the same seed gives the same ones.</param>
    /// <exception cref="InputException">There is only one article.</exception>
    public (IReadOnlyList<Question> Train, IReadOnlyList<Question> Dev) Split(int seed)
    {
        string[] titles = [.. Train.Select(question => question.Title).Distinct()];
        if (titles.Length < 2)
        {
            throw new InputException($"The {Train.Count} training questions of {Name} are about one article, so that no other is left " +
                "to choose the best epoch on; use more of them.");
        }

        var sizes = Train.CountBy(question => question.Title).ToDictionary();
        new Random(seed).Shuffle(titles);
        var dev = new HashSet<string>();
        for (int i = 0, questions = 0; i < titles.Length - 1 && questions < Train.Count * DevShare; i++)
        {
            dev.Add(titles[i]);
            questions += sizes[titles[i]];
        }

        return ([.. Train.Where(question => !dev.Contains(question.Title))], [.. Train.Where(question => dev.Contains(question.Title))]);
    }

    // KorQuAD's official training file is not at hand everywhere, so its development set is split: the articles in the order of the SHA-256
    // of their titles, the first 70 % to train on. The licence (CC BY-ND) forbids to pass such a split on, so it is never written.
    private static (IReadOnlyList<Question>, IReadOnlyList<Question>) SplitByTitle(IReadOnlyList<Question> questions)
    {
        string[] titles =
        [
            .. questions.Select(question => question.Title).Distinct()
                .OrderBy(title => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(title))), StringComparer.Ordinal),
        ];
        var train = titles.Take(titles.Length * 7 / 10).ToHashSet();
        return ([.. questions.Where(question => train.Contains(question.Title))],
            [.. questions.Where(question => !train.Contains(question.Title))]);
    }

    private static (IReadOnlyList<Question>, IReadOnlyList<Question>) ReadPair((string Train, string Test) files, IncrementalHash hash) =>
        ([.. QuestionFile.Rows(files.Train, answered: true, hash)], [.. QuestionFile.Rows(files.Test, answered: true, hash)]);

    private static (string, string) Own() => (ProjectFolder.Find() is { } root ? FindPair(Path.Combine(root, "data", "questions")) : null)
        ?? throw new InputException(
            "The project's own questions are not there: run from inside a clone of the project, with its data/questions.");

    private static string Korquad()
    {
        string? folder = Environment.GetEnvironmentVariable("ELECTRA_DATA");
        string? file = folder is { Length: > 0 } ? Path.Combine(folder, "korquad", "KorQuAD_v1.0_dev.json") : null;
        return File.Exists(file) ? file : throw new InputException(
            "KorQuAD is not there; let ELECTRA_DATA name a folder with korquad/KorQuAD_v1.0_dev.json, which korquad.github.io offers.");
    }

    private static (string, string)? FindPair(string folder)
    {
        string? train = TrainNames.Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
        string? test = TestNames.Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
        return train is not null && test is not null ? (train, test) : null;
    }
}
