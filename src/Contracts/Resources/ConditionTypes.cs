namespace Harmony.Fleet.Contracts.Resources;

/// <summary>The condition types that the operator writes.</summary>
public static class ConditionTypes
{
    /// <summary>Deployment: the observed generation is the current one and every matched reachable device has succeeded.</summary>
    public const string Converged = "Converged";

    /// <summary>Deployment: its selector matches no device.</summary>
    public const string NoDevices = "NoDevices";

    /// <summary>Deployment or Device: the resource cannot be used as it is; the message says why.</summary>
    public const string Invalid = "Invalid";

    /// <summary>Device: heartbeats arrive.</summary>
    public const string Reachable = "Reachable";

    /// <summary>Device: it refused its manifest; the message says why.</summary>
    public const string ManifestRefused = "ManifestRefused";

    /// <summary>Device: more deployments match it than one device may have.</summary>
    public const string TooManyDeployments = "TooManyDeployments";

    /// <summary>Device: two running agents present this identity.</summary>
    public const string DuplicateIdentity = "DuplicateIdentity";

    /// <summary>Device: some of its labels were left out; the message says which, and why.</summary>
    public const string LabelsRejected = "LabelsRejected";
}
