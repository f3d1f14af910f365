using System.Text;
using Chat.Ids;
using SQLitePCL;

namespace Chat.Storage.Sqlite;

/// <summary>
/// One prepared statement of one session, kept for the session's life. Straight on SQLite's own calls: a command object
/// with named parameters costs several times what the statement itself does, for each row.
/// </summary>
/// <remarks>Parameters count from 1, columns from 0. Used by the session's thread alone.</remarks>
internal sealed class SqliteStatement(sqlite3 database, sqlite3_stmt statement) : IDisposable
{
    private const int TextOnStackMax = 512;

    public SqliteStatement Bind(int parameter, long value)
    {
        Check(raw.sqlite3_bind_int64(statement, parameter, value));
        return this;
    }

    public SqliteStatement Bind(int parameter, long? value) =>
        value is { } number ? Bind(parameter, number) : BindNull(parameter);

    public SqliteStatement Bind(int parameter, Guid value)
    {
        Span<byte> bytes = stackalloc byte[16];
        value.TryWriteBytes(bytes, bigEndian: true, out _);
        return BindBlob(parameter, bytes);
    }

    public SqliteStatement Bind(int parameter, UserId id) => Bind(parameter, id.Value);

    public SqliteStatement Bind(int parameter, ConversationId id) => Bind(parameter, id.Value);

    public SqliteStatement Bind(int parameter, string? text)
    {
        if (text is null)
            return BindNull(parameter);

        if (text.Length > TextOnStackMax / 3)
            return BindText(parameter, Encoding.UTF8.GetBytes(text));

        Span<byte> utf8 = stackalloc byte[TextOnStackMax];
        return BindText(parameter, utf8[..Encoding.UTF8.GetBytes(text, utf8)]);
    }

    public SqliteStatement BindText(int parameter, ReadOnlySpan<byte> utf8)
    {
        Check(raw.sqlite3_bind_text(statement, parameter, utf8));
        return this;
    }

    public SqliteStatement BindBlob(int parameter, ReadOnlySpan<byte> bytes)
    {
        Check(raw.sqlite3_bind_blob(statement, parameter, bytes));
        return this;
    }

    public SqliteStatement BindNull(int parameter)
    {
        Check(raw.sqlite3_bind_null(statement, parameter));
        return this;
    }

    /// <returns>True: there is a row to read. False: that was all; the statement is free for its next use.</returns>
    public bool Step()
    {
        var result = raw.sqlite3_step(statement);
        if (result == raw.SQLITE_ROW)
            return true;

        raw.sqlite3_reset(statement);
        Check(result);
        return false;
    }

    /// <summary>Runs to the end.</summary>
    /// <returns>How many rows it changed.</returns>
    public int Run()
    {
        while (Step())
            continue;

        return raw.sqlite3_changes(database);
    }

    /// <summary>The first column of the only row.</summary>
    /// <returns>Null: no row, or null in it.</returns>
    public long? Scalar()
    {
        long? value = Step() ? NullableLong(0) : null;
        Reset();
        return value;
    }

    public void Reset() => raw.sqlite3_reset(statement);

    public bool IsNull(int column) => raw.sqlite3_column_type(statement, column) == raw.SQLITE_NULL;

    public long Long(int column) => raw.sqlite3_column_int64(statement, column);

    public long? NullableLong(int column) => IsNull(column) ? null : Long(column);

    public string? Text(int column) =>
        IsNull(column) ? null : raw.sqlite3_column_text(statement, column).utf8_to_string();

    /// <summary>A text's UTF-8 or a blob, valid until the next step.</summary>
    public ReadOnlySpan<byte> Bytes(int column) => raw.sqlite3_column_blob(statement, column);

    public UserId User(int column) => new(new Guid(Bytes(column), bigEndian: true));

    public ConversationId Conversation(int column) => new(new Guid(Bytes(column), bigEndian: true));

    public DateTimeOffset Time(int column) => DateTimeOffset.FromUnixTimeMilliseconds(Long(column));

    public DateTimeOffset? NullableTime(int column) => IsNull(column) ? null : Time(column);

    public void Dispose() => statement.Dispose();

    private void Check(int result)
    {
        if (result is not (raw.SQLITE_OK or raw.SQLITE_DONE or raw.SQLITE_ROW))
            throw SqliteSession.Failure(database, result);
    }
}
