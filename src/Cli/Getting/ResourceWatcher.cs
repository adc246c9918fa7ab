using Harmony.Fleet.Cli.Hosting;
using Harmony.Fleet.Cli.Server;
using Harmony.Fleet.Contracts.Resources;

namespace Harmony.Fleet.Cli.Getting;

/// <summary>Shows resources, and then each change, until Ctrl-C: on a terminal as a table in its place, else line by line.</summary>
internal sealed class ResourceWatcher<T>(CliHost host, FleetClient client, ResourceKind<T> kind)
    where T : class, IResource
{
    /// <summary>Watches what <paramref name="request"/> asks for.</summary>
    /// <returns>The exit code, when the watch cannot go on.</returns>
    public async Task<int> RunAsync(GetRequest request, CancellationToken cancellationToken)
    {
        await using var heartbeats = new HeartbeatFeed(kind.IsAlive && request.IsTable ? new HeartbeatReader(client, host.Time) : null, request.Name, host.Time);
        await using var view = View(request, heartbeats);

        // Where nobody reads any more there is nothing to watch for.
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, view.Gone);
        try
        {
            return await FollowAsync(request, view, heartbeats, stop.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ReaderGoneException();
        }
    }

    private async Task<int> FollowAsync(GetRequest request, IWatchView<T> view, HeartbeatFeed heartbeats, CancellationToken cancellationToken)
    {
        var watch = new ResourceWatch<T>(client, kind.Type, request.Scope, host.Time, new Random(Environment.ProcessId));
        var set = new WatchedSet<T>(request.Name);
        var isFirst = true;
        await foreach (var step in watch.RunAsync(cancellationToken))
        {
            if (step is WatchStep<T>.Ended ended)
            {
                await view.DisposeAsync();
                return host.Fail(ended.Fault);
            }

            var changes = set.Take(step);
            if (isFirst && request.Name is { } name && set.Resources.IsEmpty)
            {
                return host.Fail(client.Missing(kind.Type, request.Scope.Namespace, name));
            }

            if (isFirst)
            {
                await heartbeats.BeginAsync(cancellationToken);
            }

            view.Show(new WatchedState<T>(set.Resources, changes, (step as WatchStep<T>.Lost)?.Fault));
            isFirst = false;
        }

        return ExitCode.Done;
    }

    private IWatchView<T> View(GetRequest request, HeartbeatFeed heartbeats) =>
        !request.IsTable ? new DocumentView<T>(host.Console, client.Server, request.Format)
        : host.Console.IsOutTerminal ? new ScreenView<T>(host, kind, request, heartbeats)
        : new LineView<T>(host, client.Server, kind, request, heartbeats);
}
