namespace Harmony.Fleet.Tests.Packaging.Packages;

/// <summary>What the agent is packed for.</summary>
public sealed class Platforms : TheoryData<string>
{
    public const string X64 = "linux-x64";

    public const string Arm64 = "linux-arm64";

    public Platforms()
        : base(X64, Arm64)
    {
    }
}
