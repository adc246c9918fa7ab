using System.Collections.Immutable;
using System.Text.Json.Serialization.Metadata;
using Harmony.Fleet.Contracts.Api;
using Harmony.Fleet.Contracts.Json;
using Harmony.Fleet.Core.Fields;

namespace Harmony.Fleet.Operator.Api;

/// <summary>Why a request was not done, with its HTTP status.</summary>
/// <param name="Code">The HTTP status.</param>
/// <param name="Reason">One of <see cref="StatusReasons"/>.</param>
/// <param name="Message">One sentence.</param>
internal sealed record ApiFailure(int Code, string Reason, string Message)
{
    /// <summary>The request makes no sense.</summary>
    public static ApiFailure BadRequest(string message) => new(StatusCodes.Status400BadRequest, StatusReasons.BadRequest, message);

    /// <summary>The token is missing or wrong.</summary>
    public static ApiFailure Unauthorized(string message) => new(StatusCodes.Status401Unauthorized, StatusReasons.Unauthorized, message);

    /// <summary>There is no such thing.</summary>
    public static ApiFailure NotFound(string message) => new(StatusCodes.Status404NotFound, StatusReasons.NotFound, message);

    /// <summary>There is one of that name.</summary>
    public static ApiFailure AlreadyExists(string message) => new(StatusCodes.Status409Conflict, StatusReasons.AlreadyExists, message);

    /// <summary>It changed in between.</summary>
    public static ApiFailure Conflict(string message) => new(StatusCodes.Status409Conflict, StatusReasons.Conflict, message);

    /// <summary>The version or the continue token is too old.</summary>
    public static ApiFailure Expired(string message) => new(StatusCodes.Status410Gone, StatusReasons.Expired, message);

    /// <summary>A condition of the request does not hold.</summary>
    public static ApiFailure PreconditionFailed(string message) => new(StatusCodes.Status412PreconditionFailed, StatusReasons.PreconditionFailed, message);

    /// <summary>The body is too large.</summary>
    public static ApiFailure TooLarge(long most) =>
        new(StatusCodes.Status413PayloadTooLarge, StatusReasons.RequestEntityTooLarge, $"The body is larger than {most} bytes, which is the most.");

    /// <summary>The resource can never be stored as it is.</summary>
    public static ApiFailure Invalid(string message) => new(StatusCodes.Status422UnprocessableEntity, StatusReasons.Invalid, message);

    /// <summary>The resource can never be stored as it is: all that is wrong with it.</summary>
    public static ApiFailure Invalid(string kind, string name, ImmutableArray<FieldError> errors) =>
        Invalid(errors.Length == 1 ? $"{kind} \"{name}\" is invalid: {errors[0]}" : $"{kind} \"{name}\" is invalid: [{string.Join(", ", errors)}]");

    /// <summary>A fault of the operator.</summary>
    public static ApiFailure Internal() =>
        new(StatusCodes.Status500InternalServerError, StatusReasons.InternalError, "The operator failed; its log says why.");

    /// <summary>Something that lies behind the operator is away.</summary>
    public static ApiFailure Unavailable(string message) => new(StatusCodes.Status503ServiceUnavailable, StatusReasons.ServiceUnavailable, message);

    /// <summary>The device did not answer.</summary>
    public static ApiFailure Timeout(string message) => new(StatusCodes.Status504GatewayTimeout, StatusReasons.Timeout, message);

    /// <summary>As it is sent.</summary>
    public ApiStatus ToStatus() => new() { Reason = Reason, Message = Message, Code = Code };
}

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
