using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Electra;

/// <summary>
/// The tokens of a JSON text one after another, read from a stream as they are asked for: however large the text is, what is skipped takes
/// no memory, and what is kept is the longest token.
/// </summary>
/// <param name="stream">UTF-8; a byte order mark is skipped.</param>
/// <param name="path">What messages call it.</param>
/// <param name="hash">Gets every byte, or null.</param>
internal sealed class JsonTokens(Stream stream, string path, IncrementalHash? hash)
{
    private const int LongestName = 64; // bytes; no known key is as long

    private byte[] _buffer = new byte[1 << 16];
    private int _start;
    private int _end;
    private int _sound; // up to here it is UTF-8
    private int _line = 1; // there
    private bool _begun;
    private bool _whole;
    private JsonReaderState _state;
    private Range _token;

    /// <summary>What the token is.</summary>
    public JsonTokenType Type { get; private set; }

    /// <summary>The text of a number, or of a string without its quotation marks.</summary>
    /// <exception cref="InvalidOperationException">It has half a surrogate pair.</exception>
    public string Text
    {
        get
        {
            var reader = new Utf8JsonReader(_buffer.AsSpan(_token));
            reader.Read();
            return Type == JsonTokenType.Number ? Encoding.UTF8.GetString(reader.ValueSpan) : reader.GetString()!;
        }
    }

    /// <summary>Goes to the next token.</summary>
    /// <returns>False at the end.</returns>
    /// <exception cref="InputException">It is not UTF-8.</exception>
    /// <exception cref="JsonException">It is not JSON.</exception>
    public bool Read()
    {
        while (true)
        {
            var reader = new Utf8JsonReader(_buffer.AsSpan(_start, _end - _start), _whole, _state);
            bool read = _begun && reader.Read();
            if (read)
            {
                Type = reader.TokenType;
                _token = (_start + (int)reader.TokenStartIndex)..(_start + (int)reader.BytesConsumed);
                if (Type == JsonTokenType.PropertyName)
                {
                    _token = _token.Start..(_token.Start.Value + reader.ValueSpan.Length + 2); // without the colon
                }
            }

            if (_begun)
            {
                _start += (int)reader.BytesConsumed;
                _state = reader.CurrentState;
            }

            if (read || _whole)
            {
                return read;
            }

            Fill();
        }
    }

    /// <summary>In an array, goes to the next of its values.</summary>
    /// <returns>False at its end.</returns>
    public bool ReadItem() => Read() && Type != JsonTokenType.EndArray;

    /// <summary>Goes to the end of the value that begins at this token.</summary>
    public void Skip()
    {
        for (int depth = Nesting(); depth > 0; depth += Nesting())
        {
            Read();
        }

        int Nesting() => Type switch
        {
            JsonTokenType.StartObject or JsonTokenType.StartArray => 1,
            JsonTokenType.EndObject or JsonTokenType.EndArray => -1,
            _ => 0,
        };
    }

    /// <summary>In an object, goes to the values of some keys, and over all others.</summary>
    /// <param name="known">The keys.</param>
    /// <returns>The key of each value, in their order; whoever gets it goes to the value's end.</returns>
    /// <exception cref="JsonException">A key occurs twice.</exception>
    public IEnumerable<string> Members(params string[] known)
    {
        var seen = new HashSet<string>();
        while (Read() && Type != JsonTokenType.EndObject)
        {
            string? key = known.FirstOrDefault(IsKey);
            if (key is not null && !seen.Add(key))
            {
                throw new JsonException($"the key \"{key}\" occurs twice");
            }

            Read();
            if (key is null)
            {
                Skip();
            }
            else
            {
                yield return key;
            }
        }
    }

    private bool IsKey(string name)
    {
        var bytes = _buffer.AsSpan(_token);
        var reader = new Utf8JsonReader(bytes);
        try
        {
            return bytes.Length <= LongestName * 6 && reader.Read() && reader.ValueTextEquals(name); // an escaped letter takes six bytes
        }
        catch (InvalidOperationException) // half a surrogate pair
        {
            return false;
        }
    }

    private void Fill()
    {
        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        (_sound, _start, _end) = (_sound - _start, 0, _end - _start);
        if (_end == _buffer.Length)
        {
            Array.Resize(ref _buffer, 2 * _buffer.Length);
        }

        int read = stream.Read(_buffer, _end, _buffer.Length - _end);
        hash?.AppendData(_buffer, _end, read);
        _end += read;
        _whole = read == 0;
        if (!_begun && (_end >= Encoding.UTF8.Preamble.Length || _whole))
        {
            _start = _buffer.AsSpan(0, _end).StartsWith(Encoding.UTF8.Preamble) ? Encoding.UTF8.Preamble.Length : 0;
            (_sound, _begun) = (_start, true);
        }

        // A character may be cut at the end of a block: its first byte is one of the last three.
        int sound = _end;
        for (int i = 1; !_whole && i <= Math.Min(3, _end - _sound); i++)
        {
            int first = _buffer[_end - i];
            if (first is >= 0b1100_0000 and <= 0xF4)
            {
                sound = first >= (i switch { 1 => 0b1100_0000, 2 => 0b1110_0000, _ => 0b1111_0000 }) ? _end - i : _end;
                break;
            }
        }

        var block = _buffer.AsSpan(_sound, sound - _sound);
        _ = Utf8.IsValid(block) ? "" : InputFile.Decode(block, path, _line); // which says where it is not
        _line += block.Count((byte)'\n');
        _sound = sound;
    }
}
