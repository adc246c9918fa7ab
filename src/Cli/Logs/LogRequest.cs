using System.Collections.Immutable;
using Harmony.Fleet.Cli.Server;

namespace Harmony.Fleet.Cli.Logs;

/// <summary>What <c>fleet logs</c> was asked for.</summary>
/// <param name="Devices">The devices; empty for those that the deployment matches.</param>
/// <param name="Query">Which log, and how much of it.</param>
internal sealed record LogRequest(ImmutableArray<string> Devices, LogQuery Query);
