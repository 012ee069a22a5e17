namespace Electra;

/// <summary>
/// The token heads by name, for token classification and question answering: the three of this project, and those that a lesson or program
/// adds.
/// </summary>
public static class TokenHeads
{
    /// <summary>The heads.</summary>
    public static HeadRegistry<TokenHead> Registry { get; } = CreateRegistry();

    /// <inheritdoc cref="HeadNames.Names"/>
    public static IReadOnlyCollection<string> Names => Registry.Names;

    /// <inheritdoc cref="HeadRegistry{THead}.Register(string, Func{ElectraConfig, int, THead})"/>
    public static void Register(string name, Func<ElectraConfig, int, TokenHead> create) => Registry.Register(name, create);

    /// <inheritdoc cref="HeadRegistry{THead}.Register(string, Func{ElectraConfig, int, HeadVariant, THead})"/>
    public static void Register(string name, Func<ElectraConfig, int, HeadVariant, TokenHead> create) => Registry.Register(name, create);

    /// <inheritdoc cref="HeadRegistry{THead}.Create"/>
    public static TokenHead Create(string name, ElectraConfig config, int labels, HeadVariant variant) =>
        Registry.Create(name, config, labels, variant);

    private static HeadRegistry<TokenHead> CreateRegistry()
    {
        var registry = new HeadRegistry<TokenHead>();
        registry.Register("linear", (config, labels) => new LinearTokenHead(config, labels));
        registry.Register("cnn", (config, labels, variant) => new CnnTokenHead(config, labels, variant));
        registry.Register("bilstm", (config, labels, variant) => new BiLstmTokenHead(config, labels, variant));
        return registry;
    }
}
