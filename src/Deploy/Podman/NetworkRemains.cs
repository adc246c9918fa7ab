using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Harmony.Fleet.Core.Fields;
using Harmony.Fleet.Core.Outcomes;
using Harmony.Fleet.Deploy.Processes;
using Harmony.Fleet.Disks;

namespace Harmony.Fleet.Deploy.Podman;

/// <summary>
/// What a private podman leaves in the host's network where it, or what watches over a container, is killed: rules that lead ports to addresses
/// where nobody is, a bridge, namespaces. Podman takes away what it has in its books; this is for the rest. All of it is known by names that are
/// made of the folder's path. Without root it is in a namespace that goes with podman's own processes.
/// </summary>
internal static class NetworkRemains
{
    private const int Attempts = 5;

    /// <summary>One at a time: each reads what there is, and then takes its own away.</summary>
    private static readonly SemaphoreSlim Turn = new(1);

    /// <summary>Whether there is something.</summary>
    public static async Task<bool> AreThereAsync(PodmanLayout layout, CancellationToken cancellationToken) =>
        Environment.IsPrivilegedProcess && (HasBridge(layout) || !(await ChangesAsync(layout.Network, cancellationToken).ConfigureAwait(false)).IsEmpty);

    /// <summary>Takes it away, with what runs in the namespaces. No container of the podman's may be running.</summary>
    /// <returns>Null, or why something is still there.</returns>
    public static async Task<Fault?> ClearAsync(PodmanLayout layout, CancellationToken cancellationToken)
    {
        if (!Environment.IsPrivilegedProcess)
        {
            return null;
        }

        await Turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var bridge = await RemoveBridgeAsync(layout, cancellationToken).ConfigureAwait(false);
            return await RemoveRulesAsync(layout.Network, cancellationToken).ConfigureAwait(false) ?? bridge;
        }
        finally
        {
            Turn.Release();
        }
    }

    private static bool HasBridge(PodmanLayout layout) => Directory.Exists("/sys/class/net/" + layout.Network.Bridge);

    private static async Task<Fault?> RemoveBridgeAsync(PodmanLayout layout, CancellationToken cancellationToken)
    {
        var bridge = layout.Network.Bridge;
        if (!HasBridge(layout))
        {
            return null;
        }

        if (InstalledPrograms.Find("ip") is not { } ip)
        {
            return Fault.Permanent($"the bridge {bridge} cannot be removed, because ip is not installed", "install it (Debian: apt-get install iproute2)");
        }

        var ports = await ListAsync([ip, "-json", "link", "show", "master", bridge], RemainsJson.Default.HostLinkArray, cancellationToken).ConfigureAwait(false);
        var spaces = await ListAsync([ip, "-json", "netns", "list"], RemainsJson.Default.NetworkNamespaceArray, cancellationToken).ConfigureAwait(false);
        if (!ports.IsOk || !spaces.IsOk)
        {
            return HasBridge(layout) ? ports.Fault ?? spaces.Fault : null;
        }

        foreach (var name in spaces.Value.Where(space => space.Id is not null && ports.Value.Any(port => port.Namespace == space.Id)).Select(space => space.Name))
        {
            var inside = await RunAsync([ip, "netns", "pids", name], string.Empty, cancellationToken).ConfigureAwait(false);
            foreach (var process in inside.IsOk ? inside.Value.Split('\n', StringSplitOptions.RemoveEmptyEntries) : [])
            {
                Signals.Send(int.Parse(process, CultureInfo.InvariantCulture), Signal.Kill);
            }

            await RunAsync([ip, "netns", "delete", name], string.Empty, cancellationToken).ConfigureAwait(false);
        }

        var removed = await RunAsync([ip, "link", "delete", bridge], string.Empty, cancellationToken).ConfigureAwait(false);
        return removed.IsOk || !HasBridge(layout) ? null : removed.Fault;
    }

    /// <summary>Again where somebody else changed the rules meanwhile: all of a table goes at once, or nothing.</summary>
    private static async Task<Fault?> RemoveRulesAsync(PodmanNetwork network, CancellationToken cancellationToken)
    {
        Fault? last = null;
        for (var attempt = 0; ; attempt++)
        {
            var changes = await ChangesAsync(network, cancellationToken).ConfigureAwait(false);
            if (changes.IsEmpty)
            {
                return null;
            }

            if (attempt == Attempts)
            {
                return last ?? new Fault(FaultKind.Transient, $"rules of the packet filter for {network.Name} come again");
            }

            foreach (var change in changes)
            {
                last = (await RunAsync(change.Words, change.Input, cancellationToken).ConfigureAwait(false)).Fault ?? last;
            }
        }
    }

    /// <summary>What must be told to whom. Where rules cannot be read, podman could not write any.</summary>
    private static async Task<ImmutableArray<(ImmutableArray<string> Words, string Input)>> ChangesAsync(PodmanNetwork network, CancellationToken cancellationToken)
    {
        var changes = ImmutableArray.CreateBuilder<(ImmutableArray<string>, string)>();
        if (InstalledPrograms.Find("iptables-save") is { } save && InstalledPrograms.Find("iptables-restore") is { } restore
            && await RunAsync([save], string.Empty, cancellationToken).ConfigureAwait(false) is { IsOk: true } saved
            && IptablesRules.Without(saved.Value, network) is { Length: > 0 } tables)
        {
            changes.Add(([restore, "--noflush", "--wait"], tables));
        }

        if (InstalledPrograms.Find("nft") is { } nft
            && await RunAsync([nft, "--handle", "list", "table", .. NftablesRules.Table.Split(' ')], string.Empty, cancellationToken).ConfigureAwait(false) is { IsOk: true } listed
            && NftablesRules.Without(listed.Value, network) is { Length: > 0 } commands)
        {
            changes.Add(([nft, "--file", "-"], commands));
        }

        return changes.ToImmutable();
    }

    private static async Task<Outcome<T[]>> ListAsync<T>(ImmutableArray<string> words, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T[]> type, CancellationToken cancellationToken)
    {
        var listed = await RunAsync(words, string.Empty, cancellationToken).ConfigureAwait(false);
        try
        {
            return !listed.IsOk ? listed.Fault : listed.Value.Trim().Length > 0 ? JsonSerializer.Deserialize(listed.Value, type) ?? [] : [];
        }
        catch (JsonException unreadable)
        {
            return new Fault(FaultKind.Permanent, $"what ip prints cannot be read: {JsonProblem.Of(unreadable)}");
        }
    }

    private static Task<Outcome<string>> RunAsync(ImmutableArray<string> words, string input, CancellationToken cancellationToken) =>
        PodmanCommand.RunAsync(words, [], PodmanCommand.Timeout, input, cancellationToken);
}

/// <summary>A link of the host.</summary>
/// <param name="Namespace">The number of the namespace in which its other end is.</param>
internal sealed record HostLink([property: JsonPropertyName("link_netnsid")] int? Namespace);

/// <summary>A network namespace that has a name.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Id">Its number; null where it has none, because no link leads there.</param>
internal sealed record NetworkNamespace([property: JsonPropertyName("name")] string Name, [property: JsonPropertyName("id")] int? Id);

/// <summary>JSON that <c>ip</c> prints: unknown fields ignored.</summary>
[JsonSerializable(typeof(HostLink[]))]
[JsonSerializable(typeof(NetworkNamespace[]))]
internal sealed partial class RemainsJson : JsonSerializerContext;
