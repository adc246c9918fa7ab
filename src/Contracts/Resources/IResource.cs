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
