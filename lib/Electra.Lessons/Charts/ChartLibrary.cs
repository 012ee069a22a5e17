using System.Reflection;
using System.Runtime.Loader;

namespace Electra.Lessons;

/// <summary>Loads Plotly.NET and what it needs from beside this library, apart from whatever the host has loaded.</summary>
internal static class ChartLibrary
{
    private const string Drawing = "Electra.Lessons.Plotly";

    private static readonly Lazy<IChartLibrary> Loaded = new(() =>
        (IChartLibrary)Activator.CreateInstance(new Context().LoadFromAssemblyName(new AssemblyName(Drawing))
            .GetType($"{Drawing}.PlotlyCharts", throwOnError: true)!)!);

    public static IChartLibrary Instance => Loaded.Value;

    private sealed class Context() : AssemblyLoadContext(Drawing)
    {
        private static readonly Assembly Own = typeof(ChartLibrary).Assembly;

        protected override Assembly? Load(AssemblyName name)
        {
            if (name.Name == Own.GetName().Name)
            {
                return Own; // its types are what crosses
            }

            string file = Path.Combine(Path.GetDirectoryName(Own.Location)!, name.Name + ".dll");
            return File.Exists(file) ? LoadFromAssemblyPath(file) : null;
        }
    }
}
