using System.Collections.Immutable;
using NATS.Client.JetStream.Models;

namespace Harmony.Fleet.Adapters.NatsAdmin;

/// <summary>In what a stream is not as it should be.</summary>
internal static class BucketDrift
{
    /// <summary>Each difference as <c>setting: found X, wanted Y</c>.</summary>
    public static ImmutableArray<string> Between(StreamConfig found, StreamConfig wanted) =>
        [.. Settings(found).Zip(Settings(wanted)).Where(pair => pair.First.Value != pair.Second.Value).Select(pair => $"{pair.First.Name}: found {pair.First.Value}, wanted {pair.Second.Value}")];

    private static IEnumerable<(string Name, string Value)> Settings(StreamConfig config) =>
    [
        ("storage", Word(config.Storage)),
        ("retention", Word(config.Retention)),
        ("subjects", string.Join(' ', config.Subjects ?? [])),
        ("allow_rollup_hdrs", Word(config.AllowRollupHdrs)),
        ("allow_direct", Word(config.AllowDirect)),
        ("allow_msg_ttl", Word(config.AllowMsgTTL)),
        ("allow_msg_counter", Word(config.AllowMsgCounter)),
        ("allow_msg_schedules", Word(config.AllowMsgSchedules)),
        ("deny_delete", Word(config.DenyDelete)),
        ("deny_purge", Word(config.DenyPurge)),
        ("sealed", Word(config.Sealed)),
        ("no_ack", Word(config.NoAck)),
        ("discard", Word(config.Discard)),
        ("discard_new_per_subject", Word(config.DiscardNewPerSubject)),
        ("max_msgs_per_subject", Word(config.MaxMsgsPerSubject)),
        ("max_msgs", Word(config.MaxMsgs)),
        ("max_bytes", Word(config.MaxBytes)),
        ("max_msg_size", Word(config.MaxMsgSize)),
        ("max_age", Word(config.MaxAge)),
        ("max_consumers", Word(config.MaxConsumers)),
        ("duplicate_window", Word(config.DuplicateWindow)),
        ("subject_delete_marker_ttl", Word(config.SubjectDeleteMarkerTTL)),
        ("republish", config.Republish is { } again ? $"{again.Src} -> {again.Dest}{(again.HeadersOnly ? " (headers only)" : string.Empty)}" : "none"),
        ("mirror", config.Mirror?.Name ?? "none"),
        ("sources", config.Sources is { Count: > 0 } sources ? string.Join(' ', sources.Select(source => source.Name)) : "none"),
        ("subject_transform", config.SubjectTransform is { } transform ? $"{transform.Src} -> {transform.Dest}" : "none"),
        ("num_replicas", Word(config.NumReplicas)),
        ("description", config.Description ?? string.Empty),
    ];

    private static string Word(object value) => value switch
    {
        bool flag => flag ? "true" : "false",
        TimeSpan time => $"{time.TotalSeconds:0.###} s",
        Enum choice => choice.ToString().ToLowerInvariant(),
        _ => $"{value}",
    };
}
