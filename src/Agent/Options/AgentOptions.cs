using System.Collections.Immutable;
using Harmony.Fleet.Adapters.Podman.Http;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Retries;
using Harmony.Fleet.Core.Trust;
using Harmony.Fleet.Hosting.Options;

namespace Harmony.Fleet.Agent.Options;

/// <summary>All that an agent is told at its start, validated.</summary>
internal sealed record AgentOptions
{
    /// <summary>How often containers are compared without any hint, where nothing else is written.</summary>
    public static readonly TimeSpan DefaultResyncInterval = TimeSpan.FromSeconds(30);

    /// <summary>How often the manifest is read without any hint, where nothing else is written.</summary>
    public static readonly TimeSpan DefaultManifestInterval = TimeSpan.FromMinutes(10);

    /// <summary>How often a sign of life is given, where nothing else is written.</summary>
    public static readonly TimeSpan DefaultHeartbeatInterval = TimeSpan.FromSeconds(30);

    /// <summary>How many deployments are worked on at a time, where nothing else is written.</summary>
    public const int DefaultConcurrency = 2;

    /// <summary>Which device it is.</summary>
    public required DeviceId Device { get; init; }

    /// <summary>The keys that it shares with its control plane.</summary>
    public required DeviceKeys Keys { get; init; }

    /// <summary>The folder of what it must remember.</summary>
    public required string StateDirectory { get; init; }

    /// <summary>How to reach NATS.</summary>
    public required NatsAccess Nats { get; init; }

    /// <summary>Podman's socket.</summary>
    public required string PodmanSocket { get; init; }

    /// <summary>The longest that pulling one image may take.</summary>
    public TimeSpan PullTimeout { get; init; } = new PodmanOptions().PullTimeout;

    /// <summary>The labels that it reports.</summary>
    public ImmutableSortedDictionary<string, string> Labels { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>How often containers are compared without any hint.</summary>
    public TimeSpan ResyncInterval { get; init; } = DefaultResyncInterval;

    /// <summary>How often the manifest is read without any hint.</summary>
    public TimeSpan ManifestInterval { get; init; } = DefaultManifestInterval;

    /// <summary>How often a sign of life is given.</summary>
    public TimeSpan HeartbeatInterval { get; init; } = DefaultHeartbeatInterval;

    /// <summary>How often info and report are put again, though nothing changed.</summary>
    public TimeSpan RestateInterval { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// Over how long a fleet that has connected again says again what it had said before: after the logins, and after what changed. Not after an agent's first connect.
    /// </summary>
    public TimeSpan SayAgainWindow { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>How long changes are gathered before they are reported.</summary>
    public TimeSpan ReportDelay { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>The shortest time between two looks at the containers for hints' sake.</summary>
    public TimeSpan HintInterval { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How many deployments are worked on at a time; as many more may pull.</summary>
    public int Concurrency { get; init; } = DefaultConcurrency;

    /// <summary>Waits between tries that failed.</summary>
    public BackOff BackOff { get; init; } = new(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5));
}
