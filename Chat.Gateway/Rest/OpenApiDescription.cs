using Chat.Conversations;
using Chat.Ids;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Chat.Gateway.Rest;

/// <summary><c>GET /openapi/v1.json</c>, made from the endpoints and true to what goes over the wire.</summary>
internal static class OpenApiDescription
{
    private const string Bearer = "bearer";

    public static IServiceCollection AddChatOpenApi(this IServiceCollection services) =>
        services.AddOpenApi("v1", options =>
        {
            options.AddSchemaTransformer(DescribeWireTypes);
            options.AddDocumentTransformer(DescribeBearer);
            options.AddOperationTransformer(RequireBearer);
        });

    /// <summary>Says which refusals an endpoint has, by their status.</summary>
    public static RouteHandlerBuilder ProducesRefusals(this RouteHandlerBuilder endpoint, params int[] statuses)
    {
        foreach (var status in statuses)
            endpoint.Produces<ProblemBody>(status, Problems.ContentType);
        return endpoint;
    }

    // Our converters write these as plain values, which the schema's exporter can't see.
    private static Task DescribeWireTypes(
        OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancel)
    {
        var type = Nullable.GetUnderlyingType(context.JsonTypeInfo.Type) ?? context.JsonTypeInfo.Type;
        if (type == typeof(UserId) || type == typeof(ConversationId))
        {
            schema.Type = JsonSchemaType.String;
            schema.Pattern = "^[0-9a-f]{32}$";
        }
        else if (type == typeof(DateTimeOffset))
        {
            schema.Type = JsonSchemaType.String;
            schema.Format = "date-time";
        }
        else if (type == typeof(ContentKind))
        {
            schema.Type = JsonSchemaType.String;
            schema.Enum = [.. Enum.GetNames<ContentKind>().Select(name => (System.Text.Json.Nodes.JsonNode)Camel(name))];
        }
        return Task.CompletedTask;
    }

    private static string Camel(string name) => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(name);

    private static Task DescribeBearer(
        OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancel)
    {
        document.Info = new OpenApiInfo { Title = "Chat", Version = "1" };
        document.AddComponent(Bearer, new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = "bearer",
            BearerFormat = "JWT",
        });
        return Task.CompletedTask;
    }

    private static Task RequireBearer(
        OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancel)
    {
        if (context.Description.ActionDescriptor.EndpointMetadata.OfType<IAuthorizeData>().Any())
        {
            operation.Security =
                [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Bearer, context.Document)] = [] }];
        }
        return Task.CompletedTask;
    }
}
