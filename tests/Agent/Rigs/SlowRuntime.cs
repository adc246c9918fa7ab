using System.Collections.Immutable;
using Harmony.Fleet.Core.Containers;
using Harmony.Fleet.Core.Outcomes;
using Harmony.Fleet.Ports.Containers;

namespace Harmony.Fleet.Tests.Agent.Rigs;

/// <summary>A runtime that takes its time to say who it is.</summary>
internal sealed class SlowRuntime(IContainerRuntime inner) : IContainerRuntime
{
    /// <summary>What it will answer, once it does.</summary>
    public TaskCompletionSource<RuntimeInfo>? Info { get; set; }

    public async Task<Outcome<RuntimeInfo>> InfoAsync(CancellationToken cancellationToken) =>
        Info is { } late ? await late.Task.WaitAsync(cancellationToken) : await inner.InfoAsync(cancellationToken);

    public Task<Outcome<ImmutableArray<ObservedContainer>>> ObserveAsync(string label, string value, CancellationToken cancellationToken) =>
        inner.ObserveAsync(label, value, cancellationToken);

    public Task<Outcome<string>> FindImageAsync(string reference, CancellationToken cancellationToken) => inner.FindImageAsync(reference, cancellationToken);

    public Task<Outcome<string>> EnsureImageAsync(string reference, CancellationToken cancellationToken) => inner.EnsureImageAsync(reference, cancellationToken);

    public Task<Outcome<string>> CreateAsync(ContainerSpec spec, CancellationToken cancellationToken) => inner.CreateAsync(spec, cancellationToken);

    public Task<Outcome<Done>> StartAsync(string container, CancellationToken cancellationToken) => inner.StartAsync(container, cancellationToken);

    public Task<Outcome<Done>> StopAsync(string container, TimeSpan grace, CancellationToken cancellationToken) => inner.StopAsync(container, grace, cancellationToken);

    public Task<Outcome<Done>> RemoveAsync(string container, CancellationToken cancellationToken) => inner.RemoveAsync(container, cancellationToken);

    public IAsyncEnumerable<LogChunk> LogsAsync(string container, int tail, bool follow, CancellationToken cancellationToken) =>
        inner.LogsAsync(container, tail, follow, cancellationToken);

    public IAsyncEnumerable<string> EventsAsync(string label, string value, CancellationToken cancellationToken) => inner.EventsAsync(label, value, cancellationToken);
}
