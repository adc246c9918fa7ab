using System.Net;
using System.Net.Sockets;

namespace Harmony.Fleet.Tests.Deploy.Fleets;

/// <summary>Whole fleets in environments that are not the usual ones.</summary>
[Trait("Category", "Integration")]
public sealed class EnvironmentTests
{
    [Fact]
    public async Task Demo_WithAProxy_AsksNothingOfIt()
    {
        await using var folder = new FleetFolder();
        using var proxy = new TcpListener(IPAddress.Loopback, 0);
        proxy.Start();
        var url = $"http://{proxy.LocalEndpoint}";
        using var call = await CliCall.BeginAsync([("http_proxy", url), ("HTTP_PROXY", url), ("ALL_PROXY", url), ("no_proxy", string.Empty)], ["demo", "--auto", "--data", folder.Path]);
        var demo = await call.EndAsync();
        demo.Code.ShouldBe(0, demo.Errors);
        proxy.Pending().ShouldBeFalse();
    }

    [Fact]
    public async Task UpDetached_InTheUsualFolder_NamesItInNoNextCommand()
    {
        await using var folder = new FleetFolder();
        using var call = await CliCall.BeginAsync([("HARMONY_FLEET_DATA", folder.Path)], ["up", "--detach", "--devices", "0"]);
        var up = await call.EndAsync();
        up.Code.ShouldBe(0, up.Errors);
        up.Errors.ShouldContain("  fleet get devices\n");
        up.Errors.ShouldContain("fleet down ends it.");
        up.Errors.ShouldNotContain("--data");
        (await folder.StatusAsync()).GetProperty("phase").GetString().ShouldBe("Ready");
    }
}
