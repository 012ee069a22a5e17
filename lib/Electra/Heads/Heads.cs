namespace Electra;

/// <summary>The classification heads by name: the three of this project, and those that a lesson or program adds.</summary>
public static class Heads
{
    private static readonly Dictionary<string, Func<ElectraConfig, int, HeadVariant, ClassificationHead>> Factories = new()
    {
        ["fc"] = (config, labels, _) => new FcHead(config, labels),
        ["cnn"] = (config, labels, variant) => new CnnHead(config, labels, variant),
        ["bilstm"] = (config, labels, variant) => new BiLstmHead(config, labels, variant),
    };

    /// <summary>All names, the project's own first.</summary>
    public static IReadOnlyCollection<string> Names => Factories.Keys;

    /// <summary>Adds a head, or replaces the one of that name, so that it can be trained, saved and compared by its name.</summary>
    /// <param name="name">Lower-case letters, digits and hyphens; it becomes part of file names.</param>
    /// <param name="create">Makes a fresh head from the encoder's sizes, the number of labels and the variant.</param>
    /// <exception cref="InputException">The name has other characters.</exception>
    public static void Register(string name, Func<ElectraConfig, int, HeadVariant, ClassificationHead> create)
    {
        if (name.Length == 0 || !name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-'))
        {
            throw new InputException($"\"{name}\" cannot be the name of a head; use lower-case letters, digits and hyphens.");
        }

        Factories[name] = create;
    }

    /// <summary>Makes a fresh head.</summary>
    /// <exception cref="InputException">There is no head of that name, or no such number of labels.</exception>
    public static ClassificationHead Create(string name, ElectraConfig config, int labels, HeadVariant variant)
    {
        Check(name);
        return labels >= 1
            ? Factories[name](config, labels, variant)
            : throw new InputException($"A head for {labels} labels cannot be made; give at least one label.");
    }

    /// <summary>Whether the variants of a head are different heads; those of <see cref="FcHead"/> are one.</summary>
    public static bool HasVariants(string name) => name != "fc";

    /// <summary>Throws unless there is a head of that name.</summary>
    /// <exception cref="InputException">Lists the names that there are.</exception>
    public static void Check(string name)
    {
        if (!Factories.ContainsKey(name))
        {
            throw new InputException($"There is no head \"{name}\"; choose from {string.Join(", ", Names)}.");
        }
    }

    /// <summary>The name of a variant in options, files and tables: <c>published</c> or <c>mask-aware</c>.</summary>
    public static string NameOf(HeadVariant variant) => variant == HeadVariant.Published ? "published" : "mask-aware";

    /// <summary>The variant of a name.</summary>
    /// <exception cref="InputException">There is no such variant.</exception>
    public static HeadVariant VariantOf(string name) => Enum.GetValues<HeadVariant>().Where(variant => NameOf(variant) == name).ToArray() is [var found]
        ? found
        : throw new InputException($"There is no variant \"{name}\"; choose from published, mask-aware.");
}
