using Images;

// Writes the figures beside this folder; with --check, only tells which differ from what is committed (exit code 1).
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
    .. EncoderFigures.All(), .. HeadFigures.All(), .. TrainingFigures.All(), .. TaskFigures.All(), .. CourseMap.All(),
    .. OpeningFigures.All(),
];
int different = 0;
foreach (var drawing in drawings)
{
    string file = Path.Combine(root.FullName, "images", drawing.Name + ".svg");
    string svg = drawing.ToSvg();
    if (File.Exists(file) && File.ReadAllText(file) == svg)
    {
        continue;
    }

    different++;
    Console.WriteLine($"{(check ? "differs" : "drawn")}: images/{drawing.Name}.svg");
    if (!check)
    {
        File.WriteAllText(file, svg);
    }
}

Console.WriteLine($"{drawings.Length} figures, {different} {(check ? "not as drawn here" : "new or changed")}");
return check && different > 0 ? 1 : 0;
