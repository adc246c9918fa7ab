using Harmony.Fleet.Contracts.Api;

namespace Harmony.Fleet.Operator.Api;

/// <summary>Turns every failure that has no answer yet into a Status: exceptions, unknown paths, wrong methods, bodies that are too large.</summary>
/// <param name="next">The rest.</param>
/// <param name="logger">Where faults go.</param>
internal sealed partial class StatusPages(RequestDelegate next, ILogger<StatusPages> logger)
{
    /// <summary>Answers one request.</summary>
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (BadHttpRequestException error)
        {
            await AnswerAsync(context, Of(error));
            return;
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody listens any more.
            return;
        }
        catch (Exception bug) when (!context.Response.HasStarted)
        {
            LogFault(context.Request.Method, context.Request.Path.ToUriComponent(), bug);
            await AnswerAsync(context, ApiFailure.Internal());
            return;
        }

        if (context.Response is { HasStarted: false, StatusCode: >= 400, ContentLength: null, ContentType: null })
        {
            await AnswerAsync(context, Of(context));
        }
    }

    private static async Task AnswerAsync(HttpContext context, ApiFailure failure)
    {
        if (!context.Response.HasStarted)
        {
            await ApiResults.WriteAsync(context, failure);
        }
    }

    private static ApiFailure Of(BadHttpRequestException error) => error.StatusCode == StatusCodes.Status413PayloadTooLarge
        ? ApiFailure.TooLarge(RequestBody.MaxBytes)
        : new ApiFailure(error.StatusCode, StatusReasons.BadRequest, error.Message);

    private static ApiFailure Of(HttpContext context) => context.Response.StatusCode switch
    {
        StatusCodes.Status404NotFound => ApiFailure.NotFound($"There is no {context.Request.Path} here."),
        StatusCodes.Status405MethodNotAllowed => new ApiFailure(
            StatusCodes.Status405MethodNotAllowed,
            "MethodNotAllowed",
            $"{context.Request.Method} is not allowed on {context.Request.Path}; allowed: {context.Response.Headers.Allow}."),
        var code => new ApiFailure(code, code >= 500 ? StatusReasons.InternalError : StatusReasons.BadRequest, $"The request failed with status {code}."),
    };
}
