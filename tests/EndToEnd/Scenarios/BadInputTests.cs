using System.Net;
using System.Net.Sockets;
using Harmony.Fleet.Deploy.Images;
using Harmony.Fleet.Tests.EndToEnd.Fleet;
using Harmony.Fleet.Tests.Harness;

namespace Harmony.Fleet.Tests.EndToEnd.Scenarios;

[Trait("Category", "Integration")]
public sealed class BadInputTests(FleetFixture fixture) : IClassFixture<FleetFixture>
{
    private RunningFleet Fleet => fixture.Fleet;

    [Fact]
    public async Task Image_ThatDoesNotExist_FailsWithAReason_AndTheOthersGoOn()
    {
        await Fleet.Api.ApplyAsync(Web.Deployment("no-image", 1, FreePort.Next()).With(web => web with { Image = "localhost/there-is-none:1" }));
        await Fleet.Api.ApplyAsync(Web.Deployment("beside-it", 1, FreePort.Next()));

        var failed = await Fleet.Api.UntilAsync("no-image", aggregate => aggregate.Failed == 1, "the missing image fails");
        failed.Status!.Aggregate.LastError!.Message.ShouldContain("there-is-none");
        await Fleet.Api.UntilConvergedAsync("beside-it");
    }

    [Fact]
    public async Task Upgrade_ToAnImageThatDoesNotExist_LeavesTheOldContainerRunning()
    {
        var port = FreePort.Next();
        await Fleet.Api.ApplyAsync(Web.Deployment("bad-upgrade", 1, port));
        await Fleet.Api.UntilConvergedAsync("bad-upgrade");
        var before = await Fleet.ContainerAsync("bad-upgrade");

        await Fleet.Api.ApplyAsync(Web.Deployment("bad-upgrade", 1, port).With(web => web with { Image = "localhost/there-is-none:2" }));
        await Fleet.Api.UntilAsync("bad-upgrade", aggregate => aggregate.Failed == 1, "the upgrade fails");

        (await Fleet.ContainerAsync("bad-upgrade")).Id.ShouldBe(before.Id);
        await Web.ShowsAsync(port, HelloWebImage.Greeting(1));
    }

    [Fact]
    public async Task Port_InUse_SaysSo_AndConvergesWhenItIsFree()
    {
        using var listener = new TcpListener(IPAddress.Any, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        await Fleet.Api.ApplyAsync(Web.Deployment("port-taken", 1, port));
        var failed = await Fleet.Api.UntilAsync("port-taken", aggregate => aggregate.Failed == 1, "the taken port fails");
        failed.Status!.Aggregate.LastError!.Message.ShouldContain(port.ToString());

        listener.Stop();
        await Fleet.Api.UntilConvergedAsync("port-taken");
        await Web.ShowsAsync(port, HelloWebImage.Greeting(1));
    }
}
