using System.Collections.Immutable;
using System.Text.Json;
using Harmony.Fleet.Operator.Control.Loop;
using Harmony.Fleet.Operator.Readiness;

namespace Harmony.Fleet.Operator.Api;

/// <summary>Whether the operator lives, and whether it is ready. Open to all who reach it, so they say no more than that.</summary>
internal static class HealthEndpoints
{
    /// <summary>200 as long as the process answers.</summary>
    public const string Live = "/healthz";

    /// <summary>200 when all that the operator needs is there; else 503, and which is missing; and how far it is. What is wrong and keeps it from nothing is told with either.</summary>
    public const string Ready = "/readyz";

    /// <summary>Adds the two paths.</summary>
    public static void Map(IEndpointRouteBuilder routes, IEnumerable<IReadinessCheck> checks, EngineView view)
    {
        ImmutableArray<IReadinessCheck> all = [.. checks];
        routes.MapGet(Live, () => Results.Text("ok\n")).WithSummary("Whether the operator lives").Produces<string>(200, "text/plain");
        routes.MapGet(Ready, (Delegate)((HttpContext context) => AnswerAsync(context, all, view))).WithSummary("Whether the operator is ready, and what is missing")
            .Produces(200).Produces(503);
    }

    private static async Task AnswerAsync(HttpContext context, ImmutableArray<IReadinessCheck> checks, EngineView view)
    {
        ImmutableArray<(string Name, string? Missing, bool IsWarning)> results = [.. checks.Select(check => (check.Name, check.Missing(), check.IsWarning))];
        var ready = results.All(result => result.Missing is null || result.IsWarning);
        context.Response.StatusCode = ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        context.Response.ContentType = ApiResults.Json;
        await using var writer = new Utf8JsonWriter(context.Response.BodyWriter);
        writer.WriteStartObject();
        writer.WriteBoolean("ready"u8, ready);
        var progress = view.Progress;
        writer.WriteString("state"u8, progress.ToString());
        writer.WriteNumber("awaitingReport"u8, progress.Awaiting);
        writer.WriteNumber("unknownDeployments"u8, view.UnknownCount); // Told, and no reason to be unready: one device may say what it likes.
        writer.WriteStartObject("checks"u8);
        foreach (var (name, missing, _) in results)
        {
            writer.WriteString(name, missing ?? "ok");
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
        await writer.FlushAsync(context.RequestAborted);
    }
}
