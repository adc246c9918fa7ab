using System.Globalization;
using System.Runtime.InteropServices;
using Harmony.Fleet.Tests.Harness;

namespace Harmony.Fleet.Bench.Agent;

/// <summary>What the benchmark was asked for.</summary>
internal sealed record BenchOptions
{
    /// <summary>The native agent: absolute.</summary>
    public required string Agent { get; init; }

    public int Deployments { get; init; } = 10;

    /// <summary>How many minutes of rest are measured.</summary>
    public int Minutes { get; init; } = 5;

    /// <summary>How often each agent is started.</summary>
    public int Starts { get; init; } = 7;

    /// <summary>Null where they are not understood.</summary>
    public static BenchOptions? Parse(string[] arguments)
    {
        var options = new BenchOptions { Agent = Environment.GetEnvironmentVariable("HARMONY_FLEET_AGENT") is { Length: > 0 } named ? Path.GetFullPath(named) : Published() };
        foreach (var pair in arguments.Chunk(2))
        {
            BenchOptions? next = pair switch
            {
                ["--agent", var path] => options with { Agent = Path.GetFullPath(path) },
                ["--deployments", var text] when IsCount(text, out var count) => options with { Deployments = count },
                ["--minutes", var text] when IsCount(text, out var count) => options with { Minutes = count },
                ["--starts", var text] when IsCount(text, out var count) => options with { Starts = count },
                _ => null,
            };
            if (next is null)
            {
                return null;
            }

            options = next;
        }

        return options;
    }

    private static bool IsCount(string text, out int count) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out count) && count > 0;

    private static string Published() =>
        RepositoryRoot.File($"artifacts/native/linux-{RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()}/publish/Harmony.Fleet.Agent");
}
