using System.Collections.Immutable;
using Harmony.Fleet.Cli.Consoles;
using Harmony.Fleet.Contracts.Resources;

namespace Harmony.Fleet.Cli.Output;

/// <summary>How a Device stands.</summary>
internal static class DeviceState
{
    private static readonly ImmutableArray<string> Troubles =
        [ConditionTypes.DuplicateIdentity, ConditionTypes.ManifestRefused, ConditionTypes.TooManyDeployments, ConditionTypes.Invalid];

    /// <summary>It in a word, and the conditions that trouble it.</summary>
    public static Cell Word(Device device)
    {
        var conditions = device.Status?.Conditions ?? [];
        var troubles = Troubles.Where(trouble => conditions.Holds(trouble)).ToList();
        var (word, color) = conditions.Find(ConditionTypes.Reachable)?.Status switch
        {
            ConditionStatus.True => ("Reachable", troubles.Count == 0 ? Color.Green : Color.Yellow),
            ConditionStatus.False => ("Unreachable", Color.Red),
            _ => ("Unknown", Color.Yellow),
        };
        return new Cell(string.Join(',', troubles.Prepend(word)), color);
    }

    /// <summary>Its labels but those of the control plane, as a selector would name them.</summary>
    public static string Labels(Device device) => Labels(device.Metadata.Labels.Where(pair =>
        pair.Key is not ApiGroup.DeviceIdLabel && !pair.Key.StartsWith(ApiGroup.LabelPrefix, StringComparison.Ordinal)));

    /// <summary><paramref name="labels"/> in one word; <c>-</c> where there are none.</summary>
    public static string Labels(IEnumerable<KeyValuePair<string, string>> labels) =>
        string.Join(',', labels.Select(pair => $"{pair.Key}={pair.Value}")) is { Length: > 0 } text ? text : "-";
}
