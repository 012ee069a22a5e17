namespace Electra;

/// <summary>The classification heads by name: the three of this project, and those that a lesson or program adds.</summary>
public static class Heads
{
    /// <summary>The heads.</summary>
    internal static HeadRegistry<ClassificationHead> Registry { get; } = CreateRegistry();

    /// <summary>All names, the project's own first.</summary>
    public static IReadOnlyCollection<string> Names => Registry.Names;

    /// <summary>Adds a head, or replaces the one of that name, so that it can be trained, saved and compared by its name.</summary>
    /// <param name="name">Lower-case letters, digits and hyphens; it becomes part of file names.</param>
    /// <param name="create">Makes a fresh head from the encoder's sizes, the number of labels and the variant.</param>
    /// <exception cref="InputException">The name has other characters.</exception>
    public static void Register(string name, Func<ElectraConfig, int, HeadVariant, ClassificationHead> create) => Registry.Register(name, create);

    /// <summary>Makes a fresh head.</summary>
    /// <exception cref="InputException">There is no head of that name, or no such number of labels.</exception>
    public static ClassificationHead Create(string name, ElectraConfig config, int labels, HeadVariant variant) => Registry.Create(name, config, labels, variant);

    /// <summary>Whether the variants of a head are different heads; those of <see cref="FcHead"/> are one.</summary>
    public static bool HasVariants(string name) => name != "fc";

    /// <summary>Throws unless there is a head of that name.</summary>
    /// <exception cref="InputException">Lists the names that there are.</exception>
    public static void Check(string name) => Registry.Check(name);

    /// <summary>The name of a variant in options, files and tables: <c>published</c> or <c>mask-aware</c>.</summary>
    public static string NameOf(HeadVariant variant) => variant == HeadVariant.Published ? "published" : "mask-aware";

    /// <summary>The variant of a name.</summary>
    /// <exception cref="InputException">There is no such variant.</exception>
    public static HeadVariant VariantOf(string name) => Enum.GetValues<HeadVariant>().Where(variant => NameOf(variant) == name).ToArray() is [var found]
        ? found
        : throw new InputException($"There is no variant \"{name}\"; choose from published, mask-aware.");

    private static HeadRegistry<ClassificationHead> CreateRegistry()
    {
        var registry = new HeadRegistry<ClassificationHead>();
        registry.Register("fc", (config, labels, _) => new FcHead(config, labels));
        registry.Register("cnn", (config, labels, variant) => new CnnHead(config, labels, variant));
        registry.Register("bilstm", (config, labels, variant) => new BiLstmHead(config, labels, variant));
        return registry;
    }
}
