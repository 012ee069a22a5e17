namespace Electra.Tests;

public class TokenizerTests
{
    private static readonly ElectraTokenizer Tokenizer = SmallTokenizer.Cased;

    [Fact]
    public void Special_tokens_and_every_other_one_can_be_looked_up()
    {
        Assert.Equal((0, 1, 2, 3, 4), (Tokenizer.PadId, Tokenizer.UnknownId, Tokenizer.ClsId, Tokenizer.SepId, Tokenizer.MaskId));
        Assert.Equal(SmallTokenizer.Vocabulary.Length, Tokenizer.VocabularySize);
        Assert.Equal(SmallTokenizer.Vocabulary, Enumerable.Range(0, Tokenizer.VocabularySize).Select(Tokenizer.TokenOf));
        Assert.Equal(Enumerable.Range(0, Tokenizer.VocabularySize),
            SmallTokenizer.Vocabulary.Select(token => Tokenizer.IdOf(token)!.Value));
        Assert.Null(Tokenizer.IdOf("없음"));
        Assert.All([-1, Tokenizer.VocabularySize], id => Assert.Throws<InputException>(() => Tokenizer.TokenOf(id)));
    }

    [Theory]
    [InlineData("[MASK]", 0, 6)]
    [InlineData("\u200B [MA\u00ADSK]\u200B", 2, 9)] // Python finds this one because it stands between blanks
    [InlineData("中[MASK]", 1, 7)]
    public void A_special_token_has_its_own_range(string text, int start, int end) =>
        Assert.Equal(new Token("[MASK]", 4, start, end), Tokenizer.Tokenize(text)[^1]);

    [Fact]
    public void A_special_token_broken_by_an_invisible_character_inside_a_word_is_not_special() =>
        Assert.DoesNotContain(Tokenizer.Tokenize("a[MA\u00ADSK]"), token => token.Text == "[MASK]");

    [Fact]
    public void The_range_of_a_piece_spans_what_vanished_inside_it_and_nothing_beside_it()
    {
        Token[] tokens = [.. Tokenizer.Tokenize("\u00AD영\u200D화\u00AD가\uFEFF")];
        Assert.Equal([new Token("영화", 9, 1, 4), new Token("##가", 6, 5, 6)], tokens);
    }

    [Fact]
    public void Decomposed_Hangul_stays_decomposed() =>
        Assert.Equal(["\u1112", "##\u1161", "##\u11AB"], Tokenizer.Tokenize("\u1112\u1161\u11AB").Select(token => token.Text));

    [Fact]
    public void Lower_casing_keeps_the_ranges_of_the_original_text()
    {
        var tokenizer = SmallTokenizer.Create("""{"do_lower_case": true, "strip_accents": false}""");
        Token[] tokens = [.. tokenizer.Tokenize("ABA É İ[MASK]")];
        Assert.Equal(["a", "##b", "##a", "é", "i\u0307", "[MASK]"], tokens.Select(token => token.Text));
        Assert.Equal([(0, 1), (1, 2), (2, 3), (4, 5), (6, 7), (7, 13)], tokens.Select(token => (token.Start, token.End)));
        Assert.Equal(["[UNK]"], Tokenizer.Tokenize("ABA").Select(token => token.Text));
    }

    [Fact]
    public void Chinese_characters_stay_in_their_word_when_the_folder_says_so()
    {
        Assert.Equal(["中", "가"], Tokenizer.Tokenize("中가").Select(token => token.Text));
        var together = SmallTokenizer.Create("""{"do_lower_case": false, "tokenize_chinese_chars": false}""");
        Assert.Equal(["中", "##가"], together.Tokenize("中가").Select(token => token.Text));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("{}")]
    [InlineData("""{"do_lower_case": true}""")]
    [InlineData("""{"do_lower_case": false, "strip_accents": true}""")]
    public void Stripping_accents_is_refused_with_the_remedy(string? settings)
    {
        var error = Assert.Throws<InputException>(() => SmallTokenizer.Create(settings));
        Assert.Contains("\"do_lower_case\": false", error.Message);
        Assert.Contains("tokenizer_config.json", error.Message);
    }

