using Microsoft.Extensions.Primitives;

namespace Harmony.Fleet.Operator.Api;

/// <summary>Marks a path that takes a parameter in its query.</summary>
/// <param name="Name">The parameter.</param>
internal sealed record TakesQuery(string Name);

/// <summary>
/// Reads queries strictly, on every path there is. A parameter that its path does not say it takes, that is empty, or that is given twice is refused: ignored,
/// it would leave the request to do more than its sender meant (<c>?dryRun=All</c> on a deletion).
/// </summary>
/// <param name="next">The rest.</param>
internal sealed class QueryGuard(RequestDelegate next)
{
    /// <summary>Answers one request.</summary>
    public Task InvokeAsync(HttpContext context)
    {
        if (context.Request.Query.Count == 0 || context.GetEndpoint() is not RouteEndpoint endpoint)
        {
            return next(context);
        }

        string[] known = [.. endpoint.Metadata.OfType<TakesQuery>().Select(parameter => parameter.Name)];
        return context.Request.Query.Select(given => Problem(given.Key, given.Value, known)).FirstOrDefault(problem => problem is not null) is { } wrong
            ? ApiResults.WriteAsync(context, RequestQuery.Wrong($"{wrong}; the request was not carried out"))
            : next(context);
    }

    private static string? Problem(string name, StringValues values, string[] known) =>
        !known.Contains(name, StringComparer.Ordinal) ? $"{Told(name)} is no parameter of this path, {(known.Length == 0 ? "which takes none" : $"which takes {string.Join(", ", known)}")}"
        : values is [{ Length: > 0 }] ? null
        : values.Count > 1 ? $"{name} is given {values.Count} times"
        : $"{name} is empty: leave it out, or give it a value";

    private static string Told(string name) => name.Length <= 64 ? $"'{name}'" : $"'{name[..64]}...'";
}
