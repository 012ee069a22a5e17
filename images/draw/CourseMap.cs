namespace Images;

/// <summary>The lessons as stations: one map, and for each lesson a strip that shows where we are.</summary>
internal static class CourseMap
{
    private static readonly (string Title, string Short)[] Lessons =
    [
        ("Start here", "Start|here"),
        ("Text to tensors", "Text to|tensors"),
        ("Inside the encoder", "Inside the|encoder"),
        ("[CLS] and the FC head", "[CLS] and|FC head"),
        ("The CNN head", "CNN|head"),
        ("The BiLSTM head", "BiLSTM|head"),
        ("Question answering", "Question|answering"),
        ("Token classification", "Token|labels"),
        ("Comparing heads", "Comparing|heads"),
        ("Replaced token detection", "Replaced|tokens"),
        ("A project of your own", "Your own|project"),
    ];

    public static IEnumerable<Drawing> All() => [Map(), .. Enumerable.Range(0, Lessons.Length).Select(Strip)];

    private static Drawing Map()
    {
        var d = new Drawing(
            "map",
            "Map of the course",
            "Lessons 00 to 02 lead from text to the last hidden state. From there lessons 03, 04 and 05 put a head on whole sentences, " +
            "06 and 07 on every token. Lesson 08 compares the heads on sentences. Lesson 09 shows how the encoder came to be. " +
            "Lesson 10 is a project of your own.",
            480);
        d.Rectangle(new Box(360, 60, 276, 206), "#FDF6E7", "#E7D3A8", 12);
        d.Rectangle(new Box(360, 276, 276, 140), "#E9F6F1", "#A9D6C6", 12);
        d.Text(376, 80, "heads on a sentence: B × C", 13.5, "start", Colours.Quiet);
        d.Text(376, 296, "heads on every token: B × L × C", 13.5, "start", Colours.Quiet);
        (double X, double Y)[] at = [(70, 240), (168, 240), (268, 240), (400, 116), (400, 174), (400, 232), (400, 332),
            (400, 386), (732, 240), (268, 386), (732, 386)];
        const string Track = Colours.Hidden;
        const double In = 330;
        const double Out = 674;
        void Rail(int from, int to) => d.Line(at[from].X, at[from].Y, at[to].X, at[to].Y, Track, 7);
        Rail(0, 1);
        Rail(1, 2);
        for (int i = 3; i <= 5; i++)
        {
            d.Track(Track, In, 240, In + 26, at[i].Y, 618, at[i].Y, Out, 240);
        }

        for (int i = 6; i <= 7; i++)
        {
            d.Track(Track, In, 240, In + 26, at[i].Y, 618, at[i].Y); // lesson 08 compares heads on sentences only
            d.Line(618, at[i].Y - 11, 618, at[i].Y + 11, Track, 7);
        }

        d.Line(at[2].X, 240, In, 240, Track, 7);
        d.Line(Out, 240, at[8].X, 240, Track, 7);
        Rail(8, 10);
        d.Line(at[9].X, at[9].Y, at[2].X, at[2].Y, Colours.Second, 5, dashed: true);
        string[] gives = ["setup", "B × L", "B × L × H", "", "", "", "", "", "table, noise", "", ""];
        for (int i = 0; i < at.Length; i++)
        {
            Station(d, at[i].X, at[i].Y, i, 19, Colours.Paper, i == 9 ? Colours.Second : Colours.Operation);
            if (i is >= 3 and <= 7)
            {
                d.Rectangle(new Box(at[i].X + 26, at[i].Y - 14, 178, 28), Colours.Paper, Colours.Faint, 14);
                d.Text(at[i].X + 38, at[i].Y, Lessons[i].Title, 14.5, "start", bold: true);
                continue;
            }

            double title = i >= 9 ? 33 : -52;
            d.Text(at[i].X, at[i].Y + title, Lessons[i].Short, 14.5, bold: true);
            d.Text(at[i].X, at[i].Y + title + 18, Lessons[i].Short, 14.5, bold: true, line: 1);
            d.Text(i < 3 ? at[i].X : at[i].X - 10, at[i].Y + (i < 3 ? -74 : 36), gives[i], 13.5, i < 3 ? "middle" : "end", Colours.Quiet);
        }

        d.Text(376, 438, "Solid line: the way through, a bar where it ends.", 13.5, "start", Colours.Quiet);
        d.Text(376, 458, "Dotted: how the encoder came to be.", 13.5, "start", Colours.Quiet);
        return d;
    }

    private static Drawing Strip(int here)
    {
        var d = new Drawing(
            $"map-{here:00}",
            $"You are here: lesson {here:00}, {Lessons[here].Title}",
            "The eleven lessons of the course on a line; those before this one are filled, this one is marked.",
            112,
            heading: false);
        double X(int i) => 40 + (72 * i);
        const double Y = 40;
        d.Line(X(0), Y, X(Lessons.Length - 1), Y, Colours.Faint, 6);
        d.Line(X(0), Y, X(here), Y, Colours.Hidden, 6);
        for (int i = 0; i < Lessons.Length; i++)
        {
            bool now = i == here;
            Station(d, X(i), Y, i, now ? 21 : 15, now ? Colours.Chosen : i < here ? "#CFE8F8" : Colours.Paper,
                now ? "#A87400" : i < here ? Colours.Operation : Colours.Line);
            d.Text(X(i), 76, Lessons[i].Short, 13, colour: now ? Colours.Ink : Colours.Quiet, bold: now);
            d.Text(X(i), 93, Lessons[i].Short, 13, colour: now ? Colours.Ink : Colours.Quiet, bold: now, line: 1);
        }

        return d;
    }

    private static void Station(Drawing d, double x, double y, int number, double radius, string fill, string stroke)
    {
        d.Circle(x, y, radius, fill, stroke, 3);
        d.Text(x, y, $"{number:00}", radius > 18 ? 16 : 13, bold: true);
    }
}
