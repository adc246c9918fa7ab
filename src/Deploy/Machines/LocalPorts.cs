using System.Collections.Immutable;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Serialization;
using Harmony.Fleet.Core.Outcomes;
using Harmony.Fleet.Deploy.Topologies;

namespace Harmony.Fleet.Deploy.Machines;

/// <summary>The ports of a data folder's processes on 127.0.0.1, remembered in the folder so that a restart keeps them.</summary>
internal sealed class LocalPorts(IHasFiles files) : IHasPorts
{
    /// <summary>The file that remembers them.</summary>
    public const string FileName = "ports.json";

    private readonly Dictionary<string, int> given = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public async Task<Outcome<int>> PortAsync(string use, int? wanted, CancellationToken cancellationToken)
    {
        // What this process gave out is in use by its own child.
        if (given.TryGetValue(use, out var port) && (wanted is null || wanted == port))
        {
            return port;
        }

        var remembered = await ReadAsync(cancellationToken);
        if (!remembered.IsOk)
        {
            return remembered.Fault;
        }

        var chosen = Choose(use, wanted, remembered.Value);
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

    private Outcome<int> Choose(string use, int? wanted, ImmutableSortedDictionary<string, int> remembered)
    {
        if (wanted is { } port)
        {
            return FreePorts.Try(port) is var error and not SocketError.Success ? FreePorts.Explain(port, error, $"--{use}-port") : port;
        }

        if (remembered.TryGetValue(use, out var before) && before is > 0 and <= ushort.MaxValue && FreePorts.IsFree(before))
        {
            return before;
        }

        if (FreePorts.Find(candidate => given.ContainsValue(candidate) || remembered.ContainsValue(candidate)) is { } free)
        {
            return free;
        }

        return Fault.Permanent($"no free port was found for {use}", $"name one with --{use}-port");
    }

    private async Task<Outcome<ImmutableSortedDictionary<string, int>>> ReadAsync(CancellationToken cancellationToken)
    {
        var bytes = await files.ReadAsync(FileName, cancellationToken);
        if (!bytes.IsOk)
        {
            return bytes.Fault;
        }

        try
        {
            return bytes.Value.IsEmpty
                ? ImmutableSortedDictionary<string, int>.Empty
                : JsonSerializer.Deserialize(bytes.Value.Span, PortsJson.Default.ImmutableSortedDictionaryStringInt32) ?? ImmutableSortedDictionary<string, int>.Empty;
        }
        catch (JsonException)
        {
            // Only a memory of choices: others are as good.
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
