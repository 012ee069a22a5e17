using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace NotebookKernel;

/// <summary>A message of Jupyter's wire protocol 5.3.</summary>
internal sealed record JupyterMessage(byte[][] Identities, JsonObject Header, JsonObject Parent, JsonObject Content)
{
    public const string Version = "5.3";
    private static readonly byte[] Delimiter = "<IDS|MSG>"u8.ToArray();

    public string Type => Header["msg_type"]!.GetValue<string>();

    /// <summary>Whom to answer; null for a message of the kernel's own.</summary>
    public ZmtpConnection? Client { get; init; }

    /// <summary>Reads frames; null for whatever is malformed, not signed with the key, or signed but here before.</summary>
    public static JupyterMessage? Read(byte[][] frames, byte[] key, Signatures seen)
    {
        int delimiter = Array.FindIndex(frames, p => p.AsSpan().SequenceEqual(Delimiter));
        if (delimiter < 0 || frames.Length < delimiter + 6)
        {
            return null;
        }

        byte[] signature = frames[delimiter + 1];
        byte[][] signed = frames[(delimiter + 2)..(delimiter + 6)];
        if (key.Length > 0 && !(CryptographicOperations.FixedTimeEquals(signature, Sign(signed, key)) && seen.Add(signature)))
        {
            return null;
        }

        try
        {
            return Parse(signed[0]) is JsonObject header && header["msg_type"] is JsonValue type && type.TryGetValue(out string? _)
                && Parse(signed[1]) is JsonObject parent && Parse(signed[3]) is JsonObject content
                ? new(frames[..delimiter], header, parent, content)
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public byte[][] Write(byte[] key)
    {
        byte[][] signed = [Bytes(Header), Bytes(Parent), "{}"u8.ToArray(), Bytes(Content)];
        return [.. Identities, Delimiter, key.Length == 0 ? [] : Sign(signed, key), .. signed];
    }

    private static JsonNode? Parse(byte[] json) => StrictJson.Parse(json, 0, json.Length);

    private static byte[] Bytes(JsonObject json) => JsonSerializer.SerializeToUtf8Bytes(json);

    private static byte[] Sign(byte[][] parts, byte[] key)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        foreach (byte[] part in parts)
        {
            hmac.AppendData(part);
        }

        return Encoding.ASCII.GetBytes(Convert.ToHexStringLower(hmac.GetHashAndReset()));
    }
}
