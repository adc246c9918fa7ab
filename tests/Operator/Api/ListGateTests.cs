using Harmony.Fleet.Operator.Api;

namespace Harmony.Fleet.Tests.Operator.Api;

public sealed class ListGateTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task NoMoreThanTheMost_AreReadAtOnce()
    {
        using var gate = new ListGate(2);
        var (begun, end) = (0, new TaskCompletionSource<int>());
        var reading = Enumerable.Range(0, 3).Select(_ => gate.ReadAsync(
            () =>
            {
                Interlocked.Increment(ref begun);
                return end.Task;
            },
            Stop)).ToArray();
        Volatile.Read(ref begun).ShouldBe(2);

        end.SetResult(1);
        await Task.WhenAll(reading);
        Volatile.Read(ref begun).ShouldBe(3);
    }

    [Fact]
    public async Task TheOthers_HaveTheirTurn_AsTheyCame()
    {
        using var gate = new ListGate(1);
        var (begun, ends) = (new List<int>(), Enumerable.Range(0, 5).Select(_ => new TaskCompletionSource<int>()).ToArray());
        var reading = Enumerable.Range(0, 5).Select(number => gate.ReadAsync(
            () =>
            {
                begun.Add(number);
                return ends[number].Task;
            },
            Stop)).ToArray();
        for (var number = 0; number < 5; number++)
        {
            ends[number].SetResult(number);
            (await reading[number]).ShouldBe(number);
        }

        begun.ShouldBe([0, 1, 2, 3, 4]);
    }

    [Fact]
    public async Task OneThatFails_OrIsNotWaitedForAnyMore_KeepsNoPlace()
    {
        using var gate = new ListGate(1);
        using var gone = new CancellationTokenSource();
        var end = new TaskCompletionSource<int>();
        var first = gate.ReadAsync(() => end.Task, Stop);
        var second = gate.ReadAsync(() => Task.FromResult(2), gone.Token);
        await gone.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(second);

        end.SetException(new IOException("it is away"));
        await Should.ThrowAsync<IOException>(first);

        (await gate.ReadAsync(() => Task.FromResult(3), Stop)).ShouldBe(3);
    }
}
