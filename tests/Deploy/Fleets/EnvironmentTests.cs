using System.Net;
using System.Net.Sockets;
using Harmony.Fleet.Tests.Harness;

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

    /// <summary>What goes on in the background works in another folder than the one it was called from.</summary>
    [Fact]
    public async Task UpDetached_WithRelativePathsInTheEnvironment_MeansThoseOfItsCaller()
    {
        await using var folder = new FleetFolder();
        var agent = FleetPrograms.FolderOf("Harmony.Fleet.Agent");
        using var call = await CliCall.BeginAsync(
            [("HARMONY_FLEET_DATA", Path.GetRelativePath(agent, folder.Path)), ("HARMONY_FLEET_AGENT", "Harmony.Fleet.Agent")],
            "/bin/sh",
            ["-c", "cd \"$0\" && exec \"$@\"", agent, CliCall.Program, "up", "--detach"]);
        var up = await call.EndAsync();
        up.Code.ShouldBe(0, up.Errors);
        (await folder.StatusAsync()).GetProperty("phase").GetString().ShouldBe("Ready");
    }

    [Fact]
    public async Task Command_WithAProxy_NeverTellsItTheTokenInClear()
    {
        using var folder = new TempFolder();
        using var proxy = new TcpListener(IPAddress.Loopback, 0);
        proxy.Start();
        var url = $"http://{proxy.LocalEndpoint}";
        await File.WriteAllTextAsync(folder.File("token"), "secret", TestContext.Current.CancellationToken);

        // Not one of this machine's own addresses for .NET, and nobody listens there.
        using var call = await CliCall.BeginAsync(
            [("http_proxy", url), ("HTTP_PROXY", url), ("ALL_PROXY", url), ("no_proxy", string.Empty)],
            ["get", "devices", "--server", "http://0.0.0.0:1", "--token-file", folder.File("token")]);
        var ended = call.EndAsync();
        await Task.WhenAny(ended, proxy.AcceptSocketAsync(TestContext.Current.CancellationToken).AsTask());
        ended.IsCompleted.ShouldBeTrue("it asked the proxy");
        (await ended).Code.ShouldBe(6);
    }

    [Fact]
    public async Task UpDetached_InAFolderOfTheEnvironment_NamesItInTheNextCommands()
    {
        await using var folder = new FleetFolder();
        using var call = await CliCall.BeginAsync([("HARMONY_FLEET_DATA", folder.Path)], ["up", "--detach", "--devices", "0"]);
        var up = await call.EndAsync();
        up.Code.ShouldBe(0, up.Errors);
        up.Errors.ShouldContain("  fleet get devices --data ");
        up.Errors.ShouldContain($"fleet down --data {folder.Path} ends it.");
        (await folder.StatusAsync()).GetProperty("phase").GetString().ShouldBe("Ready");
    }
}
