using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace Electra;

/// <summary>
/// Runs the program that a pickle is, with a machine that knows only what <c>torch.save</c> writes for a state dict (protocol 2), and only
/// the names that its caller allows: nothing else can be imported, called or built. Values become null, <see cref="bool"/>,
/// <see cref="long"/>, <see cref="BigInteger"/>, <see cref="double"/>, <see cref="string"/>, arrays (tuples), <see cref="PickleList"/>,
/// <see cref="PickleDict"/>, and what the allowed names stand for.
/// Source of the opcodes: CPython, Lib/pickletools.py
/// </summary>
/// <param name="source">Path of the file, for messages.</param>
/// <param name="stream">Where the pickle begins; left after its end.</param>
/// <param name="names">
/// Allowed names, <c>module.name</c>. A <see cref="Func{T, TResult}"/> may be called; it returns null where it does not accept the
/// arguments.
/// </param>
/// <param name="resolve">Resolves persistent ids (references to data outside of the pickle); null where it does not accept one.</param>
internal sealed class RestrictedUnpickler(
    string source, Stream stream, IReadOnlyDictionary<string, object> names, Func<object?, object?> resolve)
{
    // A state dict of 1,000 tensors takes about 200 KB. Each opcode makes one value at most, so these bound the memory; nothing here is
    // recursive, so that depth is bounded by the stack.
    private const int MaximalBytes = 1 << 22;
    private const int MaximalStack = 1 << 16;
    private const int MaximalText = 1 << 16;


    private readonly List<object?> _stack = [];
    private readonly Stack<int> _marks = new();
    private readonly Dictionary<uint, object?> _memo = [];
    private int _position;

    /// <summary>Runs the pickle and returns its value.</summary>
    /// <exception cref="InputException">It is damaged, too large, or asks for something that is not allowed.</exception>
    public object? Load()
    {
        while (true)
        {
            int at = _position;
            byte opcode = Bytes(1)[0];
            switch ((char)opcode)
            {
                case '\x80' when Bytes(1)[0] == 2: // PROTO
                    break;
                case '.': // STOP
                    object? result = Pop();
                    return _stack.Count == 0 && _marks.Count == 0 ? result : throw Damaged("leaves values behind");
                case '(': // MARK
                    _marks.Push(_stack.Count);
                    if (_marks.Count > MaximalStack)
                    {
                        throw Damaged("is nested too deeply");
                    }

                    break;
                case 'N': Push(null); break;
                case '\x88': Push(true); break;
                case '\x89': Push(false); break;
                case 'J': Push((long)BinaryPrimitives.ReadInt32LittleEndian(Bytes(4))); break;
                case 'K': Push((long)Bytes(1)[0]); break;
                case 'M': Push((long)BinaryPrimitives.ReadUInt16LittleEndian(Bytes(2))); break;
                case '\x8a': // LONG1
                    var number = new BigInteger(Bytes(Bytes(1)[0]));
                    Push(number >= long.MinValue && number <= long.MaxValue ? (long)number : number);
                    break;
                case 'G': Push(BinaryPrimitives.ReadDoubleBigEndian(Bytes(8))); break;
                case 'X': Push(Text(Bytes(BinaryPrimitives.ReadUInt32LittleEndian(Bytes(4))))); break;
                case 'U': Push(Text(Bytes(Bytes(1)[0]))); break;
                case ')': Push(Array.Empty<object?>()); break;
                case 't': Push(PopToMark()); break;
                case '\x85': Push(Tuple(1)); break;
                case '\x86': Push(Tuple(2)); break;
                case '\x87': Push(Tuple(3)); break;
                case ']': Push(new PickleList()); break;
                case 'a': Append([Use(Pop())]); break;
                case 'e': Append(PopToMark()); break;
                case '}': Push(new PickleDict()); break;
                case 's': Set(Tuple(2)); break;
                case 'u': Set(PopToMark()); break;
                case 'q': _memo[Bytes(1)[0]] = Peek(); break;
                case 'r': _memo[BinaryPrimitives.ReadUInt32LittleEndian(Bytes(4))] = Peek(); break;
                case 'h': Push(Recall(Bytes(1)[0])); break;
                case 'j': Push(Recall(BinaryPrimitives.ReadUInt32LittleEndian(Bytes(4)))); break;
                case 'c': Push(Import($"{Line()}.{Line()}")); break;
                case 'R': // REDUCE
                    object? arguments = Use(Pop());
                    Push(Pop() is Func<object?[], object?> call && arguments is object?[] values && call(values) is { } made
                        ? made
                        : throw Damaged("calls something with arguments that a state dict does not have"));
                    break;
                case 'Q': // BINPERSID
                    Push(resolve(Use(Pop())) ?? throw Damaged("refers to data in a way that a state dict does not"));
                    break;
                case 'b': // BUILD: attributes of the dict, such as _metadata
                    if (Use(Pop()) is not PickleDict || Peek() is not PickleDict { Used: false })
                    {
                        throw Damaged("sets attributes of something else than a dict");
                    }

                    break;
                default:
                    throw new InputException(
                        $"{source}: the pickle's operation 0x{opcode:x2} at byte {at} does not occur in a state dict " +
                        "as torch.save writes it; "
                        + "save the weights again with torch.save(model.state_dict(), …) or as safetensors.");
            }
        }
    }

    private object Import(string name) => names.TryGetValue(name, out object? value) ? value : throw new InputException(
        $"{source} asks for {TensorStream.Quote(name)}, which a state dict of tensors does not need and which may be harmful; "
        + "it is not loaded, use a file that holds a state dict only, or safetensors.");

    private object? Recall(uint key) =>
        _memo.TryGetValue(key, out object? value) ? value : throw Damaged($"recalls value {key}, which it never stored");

    private void Append(object?[] values)
    {
        if (Peek() is not PickleList { Used: false } list)
        {
            throw Damaged("appends to something else than a list, or to one that is in use already (it may contain itself)");
        }

        list.Items.AddRange(values);
    }

    private void Set(object?[] pairs)
    {
        if (Peek() is not PickleDict { Used: false } dict || pairs.Length % 2 != 0)
        {
            throw Damaged("sets entries of something else than a dict, or of one that is in use already (it may contain itself)");
        }

        for (int i = 0; i < pairs.Length; i += 2)
        {
            if (pairs[i] is not string key || !dict.Items.TryAdd(key, pairs[i + 1]))
            {
                throw Damaged(
                    $"has a dict with the key {TensorStream.Quote(pairs[i]?.ToString() ?? "None")}, which is no text or occurs twice");
            }
        }
    }

    private object?[] Tuple(int count)
    {
        object?[] values = new object?[count];
        for (int i = count - 1; i >= 0; i--)
        {
            values[i] = Use(Pop());
        }

        return values;
    }

    private object?[] PopToMark()
    {
        if (!_marks.TryPop(out int mark))
        {
            throw Damaged("lacks the mark where a group of values begins");
        }

        object?[] values = [.. _stack.Skip(mark).Select(Use)];
        _stack.RemoveRange(mark, _stack.Count - mark);
        return values;
    }

    /// <summary>
    /// A list or dict that lies in another value is finished; since it cannot change any more, no value can contain itself.
    /// </summary>
    private static object? Use(object? value)
    {
        if (value is PickleContainer container)
        {
            container.Used = true;
        }

        return value;
    }

    private void Push(object? value)
    {
        if (_stack.Count == MaximalStack)
        {
            throw Damaged("is nested too deeply");
        }

        _stack.Add(value);
    }

    private object? Pop()
    {
        object? value = Peek();
        _stack.RemoveAt(_stack.Count - 1);
        return value;
    }

    private object? Peek() =>
        _stack.Count > (_marks.TryPeek(out int mark) ? mark : 0) ? _stack[^1] : throw Damaged("takes more values than there are");

    private byte[] Bytes(uint count)
    {
        if (count > MaximalText || _position + count > MaximalBytes)
        {
            throw Damaged("is larger than any state dict's");
        }

        byte[] bytes = new byte[count];
        stream.ReadExactly(bytes);
        _position += bytes.Length;
        return bytes;
    }

    private string Line()
    {
        var line = new List<byte>();
        while (Bytes(1)[0] is var next and not (byte)'\n')
        {
            line.Add(next);
        }

        return Text([.. line]);
    }

    private string Text(byte[] bytes)
    {
        try
        {
            return InputFile.StrictUtf8.GetString(bytes);
        }
        catch (DecoderFallbackException e)
        {
            throw Damaged($"has a text that is not UTF-8 ({e.Message.TrimEnd('.')})");
        }
    }

    private InputException Damaged(string problem) =>
        new($"{source} is damaged or is not a state dict: its pickle {problem} (at byte {_position}); download it again " +
            "or save it as safetensors.");
}

/// <summary>A list or a dict of a pickle.</summary>
internal abstract class PickleContainer
{
    /// <summary>Whether it lies in another value.</summary>
    public bool Used { get; set; }
}

/// <summary>A list of a pickle.</summary>
internal sealed class PickleList : PickleContainer
{
    /// <summary>Its values.</summary>
    public List<object?> Items { get; } = [];
}

/// <summary>A dict or OrderedDict of a pickle; keys are texts.</summary>
internal sealed class PickleDict : PickleContainer
{
    /// <summary>Its entries, in the order of the pickle.</summary>
    public Dictionary<string, object?> Items { get; } = [];
}
