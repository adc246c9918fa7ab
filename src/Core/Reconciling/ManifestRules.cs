using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;

namespace Harmony.Fleet.Core.Reconciling;

/// <summary>What every manifest obeys.</summary>
public static class ManifestRules
{
    private const int KeyBytes = 32;
    private const int MaxUidLength = 128;

    /// <summary>The first rule that <paramref name="manifest"/> breaks, as a part of a sentence; null when it breaks none.</summary>
    public static string? FirstBroken(DeviceManifest? manifest, DeviceId device)
    {
        if (manifest is null)
        {
            return "it is null";
        }

        if (manifest.Device != device)
        {
            return $"it is for device '{manifest.Device}', not for '{device}'";
        }

        if (!manifest.Generation.IsValid)
        {
            return $"its generation {manifest.Generation} is out of bounds";
        }

        return manifest.Entries.Length > WireLimits.MaxDeploymentsPerDevice
            ? $"it names {manifest.Entries.Length} deployments; {WireLimits.MaxDeploymentsPerDevice} are allowed"
            : FirstBrokenEntry(manifest);
    }

    private static string? FirstBrokenEntry(DeviceManifest manifest)
    {
        var seen = new HashSet<DeploymentKey>();
        foreach (var entry in manifest.Entries)
        {
            if (entry is null)
            {
                return "one of its entries is null";
            }

            var key = new DeploymentKey(entry.Namespace, entry.Name);
            if (!seen.Add(key))
            {
                return $"it names {key} twice";
            }

            if (entry.Uid.Length is 0 or > MaxUidLength || entry.Key.Length != KeyBytes)
            {
                return $"the entry of {key} has no usable uid or key";
            }
        }

        return null;
    }
}
