using System.Text;
using Harmony.Fleet.Adapters.Sqlite;
using Harmony.Fleet.Ports.Resources;
using Harmony.Fleet.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Harmony.Fleet.Tests.Operator.Api;

public sealed class BackupApiTests : IDisposable
{
    private const string Path = "/api/v1/backup";

    private readonly TempFolder folder = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    /// <summary>As /readyz advises then: what the store holds is gone with the process.</summary>
    [Fact]
    public async Task DataFolder_MovedAway_IsSavedAllTheSame_AndLaterToo()
    {
        var data = folder.File("data");
        await using var store = SqliteStore.Open(
            new SqliteStoreOptions { Path = System.IO.Path.Combine(data, "fleet.db") }, TimeProvider.System, Guid.NewGuid, NullLogger<SqliteStore>.Instance).ShouldBeOfType<OpenOutcome.Opened>().Store;
        await using var server = await OperatorUnderTest.StartAsync(
            store, more: services => services.AddSingleton<IStoreBackup>(store).AddSingleton<IStoreHistory>(store), dataFolder: data);
        await SavedAsync(server);

        Directory.Move(data, data + ".away");
        await SavedAsync(server);
        Directory.Exists(data).ShouldBeFalse();

        Directory.Move(data + ".away", data);
        await SavedAsync(server);
        Directory.EnumerateFiles(data).Select(System.IO.Path.GetFileName).ShouldNotContain("backup.db");
    }

    [Fact]
    public async Task Copy_ThatFailsUnexpectedly_KeepsNobodyFromTheNext()
    {
        var copies = new Copies { Failure = new InvalidOperationException("it failed") };
        await using var server = await StartAsync(copies);
        (await server.SendAsync(HttpMethod.Get, Path)).Code.ShouldBe(500);
        copies.Failure = new IOException("no room");
        (await server.SendAsync(HttpMethod.Get, Path)).ShouldBeStatus(503, "ServiceUnavailable", "no room");

        copies.Failure = null;
        (await server.Client.GetByteArrayAsync(Path, Stop)).Length.ShouldBe(copies.Bytes);
    }

    [Fact]
    public async Task Second_WhileOneIsMade_IsToldSo()
    {
        var copies = new Copies { Until = new TaskCompletionSource() };
        await using var server = await StartAsync(copies);
        var first = server.Client.GetByteArrayAsync(Path, Stop);
        await copies.Begun.Task.WaitAsync(TimeSpan.FromSeconds(60), Stop);

        (await server.SendAsync(HttpMethod.Get, Path)).ShouldBeStatus(503, "ServiceUnavailable", "Another backup is being made");

        copies.Until.SetResult();
        (await first).Length.ShouldBe(copies.Bytes);
        (await server.Client.GetByteArrayAsync(Path, Stop)).Length.ShouldBe(copies.Bytes);
    }

    /// <summary>Each that is not read yet takes as much of the disk as the store, without a name.</summary>
    [Fact]
    public async Task Second_WhileOneIsRead_IsToldSo_UntilItsReaderIsGone()
    {
        await using var server = await StartAsync(new Copies { Bytes = 64 * 1024 * 1024 });
        using (await server.Client.GetAsync(Path, HttpCompletionOption.ResponseHeadersRead, Stop))
        {
            (await server.SendAsync(HttpMethod.Get, Path)).ShouldBeStatus(503, "ServiceUnavailable", "Another backup is being made or read");
        }

        await Eventually.HoldsAsync(
            async () =>
            {
                using var answer = await server.Client.GetAsync(Path, HttpCompletionOption.ResponseHeadersRead, Stop);
                return answer.IsSuccessStatusCode;
            },
            "the next one has its turn");
    }

    private static Task<OperatorUnderTest> StartAsync(Copies copies) => OperatorUnderTest.StartAsync(more: services => services.AddSingleton<IStoreBackup>(copies));

    private static async Task SavedAsync(OperatorUnderTest server) =>
        Encoding.ASCII.GetString(await server.Client.GetByteArrayAsync(Path, Stop), 0, 15).ShouldBe("SQLite format 3");

    private sealed class Copies : IStoreBackup
    {
        public TaskCompletionSource Begun { get; } = new();

        public TaskCompletionSource? Until { get; init; }

        public int Bytes { get; init; } = 10_000;

        public Exception? Failure { get; set; }

        public async Task<string?> CopyAsync(string path, CancellationToken cancellationToken)
        {
            Begun.TrySetResult();
            await (Until?.Task ?? Task.CompletedTask);
            if (Failure is not null)
            {
                throw Failure;
            }

            await using var file = File.Create(path);
            file.SetLength(Bytes);
            return null;
        }
    }
}
