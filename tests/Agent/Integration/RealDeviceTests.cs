using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Scores;
using Harmony.Fleet.Core.Containers;
using Harmony.Fleet.Core.Outcomes;
using Harmony.Fleet.Deploy.Images;
using Harmony.Fleet.Tests.Agent.Rigs;
using Harmony.Fleet.Tests.Harness;

namespace Harmony.Fleet.Tests.Agent.Integration;

[Trait("Category", "Integration")]
public sealed class RealDeviceTests(RealDevice device) : IClassFixture<RealDevice>
{
    private const string Name = "acme.web.app";

    private readonly int port = FreePort.Next();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task HelloWeb_RunsUpgradesStaysAndGoes()
    {
        var generation = await device.Operator.WantAsync(("web", Score(1)));
        await device.RunsAsync(generation);
        await AnswersAsync(1);
        var first = (await OnlyAsync()).Id;

        var (observations, writes) = (device.Asked.Observations, device.Asked.Writes);
        await Eventually.HoldsAsync(() => device.Asked.Observations >= observations + 10, "ten reconciles");
        device.Asked.Writes.ShouldBe(writes);
        (await OnlyAsync()).Id.ShouldBe(first);

        await device.RunsAsync(await device.Operator.WantAsync(("web", Score(1))));
        (await OnlyAsync()).Id.ShouldBe(first, "the same again");

        await device.RunsAsync(await device.Operator.WantAsync(("web", Score(2))));
        await AnswersAsync(2);
        (await OnlyAsync()).Id.ShouldNotBe(first, "an upgrade");

        await device.RunsAsync(await device.Operator.WantAsync());
        (await AllAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task HandMadeChanges_ArePutRight()
    {
        await device.RunsAsync(await device.Operator.WantAsync(("web", Score(1))));
        var first = await OnlyAsync();
        Ok(await device.Runtime.RemoveAsync(Name, Stop));
        await StandsAnewAsync(first.Id);

        var second = await OnlyAsync();
        await device.StopAgentAsync();
        Ok(await device.Runtime.RemoveAsync(Name, Stop));
        var byHand = await RecreateByHandAsync(second);
        await device.StartAgentAsync();
        await StandsAnewAsync(byHand);
        (await OnlyAsync()).Env.ShouldNotContainKey("DEBUG");

        // No matter what podman answers: the agent may start it again while podman still clears up after the stop.
        var third = await OnlyAsync();
        await device.Runtime.StopAsync(Name, TimeSpan.FromSeconds(2), Stop);
        await Eventually.HoldsAsync(
            async () => await AllAsync() is [{ State: ContainerState.Running } only] && only.Id == third.Id && only.StartedAt > third.StartedAt, "what was stopped by hand is started");
        await AnswersAsync(1);
        await device.RunsAsync(await device.Operator.WantAsync());
    }

    [Fact]
    public async Task AgentAndNatsRestarted_TouchNoContainer()
    {
        var first = await device.RunsAsync(await device.Operator.WantAsync(("web", Score(1))));
        var container = await OnlyAsync();

        await device.StopAgentAsync();
        (await OnlyAsync()).State.ShouldBe(ContainerState.Running, "stopping the agent stops no container");
        await device.StartAgentAsync();
        await Eventually.HoldsAsync(async () => (await device.Operator.ReportAsync())!.Instance != first.Instance, "the new run reports");
        var second = (await device.Operator.ReportAsync())!;

        await device.Nats.KillAsync();
        await device.Nats.RestartAsync();
        await Eventually.HoldsAsync(
            async () => await device.Operator.ReportAsync() is { } report && report.Instance == second.Instance && report.Sequence > second.Sequence, "it reports again");
        device.Asked.Writes.ShouldBe(0);
        var after = await OnlyAsync();
        (after.Id, after.StartedAt).ShouldBe((container.Id, container.StartedAt));
        await device.RunsAsync(await device.Operator.WantAsync());
    }

    private static T Ok<T>(Outcome<T> result) => result.IsOk ? result.Value : throw new ShouldAssertException($"{result.Fault.Kind}: {result.Fault.ToString()}");

    private byte[] Score(int version) => ControlPlane.Score(new Container
    {
        Name = "app",
        Image = HelloWebImage.Reference(version),
        Env = [new EnvVar { Name = "MODE", Value = "test" }],
        Ports = [new ContainerPort { Port = HelloWebImage.Port, HostPort = port }],
        VolumeMounts = [new VolumeMount { Volume = "data", MountPath = "/data" }],
    });

    private async Task AnswersAsync(int version)
    {
        using var http = new HttpClient();
        await Eventually.HoldsAsync(
            async () =>
            {
                try
                {
                    return (await http.GetStringAsync(new Uri($"http://127.0.0.1:{port}/"), Stop)).Contains(HelloWebImage.Greeting(version), StringComparison.Ordinal);
                }
                catch (HttpRequestException)
                {
                    return false;
                }
            },
            $"version {version} answers");
    }

    private async Task<ImmutableArray<ObservedContainer>> AllAsync() =>
        Ok(await device.Runtime.ObserveAsync(ContainerLabels.Device, ControlPlane.Device.Value, Stop));

    private async Task<ObservedContainer> OnlyAsync() => (await AllAsync()).ShouldHaveSingleItem();

    private Task StandsAnewAsync(string formerId) => Eventually.HoldsAsync(
        async () => await AllAsync() is [{ State: ContainerState.Running } only] && only.Id != formerId && !only.Env.ContainsKey("DEBUG"), "it stands anew, as it should");

    /// <summary>Somebody makes the container anew, with a variable of their own.</summary>
    private async Task<string> RecreateByHandAsync(ObservedContainer like)
    {
        var spec = new ContainerSpec
        {
            Name = like.Name,
            Image = HelloWebImage.Reference(1),
            Labels = like.Labels,
            Env = ImmutableSortedDictionary.CreateRange(StringComparer.Ordinal, [KeyValuePair.Create("MODE", "test"), KeyValuePair.Create("DEBUG", "1")]),
            Ports = like.Ports,
            Mounts = like.Mounts,
        };
        var id = Ok(await device.Runtime.CreateAsync(spec, Stop));
        Ok(await device.Runtime.StartAsync(id, Stop));
        return id;
    }
}
