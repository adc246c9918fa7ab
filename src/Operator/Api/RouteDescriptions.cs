using Harmony.Fleet.Contracts.Api;
using Microsoft.OpenApi;

namespace Harmony.Fleet.Operator.Api;

/// <summary>What the OpenAPI document says of routes beyond their types.</summary>
internal static class RouteDescriptions
{
    /// <summary>Can fail with these statuses, beside 401 and 500.</summary>
    public static RouteHandlerBuilder Fails(this RouteHandlerBuilder route, params ReadOnlySpan<int> codes)
    {
        foreach (var code in (ReadOnlySpan<int>)[.. codes, StatusCodes.Status401Unauthorized, StatusCodes.Status500InternalServerError])
        {
            route.Produces<ApiStatus>(code, ApiResults.Json);
        }

        return route;
    }

    /// <summary>Takes the query of lists and watches.</summary>
    public static RouteHandlerBuilder TakesListQuery(this RouteHandlerBuilder route) => route
        .Takes("limit", JsonSchemaType.Integer, "The most items of a page; 0 for all")
        .Takes("continue", JsonSchemaType.String, "Where the last page ended: its metadata.continue")
        .Takes("labelSelector", JsonSchemaType.String, "Kubernetes' syntax: a=b,c!=d,e in (f,g),h notin (i),j,!k")
        .Takes("watch", JsonSchemaType.Boolean, "Stream changes as lines of {\"type\": ..., \"object\": ...} instead")
        .Takes("resourceVersion", JsonSchemaType.String, "With watch: changes after this version; without it all that is there comes first");

    /// <summary>Honours <c>If-Match</c> and <c>If-None-Match</c>. Every other path refuses them.</summary>
    public static RouteHandlerBuilder TakesConditions(this RouteHandlerBuilder route, string ifMatch, string ifNoneMatch)
    {
        const string Form = ". Entity tags: * or a metadata.resourceVersion in quotes, as in the header ETag; several with commas between them.";
        route.WithMetadata(new TakesConditions());
        return route.Describes("If-Match", JsonSchemaType.String, ifMatch + Form, ParameterLocation.Header)
            .Describes("If-None-Match", JsonSchemaType.String, ifNoneMatch + Form, ParameterLocation.Header);
    }

    /// <summary>Takes a parameter in its query. Every other parameter is refused.</summary>
    public static RouteHandlerBuilder Takes(this RouteHandlerBuilder route, string name, JsonSchemaType type, string description) =>
        route.WithMetadata(new TakesQuery(name)).Describes(name, type, description, ParameterLocation.Query);

    private static RouteHandlerBuilder Describes(this RouteHandlerBuilder route, string name, JsonSchemaType type, string description, ParameterLocation location) =>
        route.AddOpenApiOperationTransformer((operation, _, _) =>
        {
            operation.Parameters ??= [];
            operation.Parameters.Add(new OpenApiParameter
            {
                Name = name, In = location, Description = description, Schema = new OpenApiSchema { Type = type },
            });
            return Task.CompletedTask;
        });
}
