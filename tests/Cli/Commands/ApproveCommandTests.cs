using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Ports.Resources;

namespace Harmony.Fleet.Tests.Cli.Commands;

public sealed class ApproveCommandTests : IAsyncLifetime
{
    private readonly CliUnderTest cli = new();
    private OperatorServer server = null!;

    public async ValueTask InitializeAsync()
    {
        server = await OperatorServer.StartAsync();
        await cli.Facing(server.Address).RunAsync("apply", "--name", "hello", "--image", "nginx:1", "--all-devices");
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        cli.Dispose();
    }

    [Fact]
    public async Task NothingHeld_SaysSo()
    {
        (await cli.RunAsync("approve", "deployment", "hello", "--yes")).ShouldBe(new CliRun(0, string.Empty, "Nothing is held of deployment default/hello.\n"));
        (await AnnotationAsync()).ShouldBeNull();
    }

    [Fact]
    public async Task Unknown_IsNotFound() => (await cli.RunAsync("approve", "deployment", "hallo", "--yes")).Code.ShouldBe(3);

    /// <summary>The hold is named by its number; an operator that has none for it takes the approval without.</summary>
    [Theory]
    [InlineData(3, "1/112/3")]
    [InlineData(0, "1/112")]
    public async Task Yes_ApprovesThisGenerationAndHold_AndSoManyDevices(long hold, string annotation)
    {
        await HoldAsync(112, hold);
        (await cli.RunAsync("approve", "deployment", "hello", "--yes")).ShouldBe(
            new CliRun(0, "deployment default/hello: its removal from 112 devices is approved\n", string.Empty));
        (await AnnotationAsync()).ShouldBe(annotation);
        (await cli.RunAsync("get", "deployment", "hello")).Out.ShouldContain("RemovalHeld");
    }

    [Theory]
    [InlineData("y\n", 0, "1/1/1")]
    [InlineData("n\n", 1, null)]
    public async Task Terminal_ShowsWhatIsHeldAndAsks(string answer, int code, string? annotation)
    {
        await HoldAsync(1);
        cli.IsTerminal = true;
        cli.Input = answer;

        var run = await cli.RunAsync("approve", "deployment", "hello");

        run.Code.ShouldBe(code);
        run.Error.ShouldStartWith("It would be removed from some.\nRemove the containers of deployment default/hello from 1 device? [y/N] ");
        (await AnnotationAsync()).ShouldBe(annotation);
    }

    [Fact]
    public async Task NoTerminal_DemandsYes()
    {
        await HoldAsync(1);
        (await cli.RunAsync("approve", "deployment", "hello")).Code.ShouldBe(2);
        (await AnnotationAsync()).ShouldBeNull();
    }

    /// <summary>What the status tells may be of other devices than what is held of the present generation.</summary>
    [Fact]
    public async Task StatusOfTheGenerationBefore_IsNotApproved()
    {
        await HoldAsync(112, observed: 7);
        var run = await cli.RunAsync("approve", "deployment", "hello", "--yes");

        (run.Code, run.Out).ShouldBe((5, string.Empty));
        run.Error.ShouldContain("deployment default/hello has changed, and the operator has not said yet what it holds of it");
        (await AnnotationAsync()).ShouldBeNull();
    }

    private Task HoldAsync(int count, long hold = 1, long? observed = null) => server.SetStatusAsync("hello", stored => new()
    {
        ObservedGeneration = observed ?? stored.Metadata.Generation,
        RemovalHeldCount = count,
        RemovalHold = hold,
        Conditions = [new() { Type = ConditionTypes.RemovalHeld, Status = ConditionStatus.True, Reason = "ManyDevices", ObservedGeneration = observed ?? stored.Metadata.Generation, Message = "It would be removed from some." }],
    });

    private async Task<string?> AnnotationAsync() =>
        (await server.Store.GetAsync(ResourceTypes.Deployments, new ResourceKey("default", "hello"), default))
            .ShouldBeOfType<StoreOutcome<Deployment>.Ok>().Resource.Metadata.Annotations.GetValueOrDefault(ApiGroup.ApproveRemovalAnnotation);
}
