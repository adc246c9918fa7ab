using Harmony.Fleet.Contracts.Names;

namespace Harmony.Fleet.Core.Engine;

/// <summary>A score that deployments name.</summary>
internal sealed class ScoreEntry(byte[] ciphertext)
{
    /// <summary>The encrypted score.</summary>
    public byte[] Ciphertext { get; } = ciphertext;

    /// <summary>How many deployments name it.</summary>
    public int Count { get; set; } = 1;

    /// <summary>Whether it is known to stand on the bus.</summary>
    public bool Stands { get; set; }

    /// <summary>Whether a device did not find it since.</summary>
    public bool IsMissed { get; set; }

    /// <summary>When it was last put, or looked at by itself.</summary>
    public DateTimeOffset VerifiedAt { get; set; }

    /// <summary>The devices whose manifests wait for it to stand.</summary>
    public HashSet<DeviceId> Waiting { get; } = [];
}
