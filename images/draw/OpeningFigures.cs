namespace Images;

/// <summary>How a notebook is opened: sketches of the window, with the places to click numbered.</summary>
internal static class OpeningFigures
{
    public static IEnumerable<Drawing> All() =>
    [
        Window(
            "open-with-jupyter",
            "VS Code with the Jupyter extension and this project's kernel",
            [("Python Environments…", false), ("Jupyter Kernel…", true), ("Existing Jupyter Server…", false)],
            ".NET (C#)",
            "Select another kernel…"),
        Window(
            "open-with-polyglot",
            "VS Code with Polyglot Notebooks",
            [("Python Environments…", false), (".NET Interactive", true)],
            "C#",
            "Select another kernel…"),
    ];

    private static Drawing Window(string name, string title, (string Text, bool Click)[] sources, string kernel, string prompt)
    {
        var d = new Drawing(
            name,
            title,
            $"A sketch of a VS Code window: open notebooks/00-start-here.ipynb in the explorer, click Select Kernel at the upper right " +
            $"of the notebook, choose {sources.Single(s => s.Click).Text} and then {kernel}, and click Run All.",
            430);
        const string Chrome = "#EEF1F4";
        d.Rectangle(new Box(24, 58, 752, 300), Colours.Paper, Colours.Line, 8);
        d.Rectangle(new Box(24, 58, 752, 28), Chrome, Colours.Line, 8);
        d.Text(400, 72, "ElectraNotebooks", 13, colour: Colours.Quiet);
        d.Rectangle(new Box(24, 86, 190, 272), "#F7F8FA", Colours.Line, 0, width: 1);
        d.Text(38, 104, "EXPLORER", 13, "start", Colours.Quiet, bold: true);
        string[] files = ["▾ notebooks", "00-start-here.ipynb", "01-text-to-tensors.ipynb", "02-inside-the-enc…", "03-cls-and-the-fc-…",
            "▸ lib", "▸ data", "README.md"];
        for (int i = 0; i < files.Length; i++)
        {
            double y = 130 + (25 * i);
            if (i == 1)
            {
                d.Rectangle(new Box(32, y - 12, 176, 24), Colours.Chosen, "none", 4, 0.35);
            }

            d.Text(i is 0 or >= 5 ? 38 : 52, y, files[i], 13, "start");
        }

        d.Text(232, 104, "00-start-here.ipynb", 13, "start");
        d.Line(214, 118, 776, 118, Colours.Faint, 1);
        d.Text(232, 134, "+ Code · + Markdown", 13, "start", Colours.Quiet);
        d.Rectangle(new Box(392, 122, 84, 24), Colours.Chosen, "none", 4, 0.35);
        d.Text(434, 134, "▷ Run All", 13);
        d.Rectangle(new Box(644, 122, 122, 24), Colours.Chosen, "none", 4, 0.35);
        d.Text(705, 134, "Select Kernel", 13);
        d.Line(214, 150, 776, 150, Colours.Faint, 1);
        d.Rectangle(new Box(246, 300, 510, 42), "#F7F8FA", Colours.Faint, 4);
        d.Text(262, 321, "[ ] Console.WriteLine(\"배우들 연기가 정말 좋았다\");", 13, "start", code: true);

        double height = 30 + (26 * sources.Length);
        d.Rectangle(new Box(300, 164, 240, height), Colours.Paper, Colours.Line, 6);
        d.Text(312, 180, prompt, 13, "start", Colours.Quiet);
        for (int i = 0; i < sources.Length; i++)
        {
            double y = 206 + (26 * i);
            if (sources[i].Click)
            {
                d.Rectangle(new Box(305, y - 12, 230, 24), Colours.Chosen, "none", 4, 0.35);
                d.Arrow(542, y, 578, y);
                d.Rectangle(new Box(582, y - 16, 150, 32), Colours.Paper, Colours.Line, 6);
                d.Rectangle(new Box(587, y - 12, 140, 24), Colours.Chosen, "none", 4, 0.35);
                d.Text(600, y, kernel, 13, "start");
                Step(d, 744, y, 4);
                Step(d, 294, y, 3);
            }

            d.Text(316, y, sources[i].Text, 13, "start");
        }

        Step(d, 218, 155, 1);
        Step(d, 640, 122, 2);
        Step(d, 388, 122, 5);
        d.Text(400, 380, "1: open the notebook · 2: Select Kernel · 3, 4: choose · 5: Run All", 14.5, bold: true);
        d.Text(400, 405, "A sketch: names and places move a little from version to version.", 13.5, colour: Colours.Quiet);
        return d;
    }

    private static void Step(Drawing d, double x, double y, int number)
    {
        d.Circle(x, y, 11, Colours.Operation, Colours.Paper, 1.5);
        d.Text(x, y, $"{number}", 13.5, colour: Colours.Paper, bold: true);
    }
}
