using Microsoft.Net.Http.Headers;

namespace Harmony.Fleet.Operator.Api;

/// <summary>What <c>If-Match</c> and <c>If-None-Match</c> demand of a resource, whose entity tag is its resourceVersion in quotes.</summary>
internal sealed class RequestConditions
{
    /// <summary>The headers that make a request conditional. Where a path does not honour one it refuses it: ignored, a write would overwrite what it must not.</summary>
    public static readonly string[] Headers = [HeaderNames.IfMatch, HeaderNames.IfNoneMatch, HeaderNames.IfUnmodifiedSince, HeaderNames.IfRange];

    private readonly IList<EntityTagHeaderValue>? match;
    private readonly IList<EntityTagHeaderValue>? noneMatch;

    private RequestConditions(IList<EntityTagHeaderValue>? match, IList<EntityTagHeaderValue>? noneMatch) => (this.match, this.noneMatch) = (match, noneMatch);

    /// <summary>Whether nothing is demanded.</summary>
    public bool IsEmpty => match is null && noneMatch is null;

    /// <summary>Reads the headers of <paramref name="request"/>.</summary>
    /// <returns>The conditions; or what is wrong with them.</returns>
    public static (RequestConditions? Conditions, ApiFailure? Failure) Read(HttpRequest request) =>
        !TryRead(request, HeaderNames.IfMatch, out var match) ? (null, Malformed(HeaderNames.IfMatch))
        : !TryRead(request, HeaderNames.IfNoneMatch, out var noneMatch) ? (null, Malformed(HeaderNames.IfNoneMatch))
        : (new RequestConditions(match, noneMatch), null);

    /// <summary>The entity tag of <paramref name="version"/>.</summary>
    public static string TagOf(string? version) => $"\"{version}\"";

    /// <summary>Why a write to a resource of <paramref name="version"/> must not be done; null where it may. A version of null: there is no such resource.</summary>
    public ApiFailure? FailureOf(string name, string? version) =>
        IfMatchFailure(name, version) ?? (IsKnown(version) ? ApiFailure.PreconditionFailed($"If-None-Match does not hold: \"{name}\" is there, in version {version}.") : null);

    /// <summary>Why a resource of <paramref name="version"/> must not be shown; null where it may.</summary>
    public ApiFailure? IfMatchFailure(string name, string? version) => match is null || match.Any(tag => Names(tag, version) && !tag.IsWeak)
        ? null
        : ApiFailure.PreconditionFailed(version is null ? $"If-Match does not hold: there is no \"{name}\"." : $"If-Match does not hold: \"{name}\" is in version {version} now.");

    /// <summary>Whether the sender knows <paramref name="version"/> already.</summary>
    public bool IsKnown(string? version) => noneMatch?.Any(tag => Names(tag, version)) == true;

    private static bool Names(EntityTagHeaderValue tag, string? version) =>
        version is not null && (tag.Equals(EntityTagHeaderValue.Any) || tag.Tag.Equals(TagOf(version), StringComparison.Ordinal));

    private static bool TryRead(HttpRequest request, string name, out IList<EntityTagHeaderValue>? tags)
    {
        tags = null;
        if (!request.Headers.TryGetValue(name, out var values))
        {
            return true;
        }

        var isList = EntityTagHeaderValue.TryParseStrictList([.. values.OfType<string>()], out var read)
            && (read.Count == 1 || (read.Count > 1 && !read.Contains(EntityTagHeaderValue.Any)));
        tags = isList ? read : null;
        return isList;
    }

    private static ApiFailure Malformed(string header) =>
        ApiFailure.BadRequest($"The header {header} is wrong: it is * alone, or a resourceVersion in quotes, for example \"12\", or several with commas between them.");
}

/// <summary>Marks paths that honour <c>If-Match</c> and <c>If-None-Match</c>.</summary>
internal sealed record TakesConditions;

/// <summary>Refuses conditions where they are not honoured.</summary>
/// <param name="next">The rest.</param>
internal sealed class ConditionGuard(RequestDelegate next)
{
    /// <summary>Answers one request.</summary>
    public Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint() is not RouteEndpoint endpoint || !context.Request.Path.StartsWithSegments("/api", StringComparison.Ordinal))
        {
            return next(context);
        }

        var honoured = endpoint.Metadata.GetMetadata<TakesConditions>() is null ? 0 : 2;
        return RequestConditions.Headers.Skip(honoured).FirstOrDefault(context.Request.Headers.ContainsKey) is { } header
            ? ApiResults.WriteAsync(context, ApiFailure.BadRequest($"{header} is not honoured by {context.Request.Method} {context.Request.Path}: send the request without it."))
            : next(context);
    }
}
