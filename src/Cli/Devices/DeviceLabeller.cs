using System.Text;
using System.Text.Json.Nodes;
using Harmony.Fleet.Cli.Hosting;
using Harmony.Fleet.Cli.Parsing;
using Harmony.Fleet.Cli.Server;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Outcomes;
using Harmony.Fleet.Core.Selectors;

namespace Harmony.Fleet.Cli.Devices;

/// <summary>Changes the administrator's labels of a device.</summary>
internal sealed class DeviceLabeller(CliHost host, FleetClient client)
{
    private const int MaxTries = 5;

    /// <summary>Makes <paramref name="changes"/>; those that others make at the same time stay.</summary>
    /// <returns>Whether anything was changed.</returns>
    public async Task<Outcome<bool>> ApplyAsync(string device, IReadOnlyList<LabelChange> changes, CancellationToken cancellationToken)
    {
        for (var tries = 1; ; tries++)
        {
            var stored = await client.GetAsync(ResourceTypes.Devices, null, device, cancellationToken);
            if (!stored.IsOk)
            {
                return stored.Fault;
            }

            var labels = stored.Value.Resource.Spec.Labels;
            var wanted = changes.Aggregate(labels, (all, change) => change.Value is null ? all.Remove(change.Key) : all.SetItem(change.Key, change.Value));
            if (wanted.SequenceEqual(labels))
            {
                TellReported(stored.Value.Resource, changes);
                return false;
            }

            var written = await client.UpdateAsync(ResourceTypes.Devices, null, device, Body(stored.Value, wanted), cancellationToken);
            if (written.IsOk)
            {
                TellReported(written.Value.Resource, changes);
                return true;
            }

            if (written.Fault.Kind != FaultKind.Conflict || tries == MaxTries)
            {
                return written.Fault;
            }
        }
    }

    /// <summary>The stored resource with other labels, and with its version: a change of others in between is not overwritten.</summary>
    private static byte[] Body(Fetched<Device> stored, IEnumerable<KeyValuePair<string, string>> labels)
    {
        var body = JsonNode.Parse(stored.Raw.GetRawText())!.AsObject();
        body.Remove("status");
        var spec = body["spec"] as JsonObject ?? new JsonObject();
        spec["labels"] = new JsonObject(labels.Select(pair => KeyValuePair.Create<string, JsonNode?>(pair.Key, pair.Value)));
        body["spec"] = spec.Parent is null ? spec : spec.DeepClone();
        return Encoding.UTF8.GetBytes(body.ToJsonString());
    }

    private void TellReported(Device device, IEnumerable<LabelChange> changes)
    {
        foreach (var change in changes.Where(change => change.Value is null && device.Status?.ReportedLabels.ContainsKey(change.Key) == true))
        {
            host.Console.Say($"{device.Metadata.Name} itself reports the label {change.Key}={device.Status!.ReportedLabels[change.Key]}: it stays until the agent's settings change, or is overridden by {change.Key}=VALUE.");
        }
    }
}

/// <summary>One label to set or to remove.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Value">Its value; null to remove it.</param>
internal sealed record LabelChange(string Key, string? Value)
{
    /// <summary>Parses <c>key=value</c> or <c>key-</c>.</summary>
    public static Outcome<LabelChange> Parse(string text)
    {
        if (!text.EndsWith('-') || text.Contains('=', StringComparison.Ordinal))
        {
            var pair = PairText.Label(text);
            return pair.IsOk ? new LabelChange(pair.Value.Key, pair.Value.Value) : pair.Fault;
        }

        return LabelSyntax.KeyError(text[..^1]) is { } error ? Fault.Invalid($"'{text}' is no label", error) : new LabelChange(text[..^1], null);
    }
}
