using Npgsql;
using NpgsqlTypes;

namespace Chat.Storage.Postgres;

/// <summary>Positional parameters without boxing, and columns that may be absent.</summary>
internal static class Parameters
{
    public static NpgsqlParameterCollection With(this NpgsqlParameterCollection parameters, Guid value) =>
        parameters.Typed(value, NpgsqlDbType.Uuid);

    public static NpgsqlParameterCollection With(this NpgsqlParameterCollection parameters, long value) =>
        parameters.Typed(value, NpgsqlDbType.Bigint);

    public static NpgsqlParameterCollection With(this NpgsqlParameterCollection parameters, short value) =>
        parameters.Typed(value, NpgsqlDbType.Smallint);

    public static NpgsqlParameterCollection With(this NpgsqlParameterCollection parameters, DateTimeOffset value) =>
        parameters.Typed(value.UtcDateTime, NpgsqlDbType.TimestampTz);

    public static NpgsqlParameterCollection With(this NpgsqlParameterCollection parameters, string? value) =>
        value is null ? parameters.Null(NpgsqlDbType.Text) : parameters.Typed(value, NpgsqlDbType.Text);

    public static NpgsqlParameterCollection With(this NpgsqlParameterCollection parameters, long? value) =>
        value is { } number ? parameters.With(number) : parameters.Null(NpgsqlDbType.Bigint);

    public static NpgsqlParameterCollection With(this NpgsqlParameterCollection parameters, Guid? value) =>
        value is { } id ? parameters.With(id) : parameters.Null(NpgsqlDbType.Uuid);

    public static NpgsqlParameterCollection With(this NpgsqlParameterCollection parameters, DateTimeOffset? value) =>
        value is { } time ? parameters.With(time) : parameters.Null(NpgsqlDbType.TimestampTz);

    public static NpgsqlParameterCollection With(this NpgsqlParameterCollection parameters, bool? value) =>
        value is { } flag ? parameters.Typed(flag, NpgsqlDbType.Boolean) : parameters.Null(NpgsqlDbType.Boolean);

    public static NpgsqlParameterCollection With(this NpgsqlParameterCollection parameters, byte[] value) =>
        parameters.Typed(value, NpgsqlDbType.Bytea);

    public static NpgsqlParameterCollection With(this NpgsqlParameterCollection parameters, Guid[] values) =>
        parameters.Typed(values, NpgsqlDbType.Array | NpgsqlDbType.Uuid);

    public static NpgsqlParameterCollection With(this NpgsqlParameterCollection parameters, long[] values) =>
        parameters.Typed(values, NpgsqlDbType.Array | NpgsqlDbType.Bigint);

    public static NpgsqlParameterCollection With(this NpgsqlParameterCollection parameters, long?[] values) =>
        parameters.Typed(values, NpgsqlDbType.Array | NpgsqlDbType.Bigint);

    public static NpgsqlParameterCollection With(this NpgsqlParameterCollection parameters, short[] values) =>
        parameters.Typed(values, NpgsqlDbType.Array | NpgsqlDbType.Smallint);

    public static NpgsqlParameterCollection With(this NpgsqlParameterCollection parameters, string?[] values) =>
        parameters.Typed(values, NpgsqlDbType.Array | NpgsqlDbType.Text);

    public static NpgsqlParameterCollection With(this NpgsqlParameterCollection parameters, DateTime[] values) =>
        parameters.Typed(values, NpgsqlDbType.Array | NpgsqlDbType.TimestampTz);

    public static DateTimeOffset? TimeOrNull(this NpgsqlDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : reader.GetFieldValue<DateTimeOffset>(column);

    public static string? TextOrNull(this NpgsqlDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : reader.GetString(column);

    public static long? NumberOrNull(this NpgsqlDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : reader.GetInt64(column);

    private static NpgsqlParameterCollection Typed<T>(
        this NpgsqlParameterCollection parameters, T value, NpgsqlDbType type)
    {
        parameters.Add(new NpgsqlParameter<T> { TypedValue = value, NpgsqlDbType = type });
        return parameters;
    }

    private static NpgsqlParameterCollection Null(this NpgsqlParameterCollection parameters, NpgsqlDbType type)
    {
        parameters.Add(new NpgsqlParameter { Value = DBNull.Value, NpgsqlDbType = type });
        return parameters;
    }
}
