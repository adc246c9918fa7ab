namespace Harmony.Fleet.Contracts.Api;

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
