using System.Collections.Immutable;
using Harmony.Fleet.Cli.Hosting;
using Harmony.Fleet.Cli.Output;
using Harmony.Fleet.Cli.Server;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Outcomes;

namespace Harmony.Fleet.Cli.Getting;

/// <summary>How a watch stands.</summary>
/// <typeparam name="T">The resources' type.</typeparam>
/// <param name="Resources">All that is there.</param>
/// <param name="Changes">What is new since the last time.</param>
/// <param name="Lost">Why nothing new can come at present; null where it can.</param>
internal sealed record WatchedState<T>(ImmutableArray<T> Resources, ImmutableArray<WatchChange<T>> Changes, Fault? Lost)
    where T : class, IResource;

/// <summary>Shows a watch.</summary>
/// <typeparam name="T">The resources' type.</typeparam>
internal interface IWatchView<T> : IAsyncDisposable
    where T : class, IResource
{
    /// <summary>Cancelled when nobody reads what is shown.</summary>
    CancellationToken Gone { get; }

    /// <summary>Shows how it stands now.</summary>
    void Show(WatchedState<T> state);
}

/// <summary>A document for each change: for programs.</summary>
internal sealed class DocumentView<T>(CliConsole console, string server, OutputFormat format) : IWatchView<T>
    where T : class, IResource
{
    private readonly LossTeller loss = new(console, server);

    /// <inheritdoc/>
    public CancellationToken Gone => CancellationToken.None;

    /// <inheritdoc/>
    public void Show(WatchedState<T> state)
    {
        loss.Tell(state.Lost);
        foreach (var change in state.Changes)
        {
            if (format == OutputFormat.Json)
            {
                console.Out.WriteLine(JsonText.Change(change.Kind.ToString().ToUpperInvariant(), change.Resource.Raw));
            }
            else if (change.Kind != WatchChangeKind.Deleted)
            {
                console.Out.Write("---\n" + YamlText.Of(change.Resource.Raw));
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

/// <summary>The table, then a line of it for each change: for logs and pipes.</summary>
internal sealed class LineView<T>(CliHost host, string server, ResourceKind<T> kind, GetRequest request, HeartbeatFeed heartbeats) : IWatchView<T>
    where T : class, IResource
{
    private readonly LossTeller loss = new(host.Console, server);
    private readonly ResourceTable<T> table = new ResourceTable<T>(kind, request, host.Console).WithRoomForChanges();
    private bool hasBegun;

    /// <inheritdoc/>
    public CancellationToken Gone => CancellationToken.None;

    /// <inheritdoc/>
    public void Show(WatchedState<T> state)
    {
        loss.Tell(state.Lost);
        var facts = new TableFacts(host.Time.GetUtcNow(), heartbeats.Newest);
        if (!hasBegun)
        {
            host.Console.Out.WriteLine(string.Join('\n', table.Lines(state.Resources, facts)));
            hasBegun = true;
            return;
        }

        foreach (var change in state.Changes)
        {
            host.Console.Out.WriteLine(table.Line(change.Resource.Resource, facts, change.Kind == WatchChangeKind.Deleted));
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
