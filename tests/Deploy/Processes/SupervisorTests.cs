using System.Collections.Concurrent;
using Harmony.Fleet.Core.Outcomes;
using Harmony.Fleet.Deploy.Processes;
using Harmony.Fleet.Tests.Harness;

namespace Harmony.Fleet.Tests.Deploy.Processes;

/// <summary>Whatever goes wrong in starting a thing again, or in telling of it: it is tried again, and none is left behind.</summary>
public sealed class SupervisorTests
{
    private readonly ConcurrentQueue<string> said = [];

    [Fact]
    public async Task Start_ThatThrowsWhatNobodyExpected_IsToldAndTriedAgain()
    {
        var (first, second) = (new Child(), new Child());
        var starts = 0;
        await using var supervisor = await StartAsync(said.Enqueue, () => Interlocked.Increment(ref starts) switch
        {
            1 => first,
            2 => throw new InvalidOperationException("nobody expected this"),
            _ => second,
        });

        first.End(1);

        await Eventually.HoldsAsync(() => supervisor.Current == second, "it runs again");
        said.ShouldContain(line => line.StartsWith("it could not be started again (InvalidOperationException: nobody expected this); next try in ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Dispose_WhereTheWatchFailed_StopsWhatRuns()
    {
        var child = new Child();
        var second = new Child();
        var starts = 0;
        var supervisor = await StartAsync(
            line => throw new InvalidOperationException(line),
            () => Interlocked.Increment(ref starts) == 1 ? child : second);
        child.End(1);
        await Eventually.HoldsAsync(() => supervisor.Exits == 1, "its end is seen");

        await Should.ThrowAsync<InvalidOperationException>(async () => await supervisor.DisposeAsync());

        child.IsStopped.ShouldBeTrue();
    }

    private static async Task<Supervisor<Child>> StartAsync(Action<string> say, Func<Outcome<Child>> start)
    {
        var how = new Supervision { Name = "it", LogFile = "/no/such/folder/it.log", Backoff = new RestartBackoff(new Random(7)), Time = TimeProvider.System, Say = say };
        var started = await Supervisor<Child>.StartAsync(how, _ => Task.FromResult(start()), TestContext.Current.CancellationToken);
        return started.Value.ShouldNotBeNull();
    }

    private sealed class Child : IChild
    {
        private readonly TaskCompletionSource<int> exited = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int ProcessId => 0;

        public Task<int> Exited => exited.Task;

        public bool IsStopped { get; private set; }

        public void End(int code) => exited.SetResult(code);

        public Task StopAsync()
        {
            IsStopped = true;
            exited.TrySetResult(0);
            return Task.CompletedTask;
        }
    }
}
