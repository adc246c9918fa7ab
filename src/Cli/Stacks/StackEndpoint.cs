namespace Harmony.Fleet.Cli.Stacks;

/// <summary>Which operator to speak to, and as whom.</summary>
/// <param name="Address">Where it listens.</param>
/// <param name="Token">The bearer token.</param>
internal sealed record StackEndpoint(ServerAddress Address, string Token)
{
    /// <summary>Without the token.</summary>
    public override string ToString() => Address.ToString();
}
