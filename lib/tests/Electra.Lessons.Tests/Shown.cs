using System.Collections;

namespace Electra.Lessons.Tests;

/// <summary>A value's forms, found as a notebook kernel finds them: by simple names, knowing none of the types.</summary>
internal static class Shown
{
    public static Dictionary<string, string> Bundle(object value)
    {
        object attribute = value.GetType().GetCustomAttributes(inherit: true)
            .Single(a => a.GetType().Name == "TypeFormatterSourceAttribute");
        var source = (Type)attribute.GetType().GetProperty("FormatterSourceType")!.GetValue(attribute)!;
        var preferred = (string[])attribute.GetType().GetProperty("PreferredMimeTypes")!.GetValue(attribute)!;
        var formatters = ((IEnumerable)source.GetMethod("CreateTypeFormatters")!.Invoke(Activator.CreateInstance(source), [])!)
            .Cast<object>().ToArray();
        return preferred.ToDictionary(mimeType => mimeType, mimeType =>
        {
            using var writer = new StringWriter();
            object formatter = formatters.Single(one => (string)one.GetType().GetProperty("MimeType")!.GetValue(one)! == mimeType);
            bool done = (bool)formatter.GetType()
                .GetMethod("Format", [typeof(object), typeof(TextWriter)])!.Invoke(formatter, [value, writer])!;
            Assert.True(done);
            return writer.ToString();
        });
    }
}
