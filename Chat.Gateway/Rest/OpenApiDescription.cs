using System.Text.Json;
using System.Text.Json.Nodes;
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
    private const string IdPattern = "^[0-9a-f]{32}$";

    public static IServiceCollection AddChatOpenApi(this IServiceCollection services) =>
        services.AddOpenApi("v1", options =>
        {
            options.AddSchemaTransformer(DescribeWireTypes);
            options.AddDocumentTransformer(DescribeBearer);
            options.AddOperationTransformer(RequireBearer);
            options.AddOperationTransformer(DescribeQuery);
        });

    /// <summary>Says which refusals an endpoint has, by their status.</summary>
    public static RouteHandlerBuilder ProducesRefusals(this RouteHandlerBuilder endpoint, params int[] statuses)
    {
        foreach (var status in statuses)
            endpoint.Produces<ProblemBody>(status, Problems.ContentType);
        return endpoint;
    }

    /// <summary>Names what an endpoint reads from its query.</summary>
    public static RouteHandlerBuilder TakesQuery(this RouteHandlerBuilder endpoint, params QueryField[] fields) =>
        endpoint.WithMetadata((object[])fields);

    // Our converters write these as plain values, and leave out what is absent: the schema's exporter sees neither.
    private static Task DescribeWireTypes(
        OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancel)
    {
        var type = Nullable.GetUnderlyingType(context.JsonTypeInfo.Type) ?? context.JsonTypeInfo.Type;
        if (IsId(type))
        {
            schema.Type = JsonSchemaType.String;
            schema.Pattern = IdPattern;
        }
        else if (context.JsonTypeInfo.ElementType is { } element && IsId(element))
        {
            schema.Items = new OpenApiSchema { Type = JsonSchemaType.String, Pattern = IdPattern };
        }
        else if (type == typeof(DateTimeOffset))
        {
            schema.Type = JsonSchemaType.String;
            schema.Format = "date-time";
        }
        else if (type == typeof(ContentKind))
        {
            schema.Type = JsonSchemaType.String;
            schema.Enum = [.. Enum.GetNames<ContentKind>().Select(name => (JsonNode)Camel(name))];
        }
        foreach (var property in context.JsonTypeInfo.Properties.Where(property => property.IsGetNullable))
            schema.Required?.Remove(property.Name);
        return Task.CompletedTask;
    }

    private static bool IsId(Type type) => type == typeof(UserId) || type == typeof(ConversationId);

    private static string Camel(string name) => JsonNamingPolicy.CamelCase.ConvertName(name);

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
                [new() { [new OpenApiSecuritySchemeReference(Bearer, context.Document)] = [] }];
        }
        return Task.CompletedTask;
    }

    private static Task DescribeQuery(
        OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancel)
    {
        foreach (var field in context.Description.ActionDescriptor.EndpointMetadata.OfType<QueryField>())
        {
            operation.Parameters ??= [];
            operation.Parameters.Add(new OpenApiParameter
            {
                Name = field.Name,
                In = ParameterLocation.Query,
                Required = field.IsRequired,
                Schema = new OpenApiSchema
                {
                    Type = field.IsNumber ? JsonSchemaType.Integer : JsonSchemaType.String,
                    Format = field.IsNumber ? "int64" : null,
                },
            });
        }
        return Task.CompletedTask;
    }
}

/// <summary>One field of an endpoint's query.</summary>
internal sealed record QueryField(string Name, bool IsNumber = false, bool IsRequired = false);
