using System.Collections;
using System.Reflection;
using System.Text.Json;

namespace NotebookKernel;

/// <summary>
/// Finds how a value is shown. A library needs no reference to this one: a class or struct with an attribute whose simple name
/// is <c>TypeFormatterSourceAttribute</c> says where its formatters are, by the same convention as .NET Interactive's.
/// </summary>
internal static class Formatters
{
    private static readonly Dictionary<Type, Source?> Sources = [];
    private static readonly JsonSerializerOptions Json = new()
    {
        MaxDepth = 16,
        ReferenceHandler = System.Text.Json.Serialization.ReferenceHandler.IgnoreCycles,
    };

    /// <summary>A value's forms: MIME type → content.</summary>
    public static Dictionary<string, string> Format(object? value, string[] mimeTypes)
    {
        if (value is TypedText typed)
        {
            return new() { [mimeTypes[0]] = typed.Text };
        }

        Source? source = value is null ? null : SourceOf(value.GetType());
        value = source is null ? DefaultValue.Snapshot(value) : value;
        if (mimeTypes.Length == 0)
        {
            mimeTypes = source?.Preferred ?? DefaultValue.MimeTypes(value);
        }

        var formats = new Dictionary<string, string>();
        foreach (string mime in mimeTypes)
        {
            formats[mime] = source?.Format(value!, mime) ?? Default(value, mime);
        }

        return formats;
    }

    private static string Default(object? value, string mime) => mime switch
    {
        MimeTypes.Plain => DefaultValue.Plain(value),
        MimeTypes.Html => DefaultValue.Html(value),
        _ when value is string text => text,
        "application/json" => JsonSerializer.Serialize(value, Json),
        _ =>
            throw new NotebookException($"{value?.GetType().ToString() ?? "null"} has no formatter for {mime}; show it as text/plain, " +
                "text/html or application/json."),
    };

    private static Source? SourceOf(Type type)
    {
        lock (Sources)
        {
            if (!Sources.TryGetValue(type, out Source? source))
            {
                object? attribute = type.GetCustomAttributes(inherit: true)
                    .FirstOrDefault(a => a.GetType().Name == "TypeFormatterSourceAttribute");
                source = attribute is null ? null : Source.From(attribute, type);
                Sources.Add(type, source);
            }

            return source;
        }
    }

    /// <summary>The formatters of one type.</summary>
    private sealed record Source(string[] Preferred, List<(string Mime, Func<object, TextWriter, bool> Format)> Found)
    {
        public static Source? From(object attribute, Type type)
        {
            if (Property(attribute, "FormatterSourceType") is not Type sourceType)
            {
                return null;
            }

            object source = Activator.CreateInstance(sourceType, nonPublic: true)!;
            var found = new List<(string, Func<object, TextWriter, bool>)>();
            object? formatters = sourceType.GetMethod("CreateTypeFormatters",
                BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic, [])?.Invoke(source, []);
            foreach (object formatter in formatters as IEnumerable ?? Array.Empty<object>())
            {
                bool applies = Property(formatter, "Type") is not Type only || only.IsAssignableFrom(type);
                MethodInfo? format = formatter.GetType().GetMethod("Format",
                    BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic, [typeof(object), typeof(TextWriter)]);
                if (applies && Property(formatter, "MimeType") is string mime && format is not null && format.ReturnType == typeof(bool))
                {
                    found.Add((mime, format.CreateDelegate<Func<object, TextWriter, bool>>(formatter)));
                }
            }

            return new(Property(attribute, "PreferredMimeTypes") is string[] { Length: > 0 } preferred ? preferred : [MimeTypes.Html],
                found);
        }

        /// <summary>The value in one form, or null where no formatter wants it.</summary>
        public string? Format(object value, string mime)
        {
            foreach ((string _, Func<object, TextWriter, bool> format) in Found.Where(f => f.Mime == mime))
            {
                using var writer = new StringWriter(System.Globalization.CultureInfo.InvariantCulture) { NewLine = "\n" };
                if (format(value, writer))
                {
                    return writer.ToString();
                }
            }

            return null;
        }

        private static object? Property(object owner, string name)
            => owner.GetType().GetProperty(name, BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)?.GetValue(owner);
    }
}
