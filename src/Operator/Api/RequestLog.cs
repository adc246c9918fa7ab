namespace Harmony.Fleet.Operator.Api;

/// <summary>Logs every request that could change something, and what became of it.</summary>
/// <param name="next">The rest.</param>
/// <param name="clock">The time.</param>
/// <param name="logger">Where it goes.</param>
internal sealed partial class RequestLog(RequestDelegate next, TimeProvider clock, ILogger<RequestLog> logger)
{
    /// <summary>Answers one request.</summary>
    public async Task InvokeAsync(HttpContext context)
    {
        if (HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method))
        {
            await next(context);
            return;
        }

        var start = clock.GetTimestamp();
        await next(context);
        // The path as it was sent, escaped: nobody writes lines into the log.
        LogRequest(
            context.Request.Method, context.Request.Path.ToUriComponent(), context.Response.StatusCode, clock.GetElapsedTime(start).TotalMilliseconds);
    }
}
