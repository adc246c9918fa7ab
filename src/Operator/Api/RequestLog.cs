namespace Harmony.Fleet.Operator.Api;

/// <summary>Logs every request that could change something, and what became of it; of those that are refused a few, and how many.</summary>
/// <param name="next">The rest.</param>
/// <param name="refusals">Counts them.</param>
/// <param name="clock">The time.</param>
/// <param name="logger">Where it goes.</param>
internal sealed partial class RequestLog(RequestDelegate next, RefusalTally refusals, TimeProvider clock, ILogger<RequestLog> logger)
{
    /// <summary>Answers one request.</summary>
    public async Task InvokeAsync(HttpContext context)
    {
        var start = clock.GetTimestamp();
        await next(context);
        if (context.Response.StatusCode switch
        {
            StatusCodes.Status401Unauthorized => refusals.Tells(StatusCodes.Status401Unauthorized),
            _ when HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method) => false,
            >= 400 and < 500 and var refused => refusals.Tells(refused),
            _ => true,
        })
        {
            LogRequest(
                context.Request.Method, context.Request.Path.ToUriComponent(), context.Response.StatusCode, clock.GetElapsedTime(start).TotalMilliseconds);
        }
    }
}
