using Harmony.Fleet.Core.Outcomes;
using Harmony.Fleet.Deploy.Files;
using Harmony.Fleet.Deploy.Stacks;
using Harmony.Fleet.Disks;
using Harmony.Fleet.Tests.Harness;

namespace Harmony.Fleet.Tests.Deploy.Stacks;

public sealed class StackLockTests : IDisposable
{
    private readonly TempFolder folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Lock_ThatIsHeld_IsRefusedWithWhatToDo()
    {
        using var first = (await TakeAsync()).Value.ShouldNotBeNull();
        var fault = (await TakeAsync()).Fault.ShouldNotBeNull();
        fault.Kind.ShouldBe(FaultKind.Conflict);
        fault.ToString().ShouldContain("runs from");
        fault.ToString().ShouldContain("fleet down");
    }

    [Fact]
    public async Task Lock_ThatWasReleased_CanBeTaken()
    {
        (await TakeAsync()).Value.ShouldNotBeNull().Dispose();
        using var again = (await TakeAsync()).Value.ShouldNotBeNull();
    }

    [Fact]
    public async Task Lock_InAFolderThatCannotBe_SaysSo() =>
        (await StackLock.TakeAsync(new LocalFiles("/proc/fleet"), Token)).Fault.ShouldNotBeNull().ToString().ShouldContain("--data");

    private Task<Outcome<LockFile>> TakeAsync() => StackLock.TakeAsync(new LocalFiles(folder.Path), Token);
}
