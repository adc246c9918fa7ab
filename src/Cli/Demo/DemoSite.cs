using Harmony.Fleet.Cli.Local;
using Harmony.Fleet.Cli.Stacks;

namespace Harmony.Fleet.Cli.Demo;

/// <summary>The fleet that a demo plays on.</summary>
/// <param name="Request">How it was started, or found.</param>
/// <param name="Endpoint">Its operator.</param>
/// <param name="NatsUrl">Its bus.</param>
/// <param name="PodmanSocket">The podman of the device that the demo deploys to.</param>
internal sealed record DemoSite(UpRequest Request, StackEndpoint Endpoint, string NatsUrl, string PodmanSocket)
{
    /// <summary>The device that the demo deploys to.</summary>
    public const string Device = "device-1";
}
