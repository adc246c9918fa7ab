using System.Text.Json;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Json;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Fields;
using Harmony.Fleet.Core.Trust;

namespace Harmony.Fleet.Core.Reconciling;

/// <summary>Decides whether a device takes a manifest (design D6, D11, D12): authentic first, then readable, then newer.</summary>
/// <param name="device">Whose gate it is.</param>
/// <param name="keys">The keys that the device shares with its control plane.</param>
public sealed class ManifestGate(DeviceId device, DeviceKeys keys)
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = WireLimits.MaxJsonDepth, AllowDuplicateProperties = false };

    /// <summary>Judges an offered manifest. Nothing of it is parsed before its MAC was found right.</summary>
    /// <param name="floor">The newest manifest ever taken; null when there was none.</param>
    /// <param name="bytes">The offered bytes.</param>
    /// <param name="mac">The header that came with them; null where there was none.</param>
    public ManifestVerdict Judge(ManifestFloor? floor, ReadOnlySpan<byte> bytes, string? mac)
    {
        if (!MessageMac.Verify(keys.Down, keys.Epoch, MessageKinds.Manifest, device, bytes, mac))
        {
            return new ManifestVerdict.Refused(RefusalReason.BadMac, null, mac is null
                ? "The manifest carries no MAC: it is not from this control plane."
                : "The manifest's MAC is wrong: it is not from this control plane, or not for this device.");
        }

        if (bytes.Length > WireLimits.MaxDocumentBytes)
        {
            return Malformed(null, $"it has {bytes.Length} bytes; {WireLimits.MaxDocumentBytes} are allowed");
        }

        try
        {
            using var document = JsonDocument.Parse(bytes.ToArray(), Options);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? Read(floor, document.RootElement, Digest.Of(bytes))
                : Malformed(null, "it is no JSON object");
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException)
        {
            // InvalidOperationException: text that is no Unicode, for example half of a surrogate pair.
            return Malformed(null, JsonProblem.Of(error));
        }
    }

    private static ManifestVerdict.Refused Malformed(Generation? generation, string reason) =>
        new(RefusalReason.Malformed, generation, $"The manifest cannot be used: {reason}");

    private static Generation? GenerationOf(JsonElement root) =>
        root.TryGetProperty("generation", out var generation) && generation.ValueKind == JsonValueKind.Object
            && generation.TryGetProperty("term", out var term) && term.ValueKind == JsonValueKind.Number && term.TryGetInt64(out var termValue)
            && generation.TryGetProperty("counter", out var counter) && counter.ValueKind == JsonValueKind.Number && counter.TryGetInt64(out var counterValue)
            && new Generation(termValue, counterValue) is { IsValid: true } read
            ? read
            : null;

    private ManifestVerdict Read(ManifestFloor? floor, JsonElement root, Digest digest)
    {
        var version = root.TryGetProperty("apiVersion", out var member) ? member.ToString() : BusVersion.V1;
        if (version != BusVersion.V1)
        {
            return new ManifestVerdict.Refused(
                RefusalReason.TooNew, GenerationOf(root), $"The manifest is of version '{ErrorText.Cut(version, 64)}'; this agent knows {BusVersion.V1}: upgrade it.");
        }

        var manifest = root.Deserialize(ContractsJson.Bus.DeviceManifest);
        return ManifestRules.FirstBroken(manifest, device) is { } broken
            ? Malformed(GenerationOf(root), broken)
            : Order(floor, manifest!, digest) ?? new ManifestVerdict.Accepted(manifest!, new(manifest!.Generation, digest));
    }

    /// <summary>What the order of generations says; null when the manifest is newer than all before.</summary>
    private static ManifestVerdict? Order(ManifestFloor? floor, DeviceManifest manifest, Digest digest)
    {
        if (floor is not { } known)
        {
            return null;
        }

        var (offered, held) = (manifest.Generation, known.Mark);
        if (offered < held.Generation)
        {
            return new ManifestVerdict.Refused(RefusalReason.Stale, offered, $"Manifest {offered} is older than {held.Generation}, which was taken before.");
        }

        if (offered > held.Generation)
        {
            return null;
        }

        return (digest == held.Digest, known.IsHeld) switch
        {
            (true, true) => new ManifestVerdict.AlreadyHeld(),
            (true, false) => null,
            _ => new ManifestVerdict.Refused(RefusalReason.Forked, offered, $"Manifest {offered} has other bytes than the one of that generation that was taken before."),
        };
    }
}
