using System.Collections.Immutable;
using System.Text.Json;
using Harmony.Fleet.Operator.Control.Loop;
using Harmony.Fleet.Operator.Readiness;

namespace Harmony.Fleet.Operator.Api;

/// <summary>Whether the operator lives, and whether it is ready. Open to all who reach it: of what is wrong, which may name deployments and files, only those who present the token are told in words.</summary>
internal static class HealthEndpoints
{
    /// <summary>200 as long as the process answers.</summary>
    public const string Live = "/healthz";

    /// <summary>200 when all that the operator needs is there; else 503, and which is missing; and how far it is. What is wrong and keeps it from nothing is told with either: in words with the token, else as <c>failed</c> or <c>warning</c>.</summary>
    public const string Ready = "/readyz";

    /// <summary>Adds the two paths.</summary>
    public static void Map(IEndpointRouteBuilder routes, IEnumerable<IReadinessCheck> checks, EngineView view)
    {
        ImmutableArray<IReadinessCheck> all = [.. checks];
        routes.MapGet(Live, () => Results.Text("ok\n")).WithSummary("Whether the operator lives").Produces<string>(200, "text/plain");
        routes.MapGet(Ready, (Delegate)((HttpContext context) => AnswerAsync(context, all, view))).WithSummary("Whether the operator is ready, and what is missing")
            .Produces(200).Produces(503);
    }

    private static string Word(IReadinessCheck check, string? missing) => missing is null ? "ok" : check.IsWarning ? "warning" : "failed";

    private static async Task AnswerAsync(HttpContext context, ImmutableArray<IReadinessCheck> checks, EngineView view)
    {
        ImmutableArray<(IReadinessCheck Check, string? Missing)> results = [.. checks.Select(check => (check, check.Missing()))];
        var (ready, isKnown) = (results.All(result => result.Missing is null || result.Check.IsWarning), context.Features.Get<KnownCaller>() is not null);
        context.Response.StatusCode = ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        context.Response.ContentType = ApiResults.Json;
        await using var writer = new Utf8JsonWriter(context.Response.BodyWriter);
        writer.WriteStartObject();
        writer.WriteBoolean("ready"u8, ready);
        var progress = view.Progress;
        writer.WriteString("state"u8, progress.ToString());
        writer.WriteNumber("awaitingReport"u8, progress.Awaiting);
        writer.WriteNumber("lostDeployments"u8, view.LostCount);
        writer.WriteNumber("unknownDeployments"u8, view.UnknownCount); // Told, and no reason to be unready: one device may say what it likes.
        writer.WriteStartObject("checks"u8);
        foreach (var (check, missing) in results)
        {
            writer.WriteString(check.Name, isKnown && missing is not null ? missing : Word(check, missing));
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
        await writer.FlushAsync(context.RequestAborted);
    }
}