    [Theory]
    [InlineData("{\n\"do_lower_case\": 1}", "line 2")]
    [InlineData("{\"do_lower_case\": false,\n\n", "line 3")]
    [InlineData("[]", "line 1")]
    [InlineData("null", "line 1")]
    [InlineData("", "is empty")]
    [InlineData("{\"\\ud800\": 1}", "line 1")]
    [InlineData("{\"do_lower_case\": false, \"model_max_length\": 0}", "model_max_length of 0")]
    [InlineData("{\"do_lower_case\": false, \"model_max_length\": 1.5}", "model_max_length of 1.5")]
    [InlineData("{\"do_lower_case\": false, \"model_max_length\": \"512\"}", "model_max_length")]
    public void A_damaged_configuration_is_refused_with_its_place(string settings, string place)
    {
        var error = Assert.Throws<InputException>(() => SmallTokenizer.Create(settings));
        Assert.Contains(place, error.Message);
        Assert.Contains("tokenizer_config.json", error.Message);
    }

    [Theory]
    [InlineData("512", 512)]
    [InlineData("1000000000000000019884624838656", null)] // what Python writes for no limit
    [InlineData("null", null)]
    public void The_model_s_length_is_read_and_cuts_nothing_by_itself(string length, int? expected)
    {
        var tokenizer = SmallTokenizer.Create($$"""{"do_lower_case": false, "model_max_length": {{length}}}""");
        Assert.Equal(expected, tokenizer.ModelMaxLength);
        Assert.Equal(602, tokenizer.Encode(new string('!', 600)).Length);
    }

    [Theory]
    [InlineData("""{"do_lower_case": false, "model_max_length": 128}""")]
    [InlineData("""{"do_lower_case": true, "strip_accents": false, "tokenize_chinese_chars": false}""")]
    public void What_is_saved_reads_back_and_saves_to_the_same_bytes(string settings)
    {
        using var first = new TemporaryFolder();
        using var second = new TemporaryFolder();
        ElectraTokenizer original = SmallTokenizer.Create(settings);
        original.Save(first.Path);
        ElectraTokenizer again = ElectraTokenizer.FromFolder(first.Path);
        again.Save(second.Path);
        foreach (string name in (string[])["vocab.txt", "tokenizer_config.json"])
        {
            Assert.Equal(File.ReadAllBytes(first.File(name)), File.ReadAllBytes(second.File(name)));
        }

        Assert.Equal(string.Concat(SmallTokenizer.Vocabulary.Select(token => token + "\n")), File.ReadAllText(first.File("vocab.txt")));
        Assert.Equal(original.ModelMaxLength, again.ModelMaxLength);
        Assert.Equal(original.Tokenize("영화 A中가[MASK]"), again.Tokenize("영화 A中가[MASK]"));
    }

