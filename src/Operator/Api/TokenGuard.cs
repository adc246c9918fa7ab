using Harmony.Fleet.Operator.Options;
using Microsoft.Net.Http.Headers;

namespace Harmony.Fleet.Operator.Api;

/// <summary>Lets nobody through without the token, whatever the path, but to the two that say whether the operator is well.</summary>
/// <param name="next">The rest.</param>
/// <param name="options">The token.</param>
/// <param name="pace">Keeps those who have none from taking all of the processor.</param>
/// <param name="gate">Keeps the connections of those who have it.</param>
/// <param name="refusals">Counts those who presented another one where they are answered all the same.</param>
/// <param name="logger">Where a few of those are told of.</param>
internal sealed partial class TokenGuard(RequestDelegate next, OperatorOptions options, RefusalPace pace, ConnectionGate gate, RefusalTally refusals, ILogger<TokenGuard> logger)
{
    private const string Scheme = "Bearer";

    /// <summary>Answers one request.</summary>
    public async Task InvokeAsync(HttpContext context)
    {
        var (header, connection) = (context.Request.Headers.Authorization, context.Features.Get<GatedConnection>());
        if (header.Count == 1 && options.Token.IsPresentedBy(header[0]))
        {
            context.Features.Set(new KnownCaller());
            if (connection is not null)
            {
                gate.IsKnown(connection);
            }

            await next(context);
            return;
        }

        if (connection is not { IsKnown: true })
        {
            context.Response.Headers.Connection = "close"; // A place that one without the token no longer needs is free at once.
        }

        if (context.Request.Path.Value is HealthEndpoints.Live or HealthEndpoints.Ready)
        {
            // At once, whoever asks: a probe that waits for others takes the operator for dead.
            if (header.Any(one => one?.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) == true) && refusals.Tells(StatusCodes.Status401Unauthorized))
            {
                LogWrong(context.Request.Path.Value);
            }

            await next(context);
            return;
        }

        await pace.WaitAsync(context.RequestAborted);
        context.Response.Headers[HeaderNames.WWWAuthenticate] = Scheme;
        await ApiResults.WriteAsync(context, ApiFailure.Unauthorized(
            header.Count == 0 ? "This needs the header 'Authorization: Bearer <token>'." : "The token is not the operator's."));
    }

    [LoggerMessage(2505, LogLevel.Warning, "{Path} was asked with a token that is not the operator's, and answered as without one")]
    private partial void LogWrong(string path);
}

/// <summary>Says of a request that its caller presented the token.</summary>
internal sealed record KnownCaller;
