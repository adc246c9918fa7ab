namespace Harmony.Fleet.Tests.Harness;

/// <summary>
/// The server versions that the fleet runs on, for <c>[ClassData(typeof(NatsVersions))]</c>: the oldest supported one and the newest known one.
/// (Not a <c>MemberData</c>: its analyzer fails on members of another assembly.)
/// </summary>
public sealed class NatsVersions : TheoryData<string>
{
    public const string Oldest = "2.10";

    public const string Newest = "2.15";

    public NatsVersions()
        : base(Oldest, Newest)
    {
    }
}
