using Harmony.Fleet.Deploy.Podman;
using Harmony.Fleet.Deploy.Processes;
using Harmony.Fleet.Tests.Conformance.Podman;
using Harmony.Fleet.Tests.Harness;
using static Harmony.Fleet.Tests.Conformance.Podman.PodmanFixture;

namespace Harmony.Fleet.Tests.Deploy.Podman;

/// <summary>Containers that end by themselves, and that podman starts again each time: most of the time they do not run, and yet they are not stopped.</summary>
[Trait("Category", "Integration")]
public sealed class PodmanStopTests(PodmanFixture podman) : IClassFixture<PodmanFixture>
{
    /// <summary>Also where all that watched over it was killed, wherever podman was in starting it again.</summary>
    [Theory]
    [InlineData("exit 1", false)]
    [InlineData("exit 1", true)]
    [InlineData("sleep 0.2", false)]
    [InlineData("sleep 0.2", true)]
    public async Task Down_OfAContainerThatKeepsEnding_LeavesNothingThatStartsItAgain(string script, bool isKilled)
    {
        for (var again = 0; again < 3; again++)
        {
            await EndingAsync(script);
            try
            {
                await podman.Service.StopAsync();
                while (isKilled && Left() is { Count: > 0 } left)
                {
                    left.ForEach(process => Signals.Send(process.Identity.Pid, Signal.Kill));
                }

                Must(await PodmanStop.StopAllAsync([podman.Service.Layout.Folder], _ => Task.CompletedTask, CancellationToken.None, Cancel));
                (await PodmanStop.ReleaseAsync(podman.Service.Layout.Folder)).ShouldBeNull();

                await Eventually.HoldsAsync(() => Task.FromResult(Left().Count == 0), "no process is left", TimeSpan.FromSeconds(20), () => string.Join("; ", Left().Select(process => string.Join(' ', process.Words.Take(6)))));
                HostNetwork.TracesOf(podman.Service.Layout.Folder).ShouldBeEmpty();
            }
            finally
            {
                await podman.StartServiceAsync(); // Others use it, too.
            }
        }
    }

    [Fact]
    public async Task Start_WhileAContainerKeepsEnding_LeavesItsNetworkAlone()
    {
        var id = await EndingAsync("exit 1");
        var bridge = $"/sys/class/net/{podman.Service.Layout.Network.Bridge}/ifindex";
        var before = Environment.IsPrivilegedProcess ? await File.ReadAllTextAsync(bridge, Cancel) : string.Empty;

        for (var again = 0; again < 5; again++)
        {
            await podman.Service.StopAsync();
            await podman.StartServiceAsync();
        }

        (Environment.IsPrivilegedProcess ? await File.ReadAllTextAsync(bridge, Cancel) : string.Empty).ShouldBe(before);
        Must(await podman.Runtime.RemoveAsync(id, Cancel));
    }

    /// <summary>A container that has ended and was started again.</summary>
    private async Task<string> EndingAsync(string script)
    {
        var spec = podman.Spec() with { Command = ["/bin/sh", "-c", script], Ports = [new(80, FreePort.Next(), string.Empty, "tcp")] };
        var id = await podman.RunAsync(spec);
        await Eventually.HoldsAsync(async () => (await podman.ObserveAsync(spec)).Restarts > 1, "podman starts it again");
        return id;
    }

    /// <summary>Processes of the podman.</summary>
    private List<RunningProcess> Left() =>
        [.. ProcessTable.All().Where(process => process.Words.Any(word => word.StartsWith(podman.Service.Layout.StorageFolder, StringComparison.Ordinal)))];
}
