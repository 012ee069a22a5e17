using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Electra;

/// <summary>
/// How this project's JSON files are written and read: names in snake_case, letters as they are, a line feed at the end of lines on every
/// system.
/// </summary>
public static class JsonFormats
{
    /// <summary>Settings of a checkpoint, as Hugging Face has them: what is null is left out, unknown names are kept or ignored.</summary>
    public static readonly JsonSerializerOptions Settings = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        RespectNullableAnnotations = true,
        NewLine = "\n",
    };

    /// <summary>
    /// What this project alone writes and reads: null is written; unknown names, and what is null or missing where it may not be, are
    /// errors.
    /// </summary>
    public static readonly JsonSerializerOptions Records = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        NewLine = "\n",
    };

    /// <summary>Logs, one object a line: what is null is left out, unknown names are ignored.</summary>
    public static readonly JsonSerializerOptions Lines = new(Settings) { WriteIndented = false };

    /// <summary>Saved states and what fingerprints are made of: one line, names as in the code, null is written.</summary>
    public static readonly JsonSerializerOptions States = new();

    /// <summary>
    /// How a type is written and read: by generated code, because programs of one file and those compiled ahead of time have no
    /// JSON by reflection. An init-only property that a text lacks has the value of its declaration; generated code alone would
    /// make it zero or null.
    /// </summary>
    /// <typeparam name="T">The type, one that the generated code knows.</typeparam>
    /// <param name="generated">The generated code, of mode <see cref="JsonSourceGenerationMode.Metadata"/>.</param>
    /// <param name="format">One of the formats here.</param>
    public static JsonTypeInfo<T> TypeInfo<T>(JsonSerializerContext generated, JsonSerializerOptions format)
    {
        var options = new JsonSerializerOptions(format) { TypeInfoResolver = generated.WithAddedModifier(KeepDeclaredValues) };
        return (JsonTypeInfo<T>)options.GetTypeInfo(typeof(T));
    }

    private static void KeepDeclaredValues(JsonTypeInfo type)
    {
        if (type is { Kind: JsonTypeInfoKind.Object, CreateObject: null, ConstructorAttributeProvider: ConstructorInfo constructor }
            && constructor.GetParameters().Length == 0)
        {
            type.CreateObject = () => constructor.Invoke(null);
            foreach (var property in type.Properties.Where(property => property.Set is not null))
            {
                property.Set = ((PropertyInfo)property.AttributeProvider!).SetValue;
            }
        }
    }
}
