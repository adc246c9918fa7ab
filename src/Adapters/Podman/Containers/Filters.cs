using System.Text.Json;
using Harmony.Fleet.Adapters.Podman.Json;

namespace Harmony.Fleet.Adapters.Podman.Containers;

/// <summary>The filters of podman's lists and events, ready for a query.</summary>
internal static class Filters
{
    /// <summary>Containers with the label.</summary>
    public static string OfLabel(string label, string value) => Text(new() { ["label"] = [$"{label}={value}"] });

    /// <summary>Events of containers with the label.</summary>
    public static string OfEvents(string label, string value) =>
        Text(new() { ["type"] = ["container"], ["label"] = [$"{label}={value}"] });

    private static string Text(Dictionary<string, string[]> filters) =>
        Uri.EscapeDataString(JsonSerializer.Serialize(filters, PodmanJson.Default.DictionaryStringStringArray));
}
