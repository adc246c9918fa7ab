using Harmony.Fleet.Adapters.Sqlite;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Ports.Resources;
using Harmony.Fleet.Tests.Harness;

namespace Harmony.Fleet.Tests.Adapters.Sqlite;

public sealed class BackupTests : IDisposable
{
    private readonly TempFolder folder = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Copy_WhileOthersWrite_IsAWholeStoreOfOneMoment()
    {
        var path = folder.File("copy.db");
        await using (var store = StoreFactory.Open(StoreFactory.At(folder.File("fleet.db"))))
        {
            using var ending = new CancellationTokenSource();
            await DeviceAsync(store, "pi-0");
            var writing = Task.Run(
                async () =>
                {
                    for (var number = 1; !ending.IsCancellationRequested; number++)
                    {
                        await DeviceAsync(store, $"pi-{number}");
                    }
                },
                Stop);
            (await store.CopyAsync(path, Stop)).ShouldBeNull();
            await ending.CancelAsync();
            await writing;
        }

        File.GetUnixFileMode(path).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.Exists(path + "-wal").ShouldBeFalse("it is one file");
        await using var copy = StoreFactory.Open(StoreFactory.At(path));
        var all = (await copy.ListAsync(ResourceTypes.Devices, new(), Stop)).ShouldBeOfType<ListOutcome<Device>.Ok>().List;
        all.Items.Length.ShouldBe(int.Parse(all.Metadata.ResourceVersion!, System.Globalization.CultureInfo.InvariantCulture), "each version wrote one");
    }

    [Fact]
    public async Task Copy_WhereItCannotBeWritten_SaysSo()
    {
        await using var store = StoreFactory.Open(StoreFactory.At(folder.File("fleet.db")));
        (await store.CopyAsync(folder.File("nowhere/copy.db"), Stop)).ShouldNotBeNull();
    }

    private static async Task DeviceAsync(SqliteStore store, string name) =>
        (await store.CreateAsync(ResourceTypes.Devices, new Device { Metadata = new() { Name = name } }, Stop)).ShouldBeOfType<StoreOutcome<Device>.Ok>();
}
