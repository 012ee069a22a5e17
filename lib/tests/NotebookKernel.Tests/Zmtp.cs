using System.Buffers.Binary;
using System.Text;

namespace NotebookKernel.Tests;

/// <summary>Bytes of ZeroMQ's wire protocol (ZMTP 3.0, https://rfc.zeromq.org/spec/23/), written from its specification.</summary>
internal static class Zmtp
{
    public const byte More = 1, Long = 2, Command = 4;

    /// <summary>Signature, version 3.0, mechanism NULL, as a client.</summary>
    public static readonly byte[] Greeting = [0xFF, 0, 0, 0, 0, 0, 0, 0, 1, 0x7F, 3, 0, .. "NULL"u8, .. new byte[48]];

    /// <summary>What each of the kernel's sockets expects at its other end, in the order of <see cref="TestKernel.Ports"/>.</summary>
    public static readonly string[] Peers = ["DEALER", "SUB", "DEALER", "DEALER", "REQ"];

    public static byte[] Ready(string socketType) =>
        Frame(Command, [5, .. "READY"u8, 11, .. "Socket-Type"u8, 0, 0, 0, (byte)socketType.Length, .. Encoding.ASCII.GetBytes(socketType)]);

    public static byte[] Frame(byte flags, byte[] body)
    {
        byte[] head = body.Length < 256 ? [flags, (byte)body.Length] : Head(flags, body.Length);
        return [.. head, .. body];
    }

    /// <summary>The head of a long frame, which may promise what does not come.</summary>
    public static byte[] Head(byte flags, long length)
    {
        byte[] head = new byte[9];
        head[0] = (byte)(flags | Long);
        BinaryPrimitives.WriteInt64BigEndian(head.AsSpan(1), length);
        return head;
    }

    public static byte[] Message(byte[][] frames) => [.. frames.SelectMany((f, i) => Frame(i < frames.Length - 1 ? More : (byte)0, f))];
}
