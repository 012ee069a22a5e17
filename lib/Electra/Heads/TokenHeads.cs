namespace Electra;

/// <summary>The token heads by name, for token classification and question answering: the three of this project, and those that a lesson or program adds.</summary>
public static class TokenHeads
{
    /// <summary>The heads.</summary>
    internal static HeadRegistry<TokenHead> Registry { get; } = CreateRegistry();

    /// <inheritdoc cref="Heads.Names"/>
    public static IReadOnlyCollection<string> Names => Registry.Names;

    /// <inheritdoc cref="Heads.Register"/>
    public static void Register(string name, Func<ElectraConfig, int, HeadVariant, TokenHead> create) => Registry.Register(name, create);

    /// <inheritdoc cref="Heads.Create"/>
    public static TokenHead Create(string name, ElectraConfig config, int labels, HeadVariant variant) => Registry.Create(name, config, labels, variant);

    /// <summary>Whether the variants of a head are different heads; those of <see cref="LinearTokenHead"/> are one.</summary>
    public static bool HasVariants(string name) => name != "linear";

    /// <inheritdoc cref="Heads.Check"/>
    public static void Check(string name) => Registry.Check(name);

    private static HeadRegistry<TokenHead> CreateRegistry()
    {
        var registry = new HeadRegistry<TokenHead>();
        registry.Register("linear", (config, labels, _) => new LinearTokenHead(config, labels));
        registry.Register("cnn", (config, labels, variant) => new CnnTokenHead(config, labels, variant));
        registry.Register("bilstm", (config, labels, variant) => new BiLstmTokenHead(config, labels, variant));
        return registry;
    }
}
