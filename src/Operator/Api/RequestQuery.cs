using System.Globalization;

namespace Harmony.Fleet.Operator.Api;

/// <summary>The query of a request, which <see cref="QueryGuard"/> let through: every parameter is known here, and has one value.</summary>
/// <param name="request">The request.</param>
internal readonly struct RequestQuery(HttpRequest request)
{
    /// <summary>A parameter's value; null where it was not given.</summary>
    public string? this[string name] => request.Query.TryGetValue(name, out var values) ? values[0] : null;

    /// <summary>Reads a parameter that is true or false, as Kubernetes writes it; false where it was not given.</summary>
    public bool TryFlag(string name, out bool value)
    {
        var text = this[name];
        value = text is "true" or "True" or "1";
        return value || text is null or "false" or "False" or "0";
    }

    /// <summary>Reads a parameter that is a number of 0 or more; null where it was not given.</summary>
    public bool TryNumber(string name, out int? value)
    {
        var isNumber = int.TryParse(this[name], NumberStyles.None, CultureInfo.InvariantCulture, out var number);
        value = isNumber ? number : null;
        return isNumber || this[name] is null;
    }

    /// <summary>The failure for a wrong query.</summary>
    public static ApiFailure Wrong(string what) => ApiFailure.BadRequest($"The query is wrong: {what}.");
}

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

    private static string? Problem(string name, Microsoft.Extensions.Primitives.StringValues values, string[] known) =>
        !known.Contains(name, StringComparer.Ordinal) ? $"{Told(name)} is no parameter of this path, {(known.Length == 0 ? "which takes none" : $"which takes {string.Join(", ", known)}")}"
        : values is [{ Length: > 0 }] ? null
        : values.Count > 1 ? $"{name} is given {values.Count} times"
        : $"{name} is empty: leave it out, or give it a value";

    private static string Told(string name) => name.Length <= 64 ? $"'{name}'" : $"'{name[..64]}...'";
}
