namespace Electra.Tests;

/// <summary>The encoders of the repository: small, and what their cards say.</summary>
public class ShippedEncoderTests
{
    public static TheoryData<string> Folders =>
        [.. Directory.GetDirectories(Path.Combine(Reference.Root, "data", "encoders")).Select(folder => Path.GetFileName(folder)!)];

    [Theory]
    [MemberData(nameof(Folders))]
    public void It_is_small_and_says_so_on_its_card(string name)
    {
        string folder = Path.Combine(Reference.Root, "data", "encoders", name);
        var file = new FileInfo(Path.Combine(folder, "model.safetensors"));
        long numbers = SafetensorsFile.ReadHeader(file.FullName).Entries
            .Sum(tensor => tensor.Shape.Aggregate(1L, (product, size) => product * size));
        Assert.InRange(numbers, 1, 5_200_000);
        Assert.InRange(file.Length, 1, 12_000_000);
        string card = File.ReadAllText(Path.Combine(folder, "README.md"));
        string sizes = FormattableString.Invariant($"{numbers / 1e6:0.0} million parameters, {file.Length / 1e6:0} MB");
        Assert.Contains(sizes, card, StringComparison.Ordinal);
    }
}
