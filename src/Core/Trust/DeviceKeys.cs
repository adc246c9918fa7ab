namespace Harmony.Fleet.Core.Trust;

/// <summary>The two keys that the control plane and one device share: one for each direction, so that neither can reflect a message.</summary>
/// <param name="Epoch">Counts the changes of keys, from 1.</param>
/// <param name="Down">For what the control plane sends: manifests and commands. 32 bytes.</param>
/// <param name="Up">For what the device sends: reports, info, heartbeats and replies. 32 bytes.</param>
public sealed record DeviceKeys(int Epoch, byte[] Down, byte[] Up)
{
    /// <summary>The epoch, never the keys.</summary>
    public override string ToString() => $"DeviceKeys {{ Epoch = {Epoch}, *** }}";
}
