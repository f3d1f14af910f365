using System.Globalization;
using System.Text;
using CsCheck;
using MessagePack;

namespace Chat.Tests.Wire;

/// <summary>Anything that both encodings can say, and some that they should not.</summary>
internal abstract record Value
{
    private static readonly string[] KnownNames =
    [
        "conversationId", "clientMessageId", "content", "kind", "text", "replyTo", "targetSeq", "emoji", "userId",
        "seq",
        "cursor", "limit", "before", "after", "around", "conversations", "version", "title", "memberIds", "userIds",
        "role", "description", "historyVisibility", "onlyAdminsSend", "pictureMediaId", "retention", "mode", "code",
        "expiresAfterSeconds", "usesMax", "forSeconds", "typing", "lastSeen", "readReceipts",
    ];

    private static readonly Gen<string> Texts = Gen.OneOf(
        Gen.OneOf(
            "", "text", "edit", "delete", "reaction", "image", "system", "deleted", "b2a9e3a0c1d24f6c8a53a6cb1b0e7f10",
            "owner", "fromJoin", "permanent", "contacts",
            "not-an-id", "\ud800", "a\0b", "\udc00\ud83d", new string('x', 65), new string('é', 8_200)),
        Gen.String[0, 20]);

    public static readonly Gen<Value> Any = Gen.Recursive<Value>((depth, any) => depth > 4
        ? Scalars
        : Gen.Frequency(
            (6, Scalars),
            (2, any.Array[0, 4].Select(items => (Value)new Items(items))),
            (4, FieldsOf(any).Select(fields => (Value)fields))));

    public static readonly Gen<Value> Objects = FieldsOf(Any).Select(fields => (Value)fields);

    private static Gen<Value> Scalars => Gen.OneOf(
        Gen.Const((Value)new Nil()),
        Gen.Bool.Select(value => (Value)new Truth(value)),
        Gen.OneOf(Gen.Long, Gen.OneOf(0L, 1L, -1L, long.MaxValue, long.MinValue, 200L, 201L))
            .Select(value => (Value)new Whole(value)),
        Gen.Double.Unit.Select(value => (Value)new Real(value)),
        Gen.ULong.Select(value => (Value)new Big(value)),
        Texts.Select(value => (Value)new Words(value)));

    private static Gen<Fields> FieldsOf(Gen<Value> values) =>
        Gen.Select(Gen.OneOf(Gen.OneOf(KnownNames), Gen.String[0, 5]), values)
            .Array[0, 6].Select(pairs => new Fields(pairs));

    public string Json
    {
        get
        {
            var json = new StringBuilder();
            WriteJson(json);
            return json.ToString();
        }
    }

    public abstract void WriteJson(StringBuilder json);

    public abstract void WritePack(ref MessagePackWriter writer);

    internal sealed record Nil : Value
    {
        public override void WriteJson(StringBuilder json) => json.Append("null");

        public override void WritePack(ref MessagePackWriter writer) => writer.WriteNil();
    }

    internal sealed record Truth(bool Is) : Value
    {
        public override void WriteJson(StringBuilder json) => json.Append(Is ? "true" : "false");

        public override void WritePack(ref MessagePackWriter writer) => writer.Write(Is);
    }

    internal sealed record Whole(long Number) : Value
    {
        public override void WriteJson(StringBuilder json) => json.Append(CultureInfo.InvariantCulture, $"{Number}");

        public override void WritePack(ref MessagePackWriter writer) => writer.Write(Number);
    }

    internal sealed record Big(ulong Number) : Value
    {
        public override void WriteJson(StringBuilder json) => json.Append(CultureInfo.InvariantCulture, $"{Number}");

        public override void WritePack(ref MessagePackWriter writer) => writer.WriteUInt64(Number);
    }

    internal sealed record Real(double Number) : Value
    {
        public override void WriteJson(StringBuilder json) =>
            json.Append(Number.ToString("E6", CultureInfo.InvariantCulture));

        public override void WritePack(ref MessagePackWriter writer) => writer.Write(Number);
    }

    internal sealed record Words(string Text) : Value
    {
        public override void WriteJson(StringBuilder json)
        {
            json.Append('"');
            foreach (var c in Text)
                json.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            json.Append('"');
        }

        public override void WritePack(ref MessagePackWriter writer)
        {
            // A lone surrogate as three bytes that are no UTF-8.
            var bytes = new List<byte>();
            foreach (var rune in Text.EnumerateRunes())
            {
                if (rune == Rune.ReplacementChar)
                    bytes.AddRange([0xED, 0xA0, 0x80]);
                else
                    bytes.AddRange(Encoding.UTF8.GetBytes(rune.ToString()));
            }
            writer.WriteString(bytes.ToArray());
        }
    }

    internal sealed record Items(Value[] Values) : Value
    {
        public override void WriteJson(StringBuilder json)
        {
            json.Append('[');
            for (var i = 0; i < Values.Length; i++)
            {
                if (i > 0)
                    json.Append(',');
                Values[i].WriteJson(json);
            }
            json.Append(']');
        }

        public override void WritePack(ref MessagePackWriter writer)
        {
            writer.WriteArrayHeader(Values.Length);
            foreach (var value in Values)
                value.WritePack(ref writer);
        }
    }

    internal sealed record Fields((string Name, Value Value)[] Pairs) : Value
    {
        public override void WriteJson(StringBuilder json)
        {
            json.Append('{');
            for (var i = 0; i < Pairs.Length; i++)
            {
                if (i > 0)
                    json.Append(',');
                new Words(Pairs[i].Name).WriteJson(json);
                json.Append(':');
                Pairs[i].Value.WriteJson(json);
            }
            json.Append('}');
        }

        public override void WritePack(ref MessagePackWriter writer)
        {
            writer.WriteMapHeader(Pairs.Length);
            foreach (var (name, value) in Pairs)
            {
                new Words(name).WritePack(ref writer);
                value.WritePack(ref writer);
            }
        }
    }
}
