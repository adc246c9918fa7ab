using Harmony.Fleet.Operator.Readiness;
using Harmony.Fleet.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Harmony.Fleet.Tests.Operator.Control;

/// <summary>What is thrown, and none of the kinds that are expected, ends no loop of the operator and not the operator: it is told once, and tried again.</summary>
public sealed class UnexpectedFailureTests : IAsyncLifetime
{
    private readonly InvalidOperationException failure = new("thrown by the test");
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
    public async Task Bus_ThatThrows_IsToldOnceOfEachWatch_AndAllIsReadAgainWhenItIsOver()
    {
        fleet.BusFailure = failure;
        await pi.SayHelloAsync(("group", "b"));
        fleet.Bus.GoDown();
        fleet.Bus.GoUp();
        await Eventually.HoldsAsync(() => Told("the watch of the link to NATS") == 1 && Told("the watch of the bucket device-info") == 1, "it is told");

        fleet.BusFailure = null;

        await fleet.NamesAsync("pi-1");
        Told("the watch of the link to NATS").ShouldBe(1);
        Told("the watch of the bucket device-info").ShouldBe(1);
        Runs();
    }

    [Fact]
    public async Task Store_ThatThrowsWhereItIsListed_IsToldOnceOfEachKind_AndListedWhenItIsOver()
    {
        var tries = 0;
        await fleet.EndAsync();
        fleet.BeforeListAnswer = _ => ++tries > 6 ? Task.CompletedTask : throw failure;
        await fleet.BeginAsync();

        await fleet.ApplyAsync("db");
        await fleet.NamesAsync("pi-1", "db", "web");
        Told("the list and the watch of deployments").ShouldBe(1);
        Told("the list and the watch of devices").ShouldBe(1);
        Runs();
    }

    /// <summary>What the engine caught up with grows old, and it said of itself that it was ready and the fleet converged.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Store_ThatCannotBeListed_AfterTheEngineCaughtUp_IsNotReady_UntilItIsOver(bool throws)
    {
        await fleet.EndAsync();
        await fleet.BeginAsync(ControlledFleet.Quick with { ResyncInterval = TimeSpan.FromMilliseconds(200), DeafLimit = TimeSpan.FromMilliseconds(200) });
        await Eventually.HoldsAsync(() => Missing("control") is null, "the engine has caught up");
        Missing("informers").ShouldBeNull();

        fleet.StoreOutage = throws ? null : "thrown by the test";
        fleet.BeforeListAnswer = _ => throws ? throw failure : Task.CompletedTask;
        await Eventually.HoldsAsync(() => Missing("informers")?.EndsWith("fails, and is tried again: thrown by the test", StringComparison.Ordinal) == true, "it is said");
        Missing("control").ShouldBeNull();

        fleet.StoreOutage = null;
        fleet.BeforeListAnswer = _ => Task.CompletedTask;
        await Eventually.HoldsAsync(() => Missing("informers") is null, "it is over");
        await fleet.ApplyAsync("db");
        await fleet.NamesAsync("pi-1", "db", "web");
    }

    [Fact]
    public async Task Store_ThatThrowsWhereATermBegins_IsToldOnce_AndLeadsWhenItIsOver()
    {
        await fleet.EndAsync();
        fleet.TermFailure = failure;
        await fleet.BeginAsync();
        await Eventually.HoldsAsync(() => Told("the store's next term") == 1, "it is told");

        fleet.TermFailure = null;

        await fleet.ApplyAsync("db");
        await fleet.NamesAsync("pi-1", "db", "web");
        Told("the store's next term").ShouldBe(1);
        Runs();
    }

    private string? Missing(string check) => fleet.Services.GetServices<IReadinessCheck>().Single(one => one.Name == check).Missing();

    private int Told(string part) => fleet.Log.Count($"This failed unexpectedly, and is tried again until it works: {part}");

    private void Runs() => fleet.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.IsCancellationRequested.ShouldBeFalse();
}
