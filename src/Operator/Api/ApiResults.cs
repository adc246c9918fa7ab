using System.Text.Json.Serialization.Metadata;
using Harmony.Fleet.Contracts.Json;

namespace Harmony.Fleet.Operator.Api;

/// <summary>Answers as JSON.</summary>
internal static class ApiResults
{
    /// <summary>The media type of every answer that is one document.</summary>
    public const string Json = "application/json";

    /// <summary>A document.</summary>
    public static IResult Document<T>(T value, JsonTypeInfo<T> type, int code = StatusCodes.Status200OK) => Results.Json(value, type, Json, code);

    /// <summary>A failure, as a Status.</summary>
    public static IResult Failure(ApiFailure failure) => Results.Json(failure.ToStatus(), ContractsJson.Api.ApiStatus, Json, failure.Code);

    /// <summary>Writes a failure as a Status.</summary>
    public static Task WriteAsync(HttpContext context, ApiFailure failure) => Failure(failure).ExecuteAsync(context);
}
