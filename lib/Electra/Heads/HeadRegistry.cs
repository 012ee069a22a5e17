using static TorchSharp.torch;

namespace Electra;

/// <summary>The heads of one kind by name. <see cref="Heads"/> and <see cref="TokenHeads"/> are what programs use.</summary>
/// <typeparam name="THead">The kind: one answer a row, or one a token.</typeparam>
internal sealed class HeadRegistry<THead>
    where THead : nn.Module<Tensor, Tensor, Tensor>
{
    private readonly Dictionary<string, Func<ElectraConfig, int, HeadVariant, THead>> _factories = [];

    public IReadOnlyCollection<string> Names => _factories.Keys;

    public void Register(string name, Func<ElectraConfig, int, HeadVariant, THead> create)
    {
        if (name.Length == 0 || !name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-'))
        {
            throw new InputException($"\"{name}\" cannot be the name of a head; use lower-case letters, digits and hyphens.");
        }

        _factories[name] = create;
    }

    public THead Create(string name, ElectraConfig config, int labels, HeadVariant variant)
    {
        Check(name);
        return labels >= 1
            ? _factories[name](config, labels, variant)
            : throw new InputException($"A head for {labels} labels cannot be made; give at least one label.");
    }

    public void Check(string name)
    {
        if (!_factories.ContainsKey(name))
        {
            throw new InputException($"There is no head \"{name}\"; choose from {string.Join(", ", Names)}.");
        }
    }
}
