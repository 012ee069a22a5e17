using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace NotebookKernel;

/// <summary>Where a Jupyter program wants the kernel to listen, and the key of their messages.</summary>
internal sealed record ConnectionFile(IPAddress Address, int Shell, int IOPub, int Stdin, int Control, int Heartbeat, byte[] Key)
{
    private const long MaxBytes = 1_000_000;

    /// <exception cref="NotebookException">The file cannot be read, or asks for something other than TCP and HMAC-SHA256.</exception>
    public static ConnectionFile Read(string path)
    {
        JsonObject json;
        try
        {
            if (new FileInfo(path).Length > MaxBytes)
            {
                throw new IOException("it is too long");
            }

            json = StrictJson.Parse(File.ReadAllText(path)) as JsonObject ?? [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new NotebookException(
                $"The connection file {path} cannot be read ({e.Message.TrimEnd('.')}); Jupyter writes one when it starts a kernel.", e);
        }

        string Text(string name) => json[name] is JsonValue value && value.TryGetValue(out string? text) ? text : throw Bad(name);
        int Port(string name) =>
            json[name] is JsonValue value && value.TryGetValue(out int port) && port is > 0 and < 65536 ? port : throw Bad(name);
        NotebookException Bad(string name) => new($"The connection file {path} has no usable {name}.");

        if (Text("transport") != "tcp")
        {
            throw Bad("transport (only tcp is spoken)");
        }

        byte[] key = Encoding.UTF8.GetBytes(Text("key"));
        if (key.Length > 0 && Text("signature_scheme") != "hmac-sha256")
        {
            throw Bad("signature_scheme (only hmac-sha256 is spoken)");
        }

        string address = Text("ip") is "localhost" ? "127.0.0.1" : Text("ip");
        if (!IPAddress.TryParse(address, out IPAddress? ip))
        {
            throw Bad("ip");
        }

        return new(ip, Port("shell_port"), Port("iopub_port"), Port("stdin_port"), Port("control_port"), Port("hb_port"), key);
    }
}
