using System.Security.Cryptography;

namespace Electra;

/// <summary>A data set for sentence classification, in two parts.</summary>
/// <param name="Name">What results call it.</param>
/// <param name="Train">Rows to train on and to cut a dev split from.</param>
/// <param name="Test">Rows for the final measurement, and for nothing else.</param>
/// <param name="Hash">
/// SHA-256 in lower-case hexadecimal of the bytes of the train file, then of the test file, both uncompressed: what
/// <c>cat train.tsv test.tsv | sha256sum</c> prints. With a limit, of those lines of the train file that were used.
/// </param>
public sealed record ReviewData(string Name, IReadOnlyList<Review> Train, IReadOnlyList<Review> Test, string Hash)
{
    private const double DevShare = 0.1;
    private const int MostDev = 10_000; // an accuracy of 0.9 then has a standard error of 0.003, and an evaluation still takes seconds

    private static readonly string[] TrainNames = ["train.tsv", "train.tsv.gz", "ratings_train.txt"];
    private static readonly string[] TestNames = ["test.tsv", "test.tsv.gz", "ratings_test.txt"];
    private const string NamesFile = "labels.txt"; // beside the training rows

    /// <summary>How many classes the training rows have: labels are 0 to Classes - 1.</summary>
    public int Classes { get; } = Train.Select(review => review.Label).DefaultIfEmpty(-1).Max() + 1;

    /// <summary>
    /// Names of the labels, label 0 first: those in labels.txt beside the training rows, one a line, or else <c>negative</c> and
    /// <c>positive</c> of two classes, and <c>LABEL_0</c>, <c>LABEL_1</c>, ... of more.
    /// </summary>
    public IReadOnlyList<string> Labels { get => field ?? LabelsOf(Classes); private init; }

