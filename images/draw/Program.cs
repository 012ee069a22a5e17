using Images;

// Writes the figures beside this folder, and with Korean words into its folder ko; with --check, only tells which differ from what is
// committed (exit code 1).
bool check = args is ["--check"];
if (args.Length > 0 && !check)
{
    Console.Error.WriteLine("Usage: dotnet run --project images/draw [-- --check]");
    return 2;
}

var root = new DirectoryInfo(AppContext.BaseDirectory);
while (root is not null && !File.Exists(Path.Combine(root.FullName, "ElectraNotebooks.sln")))
{
    root = root.Parent;
}

if (root is null)
{
    Console.Error.WriteLine($"{AppContext.BaseDirectory} is not inside the repository; run 'dotnet run --project images/draw' there.");
    return 2;
}

Drawing[] drawings =
[
    .. ModelFigures.All(), .. EncoderFigures.All(), .. HeadFigures.All(), .. TrainingFigures.All(),
    .. TaskFigures.All(), .. CourseMap.All(), .. OpeningFigures.All(),
];
// Figures without words are the same in Korean, and are not there twice.
List<string> unknown = [];
string InKorean(string english)
{
    if (Words.InKorean(english) is not { } korean)
    {
        unknown.Add(english);
        return english;
    }

    return korean;
}

(string File, string Svg)[] files =
[
    .. drawings.Select(drawing => ($"images/{drawing.Name}.svg", drawing.ToSvg("", words => words))),
    .. drawings.Where(drawing => drawing.ToSvg("", InKorean) != drawing.ToSvg("", words => words))
        .Select(drawing => ($"images/ko/{drawing.Name}.svg", drawing.ToSvg(" lang=\"ko\"", InKorean))),
];
foreach (string english in unknown.Distinct())
{
    Console.Error.WriteLine($"images/draw/Words.cs has no Korean for \"{english}\"; add it.");
}

int different = 0;
foreach (var (name, svg) in files)
{
    string file = Path.Combine(root.FullName, name);
    if (File.Exists(file) && File.ReadAllText(file) == svg)
    {
        continue;
    }

    different++;
    Console.WriteLine($"{(check ? "differs" : "drawn")}: {name}");
    if (!check)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, svg);
    }
}

Console.WriteLine($"{files.Length} figures, {different} {(check ? "not as drawn here" : "new or changed")}");
return unknown.Count > 0 || (check && different > 0) ? 1 : 0;
