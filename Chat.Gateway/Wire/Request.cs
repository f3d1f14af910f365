using Chat.Refusals;

namespace Chat.Gateway.Wire;

/// <summary>
/// What a client asks, read so tolerantly that there always is one: where a field is missing, ill-typed or out of range,
/// <see cref="Problem"/> says so and the other members are not to be used. Unknown fields are passed over, absent is the
/// same as nil, and of a field that is there twice the later counts.
/// </summary>
internal abstract class Request
{
    /// <summary>The first thing wrong with it; null: it may be carried out.</summary>
    public Refusal? Problem { get; private set; }

    /// <summary>Takes the value of the field at hand, whatever the field is.</summary>
    protected abstract void Take(ref FieldReader fields);

    /// <summary>Refuses what lacks a field, or has two that exclude one another.</summary>
    protected abstract void Check(ref FieldReader fields);

    /// <summary>Takes one whole request.</summary>
    public static T Read<T>(ref FieldReader fields)
        where T : Request, new()
    {
        var request = new T();
        if (fields.TryBegin("", out var outer))
        {
            while (fields.NextField())
                request.Take(ref fields);
            fields.End(outer);
        }
        request.Check(ref fields);
        request.Problem = fields.Problem;
        return request;
    }
}
