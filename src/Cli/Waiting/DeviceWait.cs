using Harmony.Fleet.Cli.Hosting;
using Harmony.Fleet.Cli.Parsing;
using Harmony.Fleet.Cli.Server;
using Harmony.Fleet.Contracts.Api;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Outcomes;

namespace Harmony.Fleet.Cli.Waiting;

/// <summary>Waits until a device that was deleted is gone: nothing of it is on the bus any more. As of a deployment, it is read again and again.</summary>
internal sealed class DeviceWait(CliHost host, FleetClient client)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <summary>Whatever time is given, a first look gets so long.</summary>
    private static readonly TimeSpan OneLook = TimeSpan.FromSeconds(3);

    /// <summary>Waits until there is no device <paramref name="name"/> with <paramref name="uid"/>: one that made itself known again is another one.</summary>
    /// <returns>Null, or why it is not gone.</returns>
    public async Task<Fault?> RunAsync(string name, string? uid, TimeSpan timeout, CancellationToken cancellationToken) =>
        (await new WaitScreen(host).ShowAsync("device", name, "deleted", tell => PollAsync(name, uid, timeout, tell, cancellationToken))).Fault;

    private async Task<Outcome<bool>> PollAsync(string name, string? uid, TimeSpan timeout, Action<string> tell, CancellationToken cancellationToken)
    {
        var (told, isFirst) = (string.Empty, true);
        for (var began = host.Time.GetTimestamp(); ; isFirst = false)
        {
            var left = timeout - host.Time.GetElapsedTime(began);
            var now = await LookAsync(name, isFirst && left < OneLook ? OneLook : left, cancellationToken);
            if (now.Fault?.Reason == StatusReasons.NotFound || (now.IsOk && !string.Equals(now.Value.Uid, uid, StringComparison.Ordinal)))
            {
                return true;
            }

            if (now.Fault?.Kind is not (null or FaultKind.TimedOut or FaultKind.Unreachable))
            {
                return now.Fault;
            }

            var missing = now.IsOk ? $"it is still held by {string.Join(", ", now.Value.Finalizers)}" : now.Fault.ToString();
            if (host.Time.GetElapsedTime(began) >= timeout)
            {
                return new Fault(FaultKind.TimedOut, $"device {name} is not gone after {Duration.Text(timeout)}", missing);
            }

            if (missing != told)
            {
                told = missing;
                tell(now.IsOk ? missing : $"{now.Fault.What}; it is asked again until the time is over");
            }

            left = timeout - host.Time.GetElapsedTime(began);
            await Task.Delay(left < Pause ? left > TimeSpan.Zero ? left : TimeSpan.Zero : Pause, host.Time, cancellationToken);
        }
    }

    private Task<Outcome<ObjectMeta>> LookAsync(string name, TimeSpan limit, CancellationToken cancellationToken) => TimeLimit.WithinAsync<Outcome<ObjectMeta>>(
        host.Time,
        limit,
        async stop =>
        {
            var fetched = await client.GetAsync(ResourceTypes.Devices, null, name, stop);
            return fetched.IsOk ? fetched.Value.Resource.Metadata : fetched.Fault;
        },
        ApiErrors.StillSilent(client.Server, client.StatusLine),
        cancellationToken);
}
