using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using NetMQ;

namespace NotebookKernel;

/// <summary>A message of Jupyter's wire protocol 5.3.</summary>
internal sealed record JupyterMessage(byte[][] Identities, JsonObject Header, JsonObject Parent, JsonObject Content)
{
    public const string Version = "5.3";
    private static readonly byte[] s_delimiter = "<IDS|MSG>"u8.ToArray();

    public string Type => Header["msg_type"]!.GetValue<string>();

    /// <summary>Reads frames; null for whatever is malformed or not signed with the key.</summary>
    public static JupyterMessage? Read(NetMQMessage frames, byte[] key)
    {
        byte[][] parts = [.. frames.Select(f => f.ToByteArray())];
        int delimiter = Array.FindIndex(parts, p => p.AsSpan().SequenceEqual(s_delimiter));
        if (delimiter < 0 || parts.Length < delimiter + 6)
        {
            return null;
        }

        byte[][] signed = parts[(delimiter + 2)..(delimiter + 6)];
        if (key.Length > 0 && !CryptographicOperations.FixedTimeEquals(parts[delimiter + 1], Sign(signed, key)))
        {
            return null;
        }

        try
        {
            if (JsonNode.Parse(signed[0]) is not JsonObject header || header["msg_type"] is not JsonValue type || !type.TryGetValue(out string? _)
                || JsonNode.Parse(signed[1]) is not JsonObject parent || JsonNode.Parse(signed[3]) is not JsonObject content)
            {
                return null;
            }

            _ = PythonJson.Write(header) + PythonJson.Write(content); // double names and half characters come out now, not later
            return new(parts[..delimiter], header, parent, content);
        }
        catch (Exception e) when (e is JsonException or ArgumentException or InvalidOperationException)
        {
            return null;
        }
    }

    public NetMQMessage Write(byte[] key)
    {
        byte[][] signed = [Bytes(Header), Bytes(Parent), "{}"u8.ToArray(), Bytes(Content)];
        return new NetMQMessage([.. Identities, s_delimiter, key.Length == 0 ? [] : Sign(signed, key), .. signed]);
    }

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
