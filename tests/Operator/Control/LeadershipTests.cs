using Harmony.Fleet.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Harmony.Fleet.Tests.Operator.Control;

/// <summary>An operator whose time is over writes nothing more, and ends: another one may lead, and may have decided otherwise.</summary>
public sealed class LeadershipTests : IAsyncLifetime
{
    private ControlFixture fleet = null!;
    private FakeAgent pi = null!;

    public async ValueTask InitializeAsync()
    {
        fleet = await ControlFixture.StartAsync();
        await Eventually.HoldsAsync(() => fleet.Log.Count("Created the bucket scores") == 1, "the buckets are there");
        pi = new FakeAgent(fleet.Broker.Connect(), "pi-1", ControlledFleet.Master);
        await pi.SayHelloAsync(("group", "a"));
        await fleet.ApplyAsync("web");
        await fleet.NamesAsync("pi-1", "web");
    }

    public ValueTask DisposeAsync() => fleet.DisposeAsync();

    [Fact]
    public async Task Operator_WhoseLeadershipIsOver_WritesNothingMoreAndEnds()
    {
        var stopping = fleet.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        fleet.Leads = TimeSpan.Zero;
        await fleet.ApplyAsync("db");

        await Eventually.HoldsAsync(() => stopping.IsCancellationRequested, "the operator ends");
        await fleet.EndAsync();
        (await fleet.ManifestAsync("pi-1"))!.Entries.Select(entry => entry.Name.Value).ShouldBe(["web"]);
        (await fleet.DeploymentAsync("db")).Metadata.Finalizers.ShouldBeEmpty();
    }

    [Fact]
    public async Task Operator_ThatBeginsAfterwards_LeadsInALaterTermAndGoesOn()
    {
        var before = (await fleet.ManifestAsync("pi-1"))!.Generation;
        fleet.Leads = TimeSpan.Zero;
        await fleet.ApplyAsync("db");
        await fleet.EndAsync();

        fleet.Leads = TimeSpan.MaxValue;
        await fleet.BeginAsync();

        await fleet.NamesAsync("pi-1", "db", "web");
        (await fleet.ManifestAsync("pi-1"))!.Generation.Term.ShouldBeGreaterThan(before.Term);
    }
}
