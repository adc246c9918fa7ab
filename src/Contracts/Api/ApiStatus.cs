namespace Harmony.Fleet.Contracts.Api;

/// <summary>How the API says that it did not do something: Kubernetes' <c>Status</c>. Also the object of a watch's ERROR line.</summary>
public sealed record ApiStatus
{
    /// <summary>Always <c>v1</c>.</summary>
    public string ApiVersion { get => field ?? "v1"; init; }

    /// <summary>Always <c>Status</c>.</summary>
    public string Kind { get => field ?? "Status"; init; }

    /// <summary>Always <c>Failure</c>.</summary>
    public string Status { get => field ?? "Failure"; init; }

    /// <summary>One of <see cref="StatusReasons"/>, for programs.</summary>
    public string Reason { get => field ?? string.Empty; init; }

    /// <summary>One sentence for people.</summary>
    public string Message { get => field ?? string.Empty; init; }

    /// <summary>The HTTP status code.</summary>
    public int Code { get; init; }
}

/// <summary>Kubernetes' words for why something was not done.</summary>
public static class StatusReasons
{
    /// <summary>400: the request makes no sense.</summary>
    public const string BadRequest = "BadRequest";

    /// <summary>401: without a token, or with a wrong one.</summary>
    public const string Unauthorized = "Unauthorized";

    /// <summary>403: this token may not.</summary>
    public const string Forbidden = "Forbidden";

    /// <summary>404: there is no such resource, device, bucket or key.</summary>
    public const string NotFound = "NotFound";

    /// <summary>409: there is one of that name.</summary>
    public const string AlreadyExists = "AlreadyExists";

    /// <summary>409: it changed in between.</summary>
    public const string Conflict = "Conflict";

    /// <summary>410: the version, or the continue token, is too old: list again.</summary>
    public const string Expired = "Expired";

    /// <summary>412: what If-Match or If-None-Match demands does not hold.</summary>
    public const string PreconditionFailed = "PreconditionFailed";

    /// <summary>413: larger than what is taken.</summary>
    public const string RequestEntityTooLarge = "RequestEntityTooLarge";

    /// <summary>422: the resource can never be stored as it is.</summary>
    public const string Invalid = "Invalid";

    /// <summary>500: a fault of the operator.</summary>
    public const string InternalError = "InternalError";

    /// <summary>503: the store or the bus is away.</summary>
    public const string ServiceUnavailable = "ServiceUnavailable";

    /// <summary>504: the device did not answer.</summary>
    public const string Timeout = "Timeout";
}