    [Fact]
    public void The_saved_configuration_is_what_Python_reads()
    {
        using var folder = new TemporaryFolder();
        SmallTokenizer.Create("""{"do_lower_case": false, "model_max_length": 128}""").Save(folder.Path);
        const string Expected = """
            {
              "do_lower_case": false,
              "tokenize_chinese_chars": true,
              "strip_accents": false,
              "model_max_length": 128,
              "tokenizer_class": "ElectraTokenizer"
            }

            """;
        Assert.Equal(Expected, File.ReadAllText(folder.File("tokenizer_config.json")));
    }

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("[UNK]\n[CLS]\n[SEP]\n가\n", "[PAD]")]
    [InlineData("[PAD]\n[CLS]\n[SEP]\n가\n", "[UNK]")]
    [InlineData("[PAD]\n[UNK]\n[SEP]\n가\n", "[CLS]")]
    [InlineData("[PAD]\n[UNK]\n[CLS]\n가\n", "[SEP]")]
    [InlineData("[PAD]\n[UNK]\n[CLS]\n[SEP]\n\n가\n", "line 5 is blank")]
    [InlineData("[PAD]\n[UNK]\n[CLS]\n[SEP]\n \n가\n", "line 5 is blank")]
    [InlineData("[PAD]\n[UNK]\n[CLS]\n[SEP]\n가\n\n", "line 6 is blank")]
    [InlineData("[PAD]\n[UNK]\n[CLS]\n[SEP]\n가\n[UNK]\n", "line 6 repeats '[UNK]' of line 2")]
    [InlineData("\uFEFF[PAD]\n[UNK]\n[CLS]\n[SEP]\n", "byte order mark")]
    public void A_damaged_vocabulary_is_refused_with_its_place(string content, string place)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("vocab.txt"), content);
        var error = Assert.Throws<InputException>(() => ElectraTokenizer.FromVocabulary(folder.File("vocab.txt")));
        Assert.Contains(place, error.Message);
        Assert.Contains(folder.File("vocab.txt"), error.Message);
    }

    [Fact]
    public void A_vocabulary_that_is_not_UTF8_is_refused_with_its_line()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("vocab.txt"), [.. "[PAD]\n[UNK]\n[CLS]\n"u8, 0xB0, 0xA1, (byte)'\n']); // 가 in EUC-KR
        Assert.Contains(":4 ", Assert.Throws<InputException>(() => ElectraTokenizer.FromVocabulary(folder.File("vocab.txt"))).Message);
    }

    [Fact]
    public void A_missing_vocabulary_is_refused()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("tokenizer_config.json"), """{"do_lower_case": false}""");
        Assert.Contains("vocab.txt", Assert.Throws<InputException>(() => ElectraTokenizer.FromFolder(folder.Path)).Message);
        string[] paths = [folder.File("none/vocab.txt"), folder.Path, ""];
        Assert.All(paths, path => Assert.Throws<InputException>(() => ElectraTokenizer.FromVocabulary(path)));
    }

    [Fact]
    public void Lines_may_end_as_on_Windows_and_a_mask_token_is_not_required()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("vocab.txt"), "[PAD]\r\n[UNK]\r\n[CLS]\r\n[SEP]\r\n\u2028\r\n가");
        var tokenizer = ElectraTokenizer.FromVocabulary(folder.File("vocab.txt"));
        Assert.Equal((6, 5), (tokenizer.VocabularySize, tokenizer.IdOf("가")));
        Assert.Null(tokenizer.MaskId);
        Assert.DoesNotContain(tokenizer.Tokenize("[MASK]"), token => token.Text == "[MASK]");
    }

    [Fact]
    public void A_length_without_room_is_refused()
    {
        Assert.Contains("at least 2", Assert.Throws<InputException>(() => Tokenizer.Encode("가", maxLength: 1)).Message);
        Assert.Contains("at least 3", Assert.Throws<InputException>(() => Tokenizer.Encode("가", "나", maxLength: 2)).Message);
        Assert.Throws<InputException>(() => Tokenizer.Encode("가", maxLength: -1));
        Assert.Equal(["[CLS]", "[SEP]", "[SEP]"], Tokenizer.Encode("가", "나", maxLength: 3).Tokens);
    }

    [Fact]
    public void A_question_that_alone_fills_the_length_is_refused()
    {
        const string Question = "가 가 가 가 가";
        var error = Assert.Throws<InputException>(() => Tokenizer.EncodeWindows(Question, "나 나", 8, 0, Truncation.OnlySecond));
        Assert.Contains("5 tokens of the other text", error.Message);
        Assert.Throws<InputException>(() => Tokenizer.Encode(Question, "나 나", 8, Truncation.OnlySecond));
        Assert.Throws<InputException>(() => Tokenizer.Encode("나 나", Question, 8, Truncation.OnlyFirst));
        Assert.Equal(8, Tokenizer.Encode(Question, "", 8, Truncation.OnlySecond).Length);
        Assert.Equal(2, Tokenizer.EncodeWindows(Question, "나 나", 9, 0, Truncation.OnlySecond).Count);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(3)]
    public void A_stride_that_would_not_move_on_is_refused(int stride)
    {
        var error = Assert.Throws<InputException>(() => Tokenizer.EncodeWindows("가 가 가 가", null, 5, stride, Truncation.OnlyFirst));
        Assert.Contains("from 0 to 2", error.Message);
    }

    [Fact]
    public void Windows_need_to_know_which_text_slides()
    {
        Assert.Throws<ArgumentException>(() => Tokenizer.EncodeWindows("가", "나", 9, 0, Truncation.LongestFirst));
        Assert.Throws<ArgumentException>(() => Tokenizer.EncodeWindows("가", null, 9, 0, Truncation.OnlySecond));
        Assert.Equal(
            Tokenizer.EncodeWindows("가 나 가 나", null, 4, 1, Truncation.OnlyFirst).Select(window => string.Join(' ', window.Tokens)),
            Tokenizer.EncodeWindows("가 나 가 나", null, 4, 1, Truncation.LongestFirst).Select(window => string.Join(' ', window.Tokens)));
    }

    [Fact]
    public void A_tokenizer_may_be_shared_between_threads()
    {
        string[] texts = [.. Enumerable.Range(0, 500).Select(i => string.Concat(Enumerable.Repeat("영화 가나!", i % 17)))];
        int[][] expected = [.. texts.Select(text => Tokenizer.Encode(text).InputIds)];
        Assert.Equal(expected, texts.AsParallel().AsOrdered().Select(text => Tokenizer.Encode(text).InputIds));
    }
}
