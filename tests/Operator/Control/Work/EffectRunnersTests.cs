using Harmony.Fleet.Operator.Control;
using Harmony.Fleet.Operator.Control.Work;
using Microsoft.Extensions.Logging.Abstractions;

namespace Harmony.Fleet.Tests.Operator.Control.Work;

public sealed class EffectRunnersTests
{
    private readonly EffectRunners runners = new(new ControlOptions { BusWrites = 2, StoreWrites = 1 }, NullLogger<WorkRunner>.Instance);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Start_Effect_ItsResultIsRunByTheOwner()
    {
        var result = 0;
        runners.Bus.Start(_ => Task.FromResult<Action>(() => result = 1), () => result = 2, Token);

        await runners.WaitAsync(Token);
        result.ShouldBe(0);
        runners.RunResults();
        result.ShouldBe(1);
    }

    [Fact]
    public async Task Start_EffectThatThrows_RunsWhatWasGivenForThat()
    {
        var failed = false;
        runners.Store.Start(_ => throw new InvalidOperationException("broken"), () => failed = true, Token);

        await runners.WaitAsync(Token);
        runners.RunResults();
        failed.ShouldBeTrue();
        runners.Store.HasRoom.ShouldBeTrue();
    }

    [Fact]
    public async Task HasRoom_AllUnderWay_IsFalseForThatRunnerOnly()
    {
        var gate = new TaskCompletionSource<Action>();
        runners.Bus.Start(_ => gate.Task, () => { }, Token);
        runners.Bus.HasRoom.ShouldBeTrue();
        runners.Bus.Start(_ => gate.Task, () => { }, Token);
        runners.Bus.HasRoom.ShouldBeFalse();
        runners.Store.HasRoom.ShouldBeTrue();

        gate.SetResult(() => { });
        await runners.WaitAsync(Token);
        while (!runners.Bus.HasRoom)
        {
            runners.RunResults();
        }
    }
}
