namespace Harmony.Fleet.Tests.Harness;

/// <summary>The server versions that the fleet runs on: the oldest supported one and the newest known one.</summary>
public static class NatsVersions
{
    public const string Oldest = "2.10";

    public const string Newest = "2.15";

    /// <summary>For <c>[MemberData(nameof(NatsVersions.All), MemberType = typeof(NatsVersions))]</c>.</summary>
    public static TheoryData<string> All => new(Oldest, Newest);
}
