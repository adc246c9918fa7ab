using System.Collections.Immutable;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Serialization;
using Harmony.Fleet.Core.Outcomes;
using Harmony.Fleet.Deploy.Topologies;

namespace Harmony.Fleet.Deploy.Machines;

/// <summary>The ports of a data folder's processes on 127.0.0.1, remembered in the folder so that a restart keeps them.</summary>
/// <param name="files">The data folder.</param>
/// <param name="wanted">Ports that are meant for a use of their own, or for others than these processes: no other use is given them.</param>
/// <param name="say">Told why a port is not the one that it was.</param>
internal sealed class LocalPorts(IHasFiles files, ImmutableArray<int> wanted, Action<string> say) : IHasPorts
{
    /// <summary>The file that remembers them.</summary>
    public const string FileName = "ports.json";

    private readonly Dictionary<string, int> given = new(StringComparer.Ordinal);
    private bool isDamageSaid;

    /// <inheritdoc/>
    public async Task<Outcome<int>> PortAsync(string use, int? fixedPort, CancellationToken cancellationToken)
    {
        // What this process gave out is in use by its own child.
        if (given.TryGetValue(use, out var port) && (fixedPort is null || fixedPort == port))
        {
            return port;
        }

        var remembered = await ReadAsync(cancellationToken);
        if (!remembered.IsOk)
        {
            return remembered.Fault;
        }

        var chosen = Choose(use, fixedPort, remembered.Value);
        if (!chosen.IsOk)
        {
            return chosen.Fault;
        }

        var bytes = JsonSerializer.SerializeToUtf8Bytes(remembered.Value.SetItem(use, chosen.Value), PortsJson.Default.ImmutableSortedDictionaryStringInt32);
        if (await files.WriteAsync(FileName, bytes, cancellationToken) is { } fault)
        {
            return fault;
        }

        given[use] = chosen.Value;
        return chosen.Value;
    }

    private Outcome<int> Choose(string use, int? fixedPort, ImmutableSortedDictionary<string, int> remembered)
    {
        if (fixedPort is { } port)
        {
            return FreePorts.Try(port) is var error and not SocketError.Success ? FreePorts.Explain(port, error, $"--{use}-port") : port;
        }

        var isKnown = remembered.TryGetValue(use, out var before) && before is > 0 and <= ushort.MaxValue;
        if (isKnown && !wanted.Contains(before) && FreePorts.IsFree(before))
        {
            return before;
        }

        if (FreePorts.Find(candidate => wanted.Contains(candidate) || given.ContainsValue(candidate) || remembered.ContainsValue(candidate)) is not { } free)
        {
            return Fault.Permanent($"no free port was found for {use}", $"name one with --{use}-port");
        }

        if (isKnown)
        {
            say($"port {before}, which {use} had before, {(wanted.Contains(before) ? "is meant for something else now" : "is in use")}: it has {free} from now on");
        }

        return free;
    }

    private async Task<Outcome<ImmutableSortedDictionary<string, int>>> ReadAsync(CancellationToken cancellationToken)
    {
        var isThere = await files.HasAsync(FileName, cancellationToken);
        var bytes = isThere is { IsOk: true, Value: true } ? await files.ReadAsync(FileName, cancellationToken) : isThere.IsOk ? ReadOnlyMemory<byte>.Empty : isThere.Fault;
        if (!bytes.IsOk)
        {
            return bytes.Fault;
        }

        if (!isThere.Value)
        {
            return ImmutableSortedDictionary<string, int>.Empty;
        }

        try
        {
            return JsonSerializer.Deserialize(bytes.Value.Span, PortsJson.Default.ImmutableSortedDictionaryStringInt32) ?? ImmutableSortedDictionary<string, int>.Empty;
        }
        catch (JsonException)
        {
            // Only a memory of choices: others are as good, but for whoever knew them.
            if (!isDamageSaid)
            {
                say($"{files.PathOf(FileName)} is damaged: the ports that were remembered in it are lost, and others are chosen where none is named");
            }

            isDamageSaid = true;
            return ImmutableSortedDictionary<string, int>.Empty;
        }
    }
}

/// <summary>JSON of the ports that are remembered.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    WriteIndented = true,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(ImmutableSortedDictionary<string, int>))]
internal sealed partial class PortsJson : JsonSerializerContext;
