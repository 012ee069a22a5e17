namespace Electra.Tests;

public class EntityDataTests
{
    [Fact]
    public void The_projects_own_entities_open_by_name_from_anywhere_in_the_clone()
    {
        var data = EntityData.Open("entities");
        Assert.Equal(("entities", 346, 134), (data.Name, data.Train.Count, data.Test.Count));
        Assert.Equal(["DT", "LC", "OG", "PS", "QT", "TI"], data.Types);
        Assert.Matches("^[0-9a-f]{64}$", data.Hash);
        var limited = EntityData.Open("entities", limit: 50);
        Assert.Equal((50, 134), (limited.Train.Count, limited.Test.Count));
        Assert.Equal(data.Types, EntityData.Open("entities", limit: 1).Types);
        Assert.Equal(data.Hash, EntityData.Open(Path.Combine(Reference.Root, "data", "entities")).Hash);
        Assert.Equal(data.Hash, EntityData.Open("entities", data.Train.Count).Hash); // leaves none out
        Assert.Equal(3, new[] { data.Hash, EntityData.Open("entities", 25).Hash, EntityData.Open("entities", 26).Hash }.Distinct().Count());
    }

    [Fact]
    public void KLUE_is_cut_as_its_rule_says()
    {
        using var variables = new Variables { ["ELECTRA_DATA"] = Path.GetDirectoryName(Reference.Data("ner")) };
        var data = EntityData.Open("klue");
        Assert.Equal(("klue", 3957, 1043), (data.Name, data.Train.Count, data.Test.Count));
        Assert.Equal("0f4d5e818f7b82d299c3a87856fc40a706f5943207580ddb252397e387050a54", data.Hash);
        Assert.Equal(
            [("DT", 1797, 515), ("LC", 1315, 334), ("OG", 1686, 496), ("PS", 3476, 942), ("QT", 2472, 679), ("TI", 431, 114)],
            data.Types.Select(type => (type, Count(data.Train, type), Count(data.Test, type))));
        Assert.Empty(data.Train.Select(sentence => sentence.Text).Intersect(data.Test.Select(sentence => sentence.Text)));

        static int Count(IEnumerable<EntitySentence> sentences, string type) =>
            sentences.Sum(sentence => sentence.Entities.Count(entity => entity.Type == type));
    }

    [Fact]
    public void The_dev_split_is_a_tenth_the_same_for_the_same_seed_and_nobodys_twice()
    {
        var data = EntityData.Open("entities");
        var (train, dev) = data.Split(1);
        Assert.Equal(35, dev.Count);
        Assert.Equal(data.Train.Select(sentence => sentence.Id),
            train.Concat(dev).Select(sentence => sentence.Id).Order(StringComparer.Ordinal));
        Assert.Equal(dev, data.Split(1).Dev);
        Assert.NotEqual(dev, data.Split(2).Dev);
        Assert.Contains("at least two", Assert.Throws<InputException>(() => EntityData.Open("entities", limit: 1).Split(1)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_type_that_no_training_sentence_has_is_an_error_with_its_place()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("train.tsv"), "가\tB-PS\n\n");
        File.WriteAllText(folder.File("test.tsv"), "가\tB-PS\n나\tO\n\n## t-2\n다\tO\n라\tB-LC\n");
        string message = Assert.Throws<InputException>(() => EntityData.Open(folder.Path)).Message;
        Assert.StartsWith($"{folder.File("test.tsv")}:6 has the tag B-LC", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_data_set_that_is_not_there_is_an_error_with_the_remedy()
    {
        using var folder = new TemporaryFolder();
        using var variables = new Variables { ["ELECTRA_DATA"] = folder.Path };
        Assert.Contains("neither entities nor klue nor a folder", Assert.Throws<InputException>(() => EntityData.Open(folder.Path)).Message,
            StringComparison.Ordinal);
        Assert.Contains("ELECTRA_DATA", Assert.Throws<InputException>(() => EntityData.Open("klue")).Message, StringComparison.Ordinal);
        Assert.Contains("at least 1", Assert.Throws<InputException>(() => EntityData.Open("entities", limit: 0)).Message,
            StringComparison.Ordinal);
    }
}
