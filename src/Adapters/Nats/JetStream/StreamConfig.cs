using System.Collections.Immutable;
using System.Text.Json;

namespace Harmony.Fleet.Adapters.Nats.JetStream;

/// <summary>A stream's configuration, as it travels. Fields that are not named here keep the server's defaults.</summary>
public sealed record StreamConfig
{
    /// <summary>On disk.</summary>
    public const string FileStorage = "file";

    /// <summary>In memory.</summary>
    public const string MemoryStorage = "memory";

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>What it is for.</summary>
    public string? Description { get; init; }

    /// <summary>The subjects that it stores.</summary>
    public ImmutableArray<string> Subjects { get => field.IsDefault ? [] : field; init; }

    /// <summary><c>limits</c>, <c>interest</c> or <c>workqueue</c>.</summary>
    public string Retention { get => field ?? "limits"; init; }

    /// <summary>The most consumers; -1 for no limit (from 2.15 on: 1,000).</summary>
    public int MaxConsumers { get; init; }

    /// <summary>The most messages; -1 for no limit.</summary>
    public long MaxMsgs { get; init; }

    /// <summary>The most bytes; -1 for no limit.</summary>
    public long MaxBytes { get; init; }

    /// <summary>The most messages of one subject; -1 for no limit.</summary>
    public long MaxMsgsPerSubject { get; init; }

    /// <summary>The largest message in bytes, headers counted; -1 for no limit.</summary>
    public int MaxMsgSize { get; init; }

    /// <summary>The oldest message in nanoseconds; 0 for no limit.</summary>
    public long MaxAge { get; init; }

    /// <summary>What gives way when it is full: <c>old</c> or <c>new</c>.</summary>
    public string Discard { get => field ?? "old"; init; }

    /// <summary>Whether a subject that is full refuses new messages.</summary>
    public bool DiscardNewPerSubject { get; init; }

    /// <summary><see cref="FileStorage"/> or <see cref="MemoryStorage"/>.</summary>
    public string Storage { get => field ?? FileStorage; init; }

    /// <summary>How many servers hold it.</summary>
    public int NumReplicas { get; init; }

    /// <summary>How long message ids are remembered, in nanoseconds.</summary>
    public long DuplicateWindow { get; init; }

    /// <summary>Whether publishes are left without acknowledgement.</summary>
    public bool NoAck { get; init; }

    /// <summary>Whether nothing may change any more.</summary>
    public bool Sealed { get; init; }

    /// <summary>Whether the API may not delete single messages.</summary>
    public bool DenyDelete { get; init; }

    /// <summary>Whether the API may not purge.</summary>
    public bool DenyPurge { get; init; }

    /// <summary>Whether a header of a message may remove all others of its subject, or of the whole stream.</summary>
    public bool AllowRollupHdrs { get; init; }

    /// <summary>Whether messages can be read by direct get.</summary>
    public bool AllowDirect { get; init; }

    /// <summary>Whether a header of a message may limit its own life (2.11 and later).</summary>
    public bool AllowMsgTtl { get; init; }

    /// <summary>Where stored messages are published again; null for nowhere.</summary>
    public Republish? Republish { get; init; }

    /// <summary>The stream that it mirrors; null for none. Only ever read.</summary>
    public JsonElement? Mirror { get; init; }

    /// <summary>The streams that it collects; null for none. Only ever read.</summary>
    public JsonElement? Sources { get; init; }

    /// <summary>How it changes subjects before it stores; null for not at all. Only ever read.</summary>
    public JsonElement? SubjectTransform { get; init; }
}
