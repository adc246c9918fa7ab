using System.Text.Json;
using System.Text.Json.Nodes;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Trust;
using Harmony.Fleet.Deploy.Machines;
using Harmony.Fleet.Deploy.Scores;
using Harmony.Fleet.Tests.EndToEnd.Fleet;
using Harmony.Fleet.Tests.Harness;

namespace Harmony.Fleet.Tests.EndToEnd.VirtualMachines;

/// <summary>NATS and an operator on this machine, for one device that is elsewhere.</summary>
public sealed class ControlPlane : IAsyncDisposable
{
    private const int Epoch = 1;

    private readonly TempFolder folder;
    private readonly LocalMachine machine;
    private readonly ServerStanding server;

    private ControlPlane(TempFolder folder, LocalMachine machine, ServerStanding server, DeviceId device)
    {
        this.folder = folder;
        this.machine = machine;
        this.server = server;
        Device = device;
        Api = new FleetApi(server.Operator);
    }

    public DeviceId Device { get; }

    public FleetApi Api { get; }

    public static async Task<ControlPlane> StartAsync(DeviceId device)
    {
        var data = new TempFolder();
        var options = new LocalMachineOptions
        {
            DataFolder = data.Path,
            BaseFolder = FleetPrograms.FolderOf("Harmony.Fleet.Cli"),
            Home = RepositoryRoot.Path,
            Random = new Random(1),
            Say = _ => { },
        };
        var place = new LocalMachine(options, TimeProvider.System);
        var standing = await new FleetServerScore { Devices = [device] }
            .DeployAsync(place, new Progress<DeployNews>(), TimeProvider.System, TestContext.Current.CancellationToken);
        standing.Fault?.ToString().ShouldBeNull();
        return new ControlPlane(data, place, standing.Value!, device);
    }

    /// <summary>Writes what is handed to the device: its settings, its keys, and the seed of its login. Until devices enrol, this is done by hand.</summary>
    public void HandOver(TempFolder payload)
    {
        var keys = MasterKey.Parse(File.ReadAllText(folder.File("keys/master.key"))).DeviceKeys(Device, Epoch);
        payload.Secret("device.nk", File.ReadAllText(folder.File($"devices/{Device}/device.nk")).Trim());
        payload.Secret("device.key", new JsonObject
        {
            ["device"] = Device.Value,
            ["epoch"] = keys.Epoch,
            ["downKey"] = Convert.ToBase64String(keys.Down),
            ["upKey"] = Convert.ToBase64String(keys.Up),
        }.ToJsonString());

        var settings = JsonNode.Parse(File.ReadAllText(RepositoryRoot.File("packaging/agent/agent.json"))).ShouldNotBeNull();
        settings["deviceId"] = Device.Value;
        settings["nats"].ShouldNotBeNull()["url"] = new UriBuilder(server.Nats.Url) { Host = VirtualMachine.Host }.Uri.GetLeftPart(UriPartial.Authority);
        settings["labels"] = new JsonObject { ["group"] = "local" };
        File.WriteAllText(payload.File("agent.json"), settings.ToJsonString(new JsonSerializerOptions { WriteIndented = true }));
    }

    public async ValueTask DisposeAsync()
    {
        Api.Dispose();
        await machine.DisposeAsync();
        folder.Dispose();
    }
}
