using System.Buffers.Text;
using System.Text;
using Chat.Ids;
using Chat.Refusals;
using MessagePack;

namespace Chat.Gateway.Wire;

/// <summary>
/// The kinds of values that requests have. Absent and refused are null; which of both, the problem says.
/// </summary>
internal ref partial struct FieldReader
{
    /// <summary>A text of at most so many UTF-8 bytes; a longer one is not even decoded.</summary>
    /// <param name="whenLonger">The refusal of a longer one; <c>invalid</c> where it is null.</param>
    public string? Text(int bytesMax, Refusal? whenLonger = null)
    {
        if (!TryUtf8(out var utf8))
            return null;
        if (utf8.Length > bytesMax)
        {
            if (whenLonger is null)
                RefuseHere($"must have at most {bytesMax} bytes in UTF-8");
            else
                Refuse(whenLonger);
            return null;
        }
        // PostgreSQL's text can't hold it, and nobody can read it.
        if (utf8.Contains((byte)0))
        {
            RefuseHere("must have no U+0000");
            return null;
        }
        return Encoding.UTF8.GetString(utf8);
    }

    /// <summary>1 to so many characters of printable ASCII, as they are.</summary>
    public string? PrintableAscii(int lengthMax)
    {
        if (!TryUtf8(out var utf8))
            return null;
        if (utf8.Length >= 1 && utf8.Length <= lengthMax && !utf8.ContainsAnyExceptInRange((byte)0x20, (byte)0x7E))
            return Encoding.ASCII.GetString(utf8);
        RefuseHere($"must have 1 to {lengthMax} printable ASCII characters");
        return null;
    }

    /// <summary>The bytes of a text that has to be one of a few words; valid until the next call.</summary>
    public bool TryUtf8(out ReadOnlySpan<byte> utf8)
    {
        utf8 = default;
        if (!IsAt(Kind.Text, "must be a text"))
            return false;
        if (TryTakeUtf8(out utf8))
            return true;
        RefuseHere("must be well-formed Unicode");
        return false;
    }

    public long? WholeNumber(long min, long max = long.MaxValue)
    {
        if (!IsAt(Kind.Number, "must be a whole number"))
            return null;
        if (TryTakeInt64(out var number) && number >= min && number <= max)
            return number;
        RefuseHere(max == long.MaxValue
            ? $"must be a whole number from {min}"
            : $"must be a whole number from {min} to {max}");
        return null;
    }

    public bool? Truth()
    {
        if (!IsAt(Kind.Truth, "must be true or false"))
            return null;
        return _isJson ? _json.GetBoolean() : _pack.ReadBoolean();
    }

    /// <summary>A user's id. One that we never gave out is nobody's: <c>user_not_found</c>.</summary>
    public UserId? UserId()
    {
        if (!TryUtf8(out var utf8))
            return null;
        if (TryParseId(utf8, out var id))
            return new UserId(id);
        _unknownId ??= Refusal.UserNotFound;
        return default(UserId);
    }

    /// <summary>A conversation's id. One that we never gave out is refused like any unknown one.</summary>
    public ConversationId? ConversationId()
    {
        var id = AnyConversationId();
        if (id == default(ConversationId))
            _unknownId ??= Refusal.ConversationNotFound;
        return id;
    }

    /// <summary>A conversation's id; all zero where we never gave it out.</summary>
    public ConversationId? AnyConversationId()
    {
        if (!TryUtf8(out var utf8))
            return null;
        return TryParseId(utf8, out var id) ? new ConversationId(id) : default(ConversationId);
    }

    private bool TryTakeInt64(out long number)
    {
        if (_isJson)
            return _json.TryGetInt64(out number);
        if (_pack.NextCode == MessagePackCode.UInt64)
        {
            var unsigned = _pack.ReadUInt64();
            number = unchecked((long)unsigned);
            return unsigned <= long.MaxValue;
        }
        number = _pack.ReadInt64();
        return true;
    }

    private static bool TryParseId(ReadOnlySpan<byte> utf8, out Guid id)
    {
        id = default;
        return utf8.Length == 32 && Utf8Parser.TryParse(utf8, out id, out var used, 'N') && used == 32;
    }
}
