namespace Electra.Tool.Site;

/// <summary>What the frame of a page says, in the page's language.</summary>
internal sealed record SiteWords(
    string Language, string Other, string Lessons, string Solutions, string Lesson, string Contents, string Skip, string Notebook)
{
    public static SiteWords English { get; } = new(
        "en", "한국어", "Lessons", "Solutions", "The lesson", "On this page", "Skip to the text",
        "A notebook as a page, with its stored outputs. Nothing runs here; the notebook itself is");

    public static SiteWords Korean { get; } = new(
        "ko", "English", "강의", "해답", "강의로", "이 페이지의 내용", "본문으로 건너뛰기",
        "저장된 출력까지 그대로 옮긴 노트북이에요. 이 페이지에서는 아무것도 실행되지 않아요. 노트북 파일:");

    /// <summary>Of a title in both languages, as the glossary's, the part in this one; any other title as it is.</summary>
    public string Own(string title)
    {
        string[] parts = title.Split(" · ");
        string[] own = [.. parts.Where(part => part.Any(c => c is >= '가' and <= '힣') == (this == Korean))];
        return own.Length > 0 && own.Length < parts.Length ? string.Join(" · ", own) : title;
    }
}
