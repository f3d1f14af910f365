using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Chat.Refusals;
using MessagePack;

namespace Chat.Gateway.Wire;

/// <summary>
/// Walks through the fields of one request, in JSON or MessagePack alike, and keeps the first thing that is wrong with
/// them instead of throwing. Throws only where the bytes are no JSON or no MessagePack.
/// <para><b>Invariants.</b> Each method that takes a value takes exactly one, whatever it is, so that what follows can
/// still be read. Nothing here recurses, so no nesting can exhaust the stack.</para>
/// </summary>
internal ref partial struct FieldReader
{
    private readonly ChatLimits _limits;
    private readonly bool _isJson;
    private Utf8JsonReader _json;
    private MessagePackReader _pack;

    private ReadOnlySpan<byte> _name;
    private string _path = "";
    private int _left;
    private Refusal? _problem;
    private Refusal? _unknownId;

    /// <param name="json">Stands on the first token of the request.</param>
    public FieldReader(Utf8JsonReader json, ChatLimits limits)
    {
        _json = json;
        _isJson = true;
        _limits = limits;
    }

    /// <param name="pack">Stands before the request.</param>
    public FieldReader(MessagePackReader pack, ChatLimits limits)
    {
        _pack = pack;
        _limits = limits;
    }

    /// <summary>Where the JSON reader stands: on the last token of what was taken.</summary>
    public readonly Utf8JsonReader Json => _json;

    /// <summary>Where the MessagePack reader stands: after what was taken.</summary>
    public readonly MessagePackReader Pack => _pack;

    public readonly ChatLimits Limits => _limits;

    /// <summary>The first thing wrong; an id of a form that we never gave out counts last.</summary>
    public readonly Refusal? Problem => _problem ?? _unknownId;

    /// <summary>What was around an object or an array, to be put back by <see cref="End"/>.</summary>
    public readonly ref struct Outer(string path, ReadOnlySpan<byte> name, int left)
    {
        public readonly string Path = path;
        public readonly ReadOnlySpan<byte> Name = name;
        public readonly int Left = left;
    }

    private enum Kind
    {
        Nil,
        Text,
        Number,
        Truth,
        Object,
        Array,
        Other,
    }

    /// <summary>Goes into the object at hand; absent or of another type: false, and it is taken.</summary>
    /// <param name="path">Stands before its fields' names in a problem: <c>content.</c></param>
    public bool TryBegin(string path, out Outer outer)
    {
        outer = new Outer(_path, _name, _left);
        if (!IsAt(Kind.Object, "must be an object"))
            return false;
        _left = _isJson ? 0 : _pack.ReadMapHeader();
        _path = path;
        return true;
    }

    /// <summary>Goes into the array at hand; absent, of another type or too long: false, and it is taken.</summary>
    public bool TryBeginArray(int itemsMax, out Outer outer)
    {
        outer = new Outer(_path, _name, _left);
        if (!IsAt(Kind.Array, "must be an array"))
            return false;
        if (_isJson)
        {
            _left = itemsMax;
        }
        else
        {
            _left = _pack.CreatePeekReader().ReadArrayHeader();
            if (_left > itemsMax)
            {
                RefuseHere($"must have at most {itemsMax} items");
                Skip();
                _left = outer.Left;
                return false;
            }
            _pack.ReadArrayHeader();
        }
        return true;
    }

    public void End(Outer outer)
    {
        _path = outer.Path;
        _name = outer.Name;
        _left = outer.Left;
    }

    /// <summary>Goes to the value of the next field; false at the object's end.</summary>
    public bool NextField()
    {
        if (_isJson)
        {
            _json.Read();
            if (_json.TokenType == JsonTokenType.EndObject)
                return false;
            TryTakeUtf8(out _name);
            _json.Read();
            return true;
        }
        if (_left == 0)
            return false;
        _left--;
        if (_pack.NextMessagePackType == MessagePackType.String)
        {
            TryTakeUtf8(out _name);
        }
        else
        {
            Skip();
            _name = default;
        }
        return true;
    }

    /// <summary>Goes to the next item; false at the array's end.</summary>
    public bool NextItem()
    {
        if (!_isJson)
            return _left-- > 0;
        _json.Read();
        if (_json.TokenType == JsonTokenType.EndArray)
            return false;
        if (_left-- > 0)
            return true;
        RefuseHere("has too many items");
        while (_json.TokenType != JsonTokenType.EndArray)
        {
            _json.Skip();
            _json.Read();
        }
        return false;
    }

    /// <summary>Whether the field at hand has this name.</summary>
    public readonly bool Is(ReadOnlySpan<byte> name) => _name.SequenceEqual(name);

    /// <summary>Takes the value at hand without looking at it.</summary>
    public void Skip()
    {
        if (_isJson)
            _json.Skip();
        else
            _pack.Skip();
    }

    /// <summary>Keeps this as the problem, unless there is one already.</summary>
    /// <param name="field">A field of the object that is being read.</param>
    /// <param name="rule">What holds for it, never what it was.</param>
    public void Refuse(string field, string rule) => _problem ??= Refusal.Invalid($"{_path}{field} {rule}.");

    /// <summary>Refuses the array at hand for one of its items.</summary>
    public void RefuseItem(string rule) => RefuseHere(rule);

    public void Refuse(Refusal problem) => _problem ??= problem;

    /// <summary>Refuses a request that lacks a field.</summary>
    public void Require(bool present, string field)
    {
        if (!present)
            Refuse(field, "is missing");
    }

    // A field's name is asked for only once it was recognised, so it is one of ours and not the caller's.
    private void RefuseHere(string rule)
    {
        if (_problem is null)
            Refuse(_name.IsEmpty ? "The argument" : Encoding.UTF8.GetString(_name), rule);
    }

    /// <summary>Whether a value of this kind is at hand; if not, it is taken, and refused unless absent.</summary>
    private bool IsAt(Kind wanted, string rule)
    {
        var kind = _isJson ? JsonKind() : PackKind();
        if (kind == wanted)
            return true;
        if (kind != Kind.Nil)
            RefuseHere(rule);
        Skip();
        return false;
    }

    private readonly Kind JsonKind() => _json.TokenType switch
    {
        JsonTokenType.Null => Kind.Nil,
        JsonTokenType.String => Kind.Text,
        JsonTokenType.Number => Kind.Number,
        JsonTokenType.True or JsonTokenType.False => Kind.Truth,
        JsonTokenType.StartObject => Kind.Object,
        JsonTokenType.StartArray => Kind.Array,
        _ => Kind.Other,
    };

    private Kind PackKind() => _pack.NextMessagePackType switch
    {
        MessagePackType.Nil => Kind.Nil,
        MessagePackType.String => Kind.Text,
        MessagePackType.Integer => Kind.Number,
        MessagePackType.Boolean => Kind.Truth,
        MessagePackType.Map => Kind.Object,
        MessagePackType.Array => Kind.Array,
        _ => Kind.Other,
    };

    /// <summary>The text (or name) at hand in UTF-8; false: it has a lone surrogate or is no UTF-8.</summary>
    private bool TryTakeUtf8(out ReadOnlySpan<byte> utf8)
    {
        if (!_isJson)
        {
            var bytes = _pack.ReadStringSequence().GetValueOrDefault();
            utf8 = bytes.IsSingleSegment ? bytes.FirstSpan : bytes.ToArray();
            return Utf8.IsValid(utf8);
        }
        if (!_json.HasValueSequence && !_json.ValueIsEscaped)
        {
            utf8 = _json.ValueSpan;
            return Utf8.IsValid(utf8);
        }
        var copy = new byte[_json.HasValueSequence ? _json.ValueSequence.Length : _json.ValueSpan.Length];
        try
        {
            utf8 = copy.AsSpan(0, _json.CopyString(copy));
            return true;
        }
        catch (InvalidOperationException)
        {
            // The only way in which the JSON reader tells of a lone surrogate. Nothing is lost: the caller refuses.
            utf8 = default;
            return false;
        }
    }
}
