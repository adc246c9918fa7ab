using Harmony.Fleet.Contracts.Names;

namespace Harmony.Fleet.Cli.Local;

/// <summary>A fleet's processes as they are listed: NATS, the operator, the devices' agents, then their podmans; of each the names in natural order.</summary>
internal static class PartOrder
{
    /// <summary><paramref name="parts"/> in that order.</summary>
    public static IEnumerable<FleetPart> Of(IEnumerable<FleetPart> parts) => parts.OrderBy(part => Rank(part.Name)).ThenBy(part => part.Name, NaturalOrder.Names);

    private static int Rank(string name) =>
        name == "nats" || name.StartsWith("nats-", StringComparison.Ordinal) ? 0 : name == "operator" ? 1 : name.EndsWith(" podman", StringComparison.Ordinal) ? 3 : 2;
}
