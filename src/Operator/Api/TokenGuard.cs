using Harmony.Fleet.Operator.Options;
using Microsoft.Net.Http.Headers;

namespace Harmony.Fleet.Operator.Api;

/// <summary>Lets nobody through without the token, whatever the path, but to the two that say whether the operator is well.</summary>
/// <param name="next">The rest.</param>
/// <param name="options">The token.</param>
/// <param name="pace">Keeps those who have none from taking all of the processor.</param>
internal sealed class TokenGuard(RequestDelegate next, OperatorOptions options, RefusalPace pace)
{
    /// <summary>Answers one request.</summary>
    public async Task InvokeAsync(HttpContext context)
    {
        var header = context.Request.Headers.Authorization;
        if (context.Request.Path.Value is HealthEndpoints.Live or HealthEndpoints.Ready || (header.Count == 1 && options.Token.IsPresentedBy(header[0])))
        {
            await next(context);
            return;
        }

        await pace.WaitAsync(context.RequestAborted);
        context.Response.Headers[HeaderNames.WWWAuthenticate] = "Bearer";
        await ApiResults.WriteAsync(context, ApiFailure.Unauthorized(
            header.Count == 0 ? "This needs the header 'Authorization: Bearer <token>'." : "The token is not the operator's."));
    }
}
