namespace Harmony.Fleet.Tests.EndToEnd.Fleet;

/// <summary>One fleet for the tests of a class, with both versions of the web image in its device's podman.</summary>
public sealed class FleetFixture : IAsyncLifetime
{
    private RunningFleet? fleet;

    public RunningFleet Fleet => fleet ?? throw new InvalidOperationException("The fleet is not up.");

    public async ValueTask InitializeAsync()
    {
        fleet = await RunningFleet.StartAsync();
        await fleet.BuildImagesAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (fleet is not null)
        {
            await fleet.DisposeAsync();
        }
    }
}
