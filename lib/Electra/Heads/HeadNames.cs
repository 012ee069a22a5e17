namespace Electra;

/// <summary>What can be asked of a <see cref="HeadRegistry{THead}"/> without making a head.</summary>
public abstract class HeadNames
{
    private protected HeadNames()
    {
    }

    /// <summary>All names, the project's own first.</summary>
    public abstract IReadOnlyCollection<string> Names { get; }

    /// <summary>Whether the variants of a head are different heads: whether it was registered with a factory that is told which.</summary>
    /// <returns>False also where there is no such head.</returns>
    public abstract bool HasVariants(string name);

    /// <summary>Throws unless there is a head of that name.</summary>
    /// <exception cref="InputException">Lists the names that there are.</exception>
    public void Check(string name)
    {
        if (!Names.Contains(name))
        {
            throw new InputException($"There is no head \"{name}\"; choose from {string.Join(", ", Names)}.");
        }
    }
}
