using static TorchSharp.torch;

namespace Electra;

/// <summary>
/// The heads of one kind by name. <see cref="Heads"/> and <see cref="TokenHeads"/> have the two of this project; a task of another kind has
/// its own.
/// </summary>
/// <typeparam name="THead">The kind: one answer a row, or one a token.</typeparam>
public sealed class HeadRegistry<THead> : HeadNames
    where THead : nn.Module<Tensor, Tensor, Tensor>
{
    private readonly Dictionary<string, (Func<ElectraConfig, int, HeadVariant, THead> Create, bool HasVariants)> _heads = [];

    /// <inheritdoc/>
    public override IReadOnlyCollection<string> Names => _heads.Keys;

    /// <summary>Adds a head, or replaces the one of that name, so that it can be trained, saved and compared by its name.</summary>
    /// <param name="name">Lower-case letters, digits and hyphens; it becomes part of file names.</param>
    /// <param name="create">Makes a fresh head from the encoder's sizes and the number of labels.</param>
    /// <exception cref="InputException">The name has other characters.</exception>
    public void Register(string name, Func<ElectraConfig, int, THead> create) =>
        Add(name, (config, labels, _) => create(config, labels), hasVariants: false);

    /// <summary>Adds a head that treats padding as its variant says.</summary>
    /// <param name="name">Lower-case letters, digits and hyphens; it becomes part of file names.</param>
    /// <param name="create">Makes a fresh head from the encoder's sizes, the number of labels and the variant.</param>
    /// <exception cref="InputException">The name has other characters.</exception>
    public void Register(string name, Func<ElectraConfig, int, HeadVariant, THead> create) => Add(name, create, hasVariants: true);

    /// <summary>Makes a fresh head.</summary>
    /// <exception cref="InputException">There is no head of that name, or no such number of labels.</exception>
    public THead Create(string name, ElectraConfig config, int labels, HeadVariant variant)
    {
        Check(name);
        return labels >= 1
            ? _heads[name].Create(config, labels, variant)
            : throw new InputException($"A head for {labels} labels cannot be made; give at least one label.");
    }

    /// <inheritdoc/>
    public override bool HasVariants(string name) => _heads.TryGetValue(name, out var head) && head.HasVariants;

    private void Add(string name, Func<ElectraConfig, int, HeadVariant, THead> create, bool hasVariants)
    {
        if (name.Length == 0 || !name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-'))
        {
            throw new InputException($"\"{name}\" cannot be the name of a head; use lower-case letters, digits and hyphens.");
        }

        _heads[name] = (create, hasVariants);
    }
}
