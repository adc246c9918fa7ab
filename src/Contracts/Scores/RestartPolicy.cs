using System.Text.Json.Serialization;
using Harmony.Fleet.Contracts.Json;

namespace Harmony.Fleet.Contracts.Scores;

/// <summary>When podman starts a container again.</summary>
[JsonConverter(typeof(TolerantEnumConverter<RestartPolicy>))]
public enum RestartPolicy
{
    /// <summary>A value from a newer version; it fails the deployment.</summary>
    Unknown,

    /// <summary>Whenever it ended; the default.</summary>
    Always,

    /// <summary>When it ended with an exit code other than 0.</summary>
    OnFailure,

    /// <summary>Never: it is meant to run to its end.</summary>
    Never,
}