    /// <summary>
    /// Opens a data set: <c>reviews</c> or <c>hard-reviews</c>, the project's own in data; <c>confirm</c>, the training rows of
    /// <c>reviews</c> with the confirmation set as test rows; <c>template</c>, the project's pattern for a data set of one's own;
    /// <c>nsmc</c>, from the folder nsmc in ELECTRA_DATA or where <c>electra data get nsmc</c> has put it; or a folder with train.tsv
    /// and test.tsv (also .tsv.gz, or NSMC's own names).
    /// </summary>
    /// <param name="nameOrFolder">A name or a folder. A folder that is called like a data set is written with a slash
    /// (<c>./nsmc</c>).</param>
    /// <param name="limit">Train on the first rows of the file only, at most so many; the test rows stay the same.</param>
    /// <exception cref="InputException">The data set is not there, a file is malformed, the labels are not 0, 1, ..., C - 1, or
    /// labels.txt has not one name for each.</exception>
    public static ReviewData Open(string nameOrFolder, int? limit = null)
    {
        (string train, string test) = Find(nameOrFolder);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var data = new ReviewData(
            Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(nameOrFolder))),
            ReviewFile.Read(train, limit, hash),
            ReviewFile.Read(test, limit: null, hash),
            Convert.ToHexStringLower(hash.GetCurrentHash()));
        CheckLabels(data, train, test);
        string names = Path.Combine(Path.GetDirectoryName(train)!, NamesFile);
        return File.Exists(names) ? data with { Labels = Names(names, data.Classes, limit is not null) } : data;
    }

    /// <summary>The file with a data set's test rows, for who measures on them and needs no others.</summary>
    /// <param name="nameOrFolder">As for <see cref="Open"/>.</param>
    /// <exception cref="InputException">The data set is not there.</exception>
    public static string TestFile(string nameOrFolder) => Find(nameOrFolder).Test;

    /// <summary>
    /// Cuts a dev split from the training rows, on which checkpoints and options are chosen: a tenth of every class, but about 10,000 rows
    /// at most. Both parts keep the order of the file. A text that occurs twice may be on both sides, as in NSMC's own split.
    /// </summary>
    /// <param name="seed">Which rows; the same seed gives the same ones.</param>
    /// <exception cref="InputException">No class has a second row.</exception>
    public (IReadOnlyList<Review> Train, IReadOnlyList<Review> Dev) Split(int seed)
    {
        double share = Math.Min(DevShare, (double)MostDev / Train.Count);
        var random = new Random(seed);
        var dev = new HashSet<int>();
        foreach (IGrouping<int, int> rows in Enumerable.Range(0, Train.Count).GroupBy(i => Train[i].Label).OrderBy(rows => rows.Key))
        {
            int[] shuffled = [.. rows];
            random.Shuffle(shuffled);
            int quota = Math.Max(1, (int)Math.Round(shuffled.Length * share));
            dev.UnionWith(shuffled.Take(Math.Min(quota, shuffled.Length - 1)));
        }

        return dev.Count > 0
            ? ([.. Train.Where((_, i) => !dev.Contains(i))], [.. Train.Where((_, i) => dev.Contains(i))])
            : throw new InputException($"{Name} has too few training rows to cut a dev split from; give it at least two of each class.");
    }

    /// <summary>What labels are called where nobody names them.</summary>
    /// <param name="classes">How many there are.</param>
    public static IReadOnlyList<string> LabelsOf(int classes) =>
        classes == 2 ? ["negative", "positive"] : [.. Enumerable.Range(0, classes).Select(i => $"LABEL_{i}")];

    // With a limit the first rows may lack the last classes.
    private static string[] Names(string file, int classes, bool isLimited)
    {
        string[] names = [.. TextFile.Read(file).Select(name => name.Trim())];
        return names.Length != names.Distinct().Count()
            ? throw new InputException($"{file} has the same name twice; give each label its own.")
            : names.Length == classes || (isLimited && names.Length > classes) ? names[..classes]
            : throw new InputException(
                $"{file} has {names.Length} names for {classes} labels; write one name a line, that of label 0 first.");
    }

    private static (string Train, string Test) Find(string nameOrFolder) => nameOrFolder switch
    {
        "reviews" or "hard-reviews" or "template" => Own(nameOrFolder, TestNames),
        "confirm" => Own("reviews", ["confirm.tsv"]),
        "nsmc" => Nsmc(),
        _ => FindPair(nameOrFolder, TestNames) ?? throw new InputException(
            $"\"{nameOrFolder}\" is neither reviews nor hard-reviews nor confirm nor template nor nsmc nor a folder with " +
            "train.tsv and test.tsv; choose one of these."),
    };

    private static (string, string) Own(string name, string[] testNames) =>
        (ProjectFolder.Find() is { } root ? FindPair(Path.Combine(root, "data", name), testNames) : null)
        ?? throw new InputException(
            $"The project's own reviews are not there: run from inside a clone of the project, with its data/{name}.");

    private static (string, string) Nsmc() =>
        (Environment.GetEnvironmentVariable("ELECTRA_DATA") is { Length: > 0 } own ? FindPair(Path.Combine(own, "nsmc"), TestNames) : null)
        ?? FindPair(DataDownload.Folder("nsmc"), TestNames)
        ?? throw new InputException(
            $"NSMC is neither in ELECTRA_DATA nor in {DataDownload.Folder("nsmc")}; run electra data get nsmc, or let " +
            "ELECTRA_DATA name a folder "
            + "with nsmc/train.tsv.gz and nsmc/test.tsv.gz.");

    private static (string, string)? FindPair(string folder, string[] testNames)
    {
        string? train = TrainNames.Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
        string? test = testNames.Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
        return Directory.Exists(folder) && train is not null && test is not null ? (train, test) : null;
    }

    private static void CheckLabels(ReviewData data, string train, string test)
    {
        int[] seen = [.. data.Train.Select(review => review.Label).Distinct().Order()];
        if (data.Test.Count == 0)
        {
            throw new InputException($"{test} has no rows below its header; add some.");
        }

        if (seen.Length < 2)
        {
            throw new InputException(
                $"{train} has {seen.Length} different labels in its first {data.Train.Count} rows; "
                + "classifying takes at least two: add rows or raise the limit.");
        }

        // Rows and lines correspond: the header is line 1.
        if (seen.Index().FirstOrDefault(label => label.Index != label.Item) is (int missing, > 0 and int found))
        {
            int line = data.Train.Index().First(row => row.Item.Label == found).Index + 2;
            throw new InputException(
                $"{train}:{line} has label {found} but no row has {missing}; count classes from 0 without gaps, or raise the limit.");
        }

        for (int i = 0; i < data.Test.Count; i++)
        {
            if (data.Test[i].Label >= seen.Length)
            {
                throw new InputException(
                    $"{test}:{i + 2} has label {data.Test[i].Label}, which no training row has; "
                    + $"correct it, add such rows to {train}, or raise the limit.");
            }
        }
    }
}
