using System.Runtime.CompilerServices;
using Harmony.Fleet.Agent.Identity;
using Harmony.Fleet.Agent.Reporting;
using Harmony.Fleet.Agent.Timing;
using Harmony.Fleet.Ports.Bus;
using Microsoft.Extensions.Logging.Testing;

namespace Harmony.Fleet.Tests.Agent.Reporting;

public sealed class LinkWatcherTests
{
    [Fact]
    public async Task AwayForLong_IsToldOnce()
    {
        var log = new FakeLogger<LinkWatcher>();
        await using var bus = new ScriptedLink(
            new(false, 0, "refused"), new(false, 0, "refused"), new(false, 0, "another reason"), new(true, 1, "server"), new(false, 1, "lost"), new(false, 1, "refused"), new(true, 2, "server"));
        using var watcher = new LinkWatcher(bus, new CommandNonce(), new AgentSignals(TimeProvider.System), log);

        await watcher.StartAsync(TestContext.Current.CancellationToken);
        await watcher.ExecuteTask!;

        log.Collector.GetSnapshot().Select(line => line.Message).ShouldBe(
            ["The bus is away; what stands goes on: refused", "The bus is there: server", "The bus is away; what stands goes on: lost", "The bus is there: server"]);
    }

    /// <summary>A bus of which nothing is told but these states, each of them.</summary>
    private sealed class ScriptedLink(params LinkState[] states) : IBus
    {
        public LinkState Link => states[^1];

        public async IAsyncEnumerable<LinkState> LinkChangesAsync([EnumeratorCancellation] CancellationToken cancellationToken)
        {
            foreach (var state in states)
            {
                await Task.Yield();
                yield return state;
            }
        }

        public Task<ISubscription> SubscribeAsync(string subject, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<PublishOutcome> PublishAsync(string subject, ReadOnlyMemory<byte> payload, BusHeaders headers, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<bool> AnswersAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public IBucket Bucket(string name) => throw new NotSupportedException();

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
