namespace Electra;

/// <summary>The classification heads by name: the three of this project, and those that a lesson or program adds.</summary>
public static class Heads
{
    /// <summary>The heads.</summary>
    public static HeadRegistry<ClassificationHead> Registry { get; } = CreateRegistry();

    /// <inheritdoc cref="HeadNames.Names"/>
    public static IReadOnlyCollection<string> Names => Registry.Names;

    /// <inheritdoc cref="HeadRegistry{THead}.Register(string, Func{ElectraConfig, int, THead})"/>
    public static void Register(string name, Func<ElectraConfig, int, ClassificationHead> create) => Registry.Register(name, create);

    /// <inheritdoc cref="HeadRegistry{THead}.Register(string, Func{ElectraConfig, int, HeadVariant, THead})"/>
    public static void Register(string name, Func<ElectraConfig, int, HeadVariant, ClassificationHead> create) =>
        Registry.Register(name, create);

    /// <inheritdoc cref="HeadRegistry{THead}.Create"/>
    public static ClassificationHead Create(string name, ElectraConfig config, int labels, HeadVariant variant) =>
        Registry.Create(name, config, labels, variant);

    /// <summary>The name of a variant in options, files and tables: <c>published</c> or <c>mask-aware</c>.</summary>
    public static string NameOf(HeadVariant variant) => variant == HeadVariant.Published ? "published" : "mask-aware";

    /// <summary>The variant of a name.</summary>
    /// <exception cref="InputException">There is no such variant.</exception>
    public static HeadVariant VariantOf(string name) =>
        Enum.GetValues<HeadVariant>().Where(variant => NameOf(variant) == name).ToArray() is [var found]
        ? found
        : throw new InputException($"There is no variant \"{name}\"; choose from published, mask-aware.");

    private static HeadRegistry<ClassificationHead> CreateRegistry()
    {
        var registry = new HeadRegistry<ClassificationHead>();
        registry.Register("fc", (config, labels) => new FcHead(config, labels));
        registry.Register("cnn", (config, labels, variant) => new CnnHead(config, labels, variant));
        registry.Register("bilstm", (config, labels, variant) => new BiLstmHead(config, labels, variant));
        return registry;
    }
}
