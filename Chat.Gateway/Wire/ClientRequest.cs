using Chat.Refusals;

namespace Chat.Gateway.Wire;

/// <summary>
/// What a client asks, read so tolerantly that there always is one: where a field is missing, ill-typed or out of
/// range, <see cref="Problem"/> says so and the other members are not to be used. Unknown fields are passed over,
/// absent is the same as nil, and of a field that is there twice the later counts.
/// </summary>
internal abstract class ClientRequest
{
    /// <summary>The first thing wrong with it; null: it may be carried out.</summary>
    public Refusal? Problem { get; private set; }

    /// <summary>Takes the value of the field at hand, whatever the field is.</summary>
    protected abstract void Take(ref FieldReader fields);

    /// <summary>Refuses what lacks a field, or has two that exclude one another.</summary>
    protected abstract void Check(ref FieldReader fields);

    /// <summary>Takes one whole request.</summary>
    public static T Read<T>(ref FieldReader fields)
        where T : ClientRequest, new()
    {
        var request = new T();
        Read(ref fields, request);
        return request;
    }

    /// <summary>Takes one whole request into this one, which may know some fields already.</summary>
    public static void Read(ref FieldReader fields, ClientRequest request)
    {
        if (fields.TryBegin("", out var outer))
        {
            while (fields.NextField())
                request.Take(ref fields);
            fields.End(outer);
        }
        request.Check(ref fields);
        request.Problem = fields.Problem;
    }
}
