using System.Collections.Immutable;
using Harmony.Fleet.Core.Containers;
using Harmony.Fleet.Core.Outcomes;
using Harmony.Fleet.Ports.Containers;

namespace Harmony.Fleet.Tests.Agent.Integration;

/// <summary>Counts what the agent asks of a real runtime.</summary>
internal sealed class CountingRuntime(IContainerRuntime inner) : IContainerRuntime
{
    private int observations;
    private int writes;

    public int Observations => Volatile.Read(ref observations);

    public int Writes => Volatile.Read(ref writes);

    public Task<Outcome<RuntimeInfo>> InfoAsync(CancellationToken cancellationToken) => inner.InfoAsync(cancellationToken);

    public async Task<Outcome<ImmutableArray<ObservedContainer>>> ObserveAsync(string label, string value, CancellationToken cancellationToken)
    {
        var observed = await inner.ObserveAsync(label, value, cancellationToken);
        Interlocked.Increment(ref observations);
        return observed;
    }

    public Task<Outcome<string>> FindImageAsync(string reference, CancellationToken cancellationToken) => Counted(inner.FindImageAsync(reference, cancellationToken));

    public Task<Outcome<string>> EnsureImageAsync(string reference, CancellationToken cancellationToken) => Counted(inner.EnsureImageAsync(reference, cancellationToken));

    public Task<Outcome<string>> CreateAsync(ContainerSpec spec, CancellationToken cancellationToken) => Counted(inner.CreateAsync(spec, cancellationToken));

    public Task<Outcome<Done>> StartAsync(string container, CancellationToken cancellationToken) => Counted(inner.StartAsync(container, cancellationToken));

    public Task<Outcome<Done>> StopAsync(string container, TimeSpan grace, CancellationToken cancellationToken) => Counted(inner.StopAsync(container, grace, cancellationToken));

    public Task<Outcome<Done>> RemoveAsync(string container, CancellationToken cancellationToken) => Counted(inner.RemoveAsync(container, cancellationToken));

    public IAsyncEnumerable<LogChunk> LogsAsync(string container, int tail, bool follow, CancellationToken cancellationToken) =>
        inner.LogsAsync(container, tail, follow, cancellationToken);

    public IAsyncEnumerable<string> EventsAsync(string label, string value, CancellationToken cancellationToken) => inner.EventsAsync(label, value, cancellationToken);

    private T Counted<T>(T call)
    {
        Interlocked.Increment(ref writes);
        return call;
    }
}
