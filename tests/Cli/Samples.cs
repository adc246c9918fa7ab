using System.Collections.Immutable;
using System.Text.Json;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Json;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Contracts.Resources;

namespace Harmony.Fleet.Tests.Cli;

/// <summary>Resources for tests.</summary>
internal static class Samples
{
    public static readonly DateTimeOffset Then = new(2026, 11, 21, 7, 33, 0, TimeSpan.Zero);

    public static string DeploymentYaml(string name) => $$$"""
        apiVersion: fleet.nationtech.io/v1alpha1
        kind: Deployment
        metadata:
          name: {{{name}}}
        spec:
          targetSelector: {matchLabels: {a: b}}
          score:
            PodmanV0:
              containers:
                - name: web
                  image: a

        """;

    public static string DeploymentJson(string name) =>
        $$$$$$"""{"apiVersion":"fleet.nationtech.io/v1alpha1","kind":"Deployment","metadata":{"name":"{{{{{{name}}}}}}"},"spec":{"targetSelector":{"matchLabels":{"a":"b"}},"score":{"PodmanV0":{"containers":[{"name":"web","image":"a"}]}}}}""";

    /// <summary>A deployment as the operator has it.</summary>
    public static string StoredDeployment(string name, string status, string version = "5", long generation = 2) =>
        DeploymentJson(name)
            .Replace("\"metadata\":{", $"\"metadata\":{{\"namespace\":\"default\",\"uid\":\"u-1\",\"resourceVersion\":\"{version}\",\"generation\":{generation},\"creationTimestamp\":\"2026-11-21T07:33:00Z\",", StringComparison.Ordinal)[..^1] + $",\"status\":{status}}}";

    /// <summary>A status with counts: converged when all succeeded.</summary>
    public static string Status(long generation, int matched, int succeeded, int failed = 0, string? error = null) => JsonSerializer.Serialize(
        new DeploymentStatus
        {
            ObservedGeneration = generation,
            Aggregate = new DeploymentAggregate
            {
                MatchedDeviceCount = matched,
                Succeeded = succeeded,
                Failed = failed,
                Pending = matched - succeeded - failed,
                LastError = error is null ? null : new DeviceError { Device = DeviceId.Parse("pi-2"), Message = error, At = Then },
            },
            Conditions =
            [
                new Condition
                {
                    Type = ConditionTypes.Converged, Status = matched == succeeded ? ConditionStatus.True : ConditionStatus.False,
                    Reason = "Counted", Message = "As counted.", LastTransitionTime = Then, ObservedGeneration = generation,
                },
            ],
        },
        ContractsJson.Resources.DeploymentStatus);

    public static Device Device(string name, bool reachable = true, string label = "b") => new()
    {
        Metadata = new ObjectMeta { Name = name, Labels = ImmutableSortedDictionary<string, string>.Empty.Add("a", label).Add("device-id", name) },
        Spec = new DeviceSpec { Inventory = new Inventory { Hostname = name, Architecture = "arm64", OperatingSystem = "Debian GNU/Linux 12 (bookworm)", MemoryBytes = 8L << 30, Cpus = 4 } },
        Status = new DeviceStatus
        {
            AgentVersion = "0.1.0",
            ReportedLabels = ImmutableSortedDictionary<string, string>.Empty.Add("a", label),
            LastSeen = reachable ? null : Then,
            Conditions =
            [
                new Condition { Type = ConditionTypes.Reachable, Status = reachable ? ConditionStatus.True : ConditionStatus.False, Reason = "Heartbeats", Message = "Heartbeats arrive.", LastTransitionTime = Then },
            ],
        },
    };

    public static DeploymentStatus Converged(Deployment deployment, int devices) => new()
    {
        ObservedGeneration = deployment.Metadata.Generation,
        Aggregate = new DeploymentAggregate { MatchedDeviceCount = devices, Succeeded = devices },
        Conditions = [new Condition { Type = ConditionTypes.Converged, Status = ConditionStatus.True, ObservedGeneration = deployment.Metadata.Generation, LastTransitionTime = Then }],
    };
}
