using System.Buffers;
using System.Text.Json;
using Chat.Gateway.Wire;
using Chat.Refusals;
using Microsoft.Extensions.Options;

namespace Chat.Gateway.Rest;

/// <summary>Reads a REST call's JSON body in the same way as the hub reads its argument.</summary>
internal sealed class RequestBody(IOptions<ChatLimits> limits)
{
    /// <summary>As much as one hub message may have.</summary>
    public const int BytesMax = 128 * 1024;

    private static readonly Refusal NotJson = Refusal.Invalid("The body is not well-formed JSON.");

    /// <param name="request">Takes the fields; may know some already, from the address.</param>
    /// <returns>What is wrong with the body; null: the request may be carried out.</returns>
    public async ValueTask<Refusal?> ReadAsync<T>(HttpContext http, T request)
        where T : ClientRequest
    {
        if (http.Request.ContentLength > BytesMax)
            return Refusal.ContentTooLarge;
        var reader = http.Request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync(http.RequestAborted);
            if (read.Buffer.Length > BytesMax)
            {
                reader.AdvanceTo(read.Buffer.End);
                return Refusal.ContentTooLarge;
            }
            if (read.IsCompleted)
            {
                var problem = Parse(read.Buffer, request);
                reader.AdvanceTo(read.Buffer.End);
                return problem;
            }
            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    private Refusal? Parse<T>(ReadOnlySequence<byte> body, T request)
        where T : ClientRequest
    {
        try
        {
            var json = new Utf8JsonReader(body);
            if (!json.Read())
                return NotJson;
            var fields = new FieldReader(json, limits.Value);
            ClientRequest.Read(ref fields, request);
            json = fields.Json;
            return json.Read() ? NotJson : request.Problem;
        }
        catch (JsonException)
        {
            // The only way in which the JSON reader tells of it. Nothing is lost: the caller gets the refusal.
            return NotJson;
        }
    }
}
