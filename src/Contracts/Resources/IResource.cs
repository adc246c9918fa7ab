namespace Harmony.Fleet.Contracts.Resources;

/// <summary>A resource: intent (spec) that somebody wrote, and what was observed of it (status).</summary>
public interface IResource
{
    /// <summary><see cref="ApiGroup.Version"/>.</summary>
    string ApiVersion { get; }

    /// <summary>The kind, for example <c>Deployment</c>.</summary>
    string Kind { get; }

    /// <summary>Name, labels and versions.</summary>
    ObjectMeta Metadata { get; }
}

/// <summary>The API group of the fleet's resources.</summary>
public static class ApiGroup
{
    /// <summary>The group's name; also the prefix of labels that only the control plane sets.</summary>
    public const string Name = "fleet.nationtech.io";

    /// <summary>The <c>apiVersion</c> of every resource.</summary>
    public const string Version = Name + "/v1alpha1";

    /// <summary>Labels with this prefix are the control plane's alone.</summary>
    public const string LabelPrefix = Name + "/";

    /// <summary>The label that names the device itself; set by the control plane from the authenticated identity.</summary>
    public const string DeviceIdLabel = "device-id";

    /// <summary>The operator's finalizer on Deployments: released once the manifests without the deployment are stored.</summary>
    public const string ManifestFinalizer = Name + "/manifests";

    /// <summary>
    /// The annotation of a Deployment by which a held removal is approved: the generation that it is for, <c>/</c>, and from how many devices it may be removed.
    /// </summary>
    public const string ApproveRemovalAnnotation = Name + "/approve-removal";

    /// <summary>The operator's finalizer on Devices: released once nothing of the device is on the bus.</summary>
    public const string BusFinalizer = Name + "/bus";
}
