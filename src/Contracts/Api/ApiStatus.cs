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
