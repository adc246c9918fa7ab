using System.Collections.Immutable;
using System.Text.Json;
using Harmony.Fleet.Adapters.Nats.JetStream;

namespace Harmony.Fleet.Adapters.Nats.Bus;

/// <summary>In what a stream is not as it should be.</summary>
internal static class BucketDrift
{
    /// <summary>Each difference as <c>setting: found X, wanted Y</c>. How many servers hold it is the administrator's choice and not compared.</summary>
    public static ImmutableArray<string> Between(StreamConfig found, StreamConfig wanted) =>
        [.. Settings(found).Zip(Settings(wanted)).Where(pair => !Equals(pair.First.Value, pair.Second.Value)).Select(pair => Describe(pair.First, pair.Second))];

    private static string Describe((string Name, object? Value) found, (string Name, object? Value) wanted) =>
        $"{found.Name}: found {Text(found.Value)}, wanted {Text(wanted.Value)}";

    private static string Text(object? value) => value switch
    {
        null => "none",
        bool flag => flag ? "true" : "false",
        Republish republish => $"{republish.Src} -> {republish.Dest}{(republish.HeadersOnly ? " (headers only)" : string.Empty)}",
        _ => value.ToString() ?? string.Empty,
    };

    private static IEnumerable<(string Name, object? Value)> Settings(StreamConfig config) =>
    [
        ("storage", config.Storage),
        ("retention", config.Retention),
        ("subjects", string.Join(' ', config.Subjects)),
        ("allow_rollup_hdrs", config.AllowRollupHdrs),
        ("allow_direct", config.AllowDirect),
        ("allow_msg_ttl", config.AllowMsgTtl),
        ("deny_delete", config.DenyDelete),
        ("deny_purge", config.DenyPurge),
        ("sealed", config.Sealed),
        ("no_ack", config.NoAck),
        ("discard", config.Discard),
        ("discard_new_per_subject", config.DiscardNewPerSubject),
        ("max_msgs_per_subject", config.MaxMsgsPerSubject),
        ("max_msgs", config.MaxMsgs),
        ("max_bytes", config.MaxBytes),
        ("max_msg_size", config.MaxMsgSize),
        ("max_age", config.MaxAge),
        ("max_consumers", config.MaxConsumers),
        ("duplicate_window", config.DuplicateWindow),
        ("republish", config.Republish),
        ("mirror", Presence(config.Mirror)),
        ("sources", Presence(config.Sources)),
        ("subject_transform", Presence(config.SubjectTransform)),
        ("description", config.Description ?? string.Empty),
    ];

    private static string? Presence(JsonElement? element) =>
        element is null or { ValueKind: JsonValueKind.Null } || (element is { ValueKind: JsonValueKind.Array } list && list.GetArrayLength() == 0)
            ? null
            : element.Value.GetRawText();
}
