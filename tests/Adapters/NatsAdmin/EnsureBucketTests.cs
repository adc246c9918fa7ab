using Harmony.Fleet.Adapters.NatsAdmin;
using Harmony.Fleet.Ports.Bus;
using Harmony.Fleet.Tests.Harness;
using NATS.Client.Core;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;

namespace Harmony.Fleet.Tests.Adapters.NatsAdmin;

/// <summary>Every guard of a bucket is put right, however it was undone.</summary>
[Trait("Category", "Integration")]
public sealed class EnsureBucketTests
{
    private static readonly BucketSettings Settings = new()
    {
        Name = "desired-state",
        MaxValueBytes = 64 * 1024,
        MaxBytes = 64L * 1024 * 1024,
        MaxConsumers = 256,
        RepublishPrefix = "live.desired.",
        Description = "wishes",
    };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [ClassData(typeof(NatsVersions))]
    public async Task Created_Bucket_IsGuardedAtTheServer(string version)
    {
        await using var rig = await Rig.StartAsync(version);
        (await rig.Admin.EnsureBucketAsync(Settings, Stop)).ShouldBeOfType<EnsureBucketOutcome.Created>();

        var config = await rig.ConfigAsync();
        config.ShouldSatisfyAllConditions(
            () => config.Subjects.ShouldBe(["$KV.desired-state.>"]),
            () => config.AllowRollupHdrs.ShouldBeFalse(),
            () => config.AllowDirect.ShouldBeTrue(),
            () => config.DenyDelete.ShouldBeTrue(),
            () => config.Discard.ShouldBe(StreamConfigDiscard.New),
            () => config.MaxMsgsPerSubject.ShouldBe(1),
            () => config.MaxMsgSize.ShouldBe((64 * 1024) + 512),
            () => config.MaxBytes.ShouldBe(64L * 1024 * 1024),
            () => config.MaxConsumers.ShouldBe(256),
            () => config.Storage.ShouldBe(StreamConfigStorage.File),
            () => config.DuplicateWindow.ShouldBe(TimeSpan.FromMilliseconds(100)),
            () => config.Republish.ShouldBe(new Republish { Src = "$KV.desired-state.>", Dest = "live.desired.>" }));
    }

    public static TheoryData<string, string, string> Undone()
    {
        var rows = new TheoryData<string, string, string>();
        foreach (var version in (string[])[NatsVersions.Oldest, NatsVersions.Newest])
        {
            rows.Add(version, "allow_rollup_hdrs", "allow_rollup_hdrs: found true, wanted false");
            rows.Add(version, "allow_direct", "allow_direct: found false, wanted true");
            rows.Add(version, "deny_delete", "deny_delete: found false, wanted true");
            rows.Add(version, "discard", "discard: found old, wanted new");
            rows.Add(version, "max_msgs_per_subject", "max_msgs_per_subject: found 5, wanted 1");
            rows.Add(version, "max_msg_size", "max_msg_size: found -1, wanted 66048");
            rows.Add(version, "max_bytes", "max_bytes: found -1, wanted 67108864");
            rows.Add(version, "republish", "republish: found none, wanted $KV.desired-state.> -> live.desired.>");
            rows.Add(version, "duplicate_window", "duplicate_window: found 120 s, wanted 0.1 s");
            rows.Add(version, "description", "description: found , wanted wishes");
            rows.Add(version, "max_age", "max_age: found 3600 s, wanted 0 s");
            rows.Add(version, "subjects", "subjects: found $KV.desired-state.> other, wanted $KV.desired-state.>");
        }

        // Only newer servers change this in place.
        rows.Add(NatsVersions.Newest, "max_consumers", "max_consumers: found 10, wanted 256");
        return rows;
    }

    [Theory]
    [MemberData(nameof(Undone))]
    public async Task Ensure_BucketWithOneGuardUndone_CorrectsExactlyThat(string version, string setting, string difference)
    {
        await using var rig = await Rig.StartAsync(version);
        await rig.Admin.EnsureBucketAsync(Settings, Stop);
        var good = await rig.ConfigAsync();
        await rig.RecreateAsync(Undo(good, setting));

        var outcome = await rig.Admin.EnsureBucketAsync(Settings, Stop);

        outcome.ShouldBeOfType<EnsureBucketOutcome.Corrected>(outcome.ToString()).Differences.ShouldBe([difference]);
        (await rig.Admin.EnsureBucketAsync(Settings, Stop)).ShouldBeOfType<EnsureBucketOutcome.Verified>();
    }

    [Theory]
    [InlineData(NatsVersions.Oldest, "max_consumers")]
    [InlineData(NatsVersions.Oldest, "storage")]
    [InlineData(NatsVersions.Newest, "storage")]
    public async Task Ensure_BucketWithWhatCannotBeChanged_TellsTheDifferenceAndTheServersWords(string version, string setting)
    {
        await using var rig = await Rig.StartAsync(version);
        await rig.Admin.EnsureBucketAsync(Settings, Stop);
        await rig.RecreateAsync(Undo(await rig.ConfigAsync(), setting));

        var outcome = await rig.Admin.EnsureBucketAsync(Settings, Stop);

        var mismatch = outcome.ShouldBeOfType<EnsureBucketOutcome.Mismatch>(outcome.ToString());
        mismatch.Differences.ShouldHaveSingleItem().ShouldStartWith(setting + ": found ");
        mismatch.Reason.ShouldContain("can not change");
    }

    [Theory]
    [ClassData(typeof(NatsVersions))]
    public async Task Ensure_BucketWithAGuardUndoneAndWhatCannotBeChanged_StillPutsTheGuardRight(string version)
    {
        await using var rig = await Rig.StartAsync(version);
        await rig.Admin.EnsureBucketAsync(Settings, Stop);
        await rig.RecreateAsync(Undo(Undo(await rig.ConfigAsync(), "allow_rollup_hdrs"), "storage"));

        var outcome = await rig.Admin.EnsureBucketAsync(Settings, Stop);

        outcome.ShouldBeOfType<EnsureBucketOutcome.Mismatch>(outcome.ToString()).Differences.ShouldBe(["storage: found memory, wanted file"]);
        (await rig.ConfigAsync()).AllowRollupHdrs.ShouldBeFalse();
    }

    [Fact]
    public async Task Ensure_WithoutJetStream_IsUnavailable()
    {
        await using var server = await NatsServer.StartAsync(NatsVersions.Newest, site => $"listen: \"127.0.0.1:{site.Port}\"");
        await using var connection = new NatsConnection(new NatsOpts { Url = server.Url });

        (await new NatsBusAdmin(() => connection).EnsureBucketAsync(Settings, Stop))
            .ShouldBeOfType<EnsureBucketOutcome.Unavailable>().Reason.ShouldContain("it is off");
    }

    [Fact]
    public async Task Ensure_WithoutAConnection_IsUnavailable() =>
        (await new NatsBusAdmin(() => null).EnsureBucketAsync(Settings, Stop)).ShouldBeOfType<EnsureBucketOutcome.Unavailable>().Reason.ShouldContain("down");

    [Fact]
    public async Task Ensure_WithAServerThatHangs_IsUnavailable()
    {
        await using var server = await NatsServer.StartAsync();
        await using var connection = new NatsConnection(new NatsOpts { Url = server.Url, RequestTimeout = TimeSpan.FromMilliseconds(300) });
        await connection.ConnectAsync();
        server.Pause();

        (await new NatsBusAdmin(() => connection).EnsureBucketAsync(Settings, Stop)).ShouldBeOfType<EnsureBucketOutcome.Unavailable>();
        server.Resume();
    }

    [Fact]
    public async Task Ensure_BadSettings_IsABug()
    {
        var admin = new NatsBusAdmin(() => null);

        await Should.ThrowAsync<ArgumentException>(() => admin.EnsureBucketAsync(Settings with { Name = "a.b" }, Stop));
        await Should.ThrowAsync<ArgumentException>(() => admin.EnsureBucketAsync(Settings with { MaxConsumers = -1 }, Stop));
    }

    private static StreamConfig Undo(StreamConfig config, string setting) => setting switch
    {
        "allow_rollup_hdrs" => config with { AllowRollupHdrs = true },
        "allow_direct" => config with { AllowDirect = false },
        "deny_delete" => config with { DenyDelete = false },
        "discard" => config with { Discard = StreamConfigDiscard.Old },
        "max_msgs_per_subject" => config with { MaxMsgsPerSubject = 5 },
        "max_msg_size" => config with { MaxMsgSize = -1 },
        "max_bytes" => config with { MaxBytes = -1 },
        "max_consumers" => config with { MaxConsumers = 10 },
        "republish" => config with { Republish = null },
        "duplicate_window" => config with { DuplicateWindow = TimeSpan.FromMinutes(2) },
        "description" => config with { Description = null },
        "max_age" => config with { MaxAge = TimeSpan.FromHours(1) },
        "subjects" => config with { Subjects = [.. config.Subjects!, "other"] },
        "storage" => config with { Storage = StreamConfigStorage.Memory },
        _ => throw new ArgumentOutOfRangeException(nameof(setting)),
    };

    private sealed class Rig(NatsServer server, NatsConnection connection) : IAsyncDisposable
    {
        private readonly NatsJSContext streams = new(connection);

        public NatsBusAdmin Admin { get; } = new(() => connection);

        public static async Task<Rig> StartAsync(string version)
        {
            var server = await NatsServer.StartAsync(version);
            var connection = new NatsConnection(new NatsOpts { Url = server.Url });
            await connection.ConnectAsync();
            return new Rig(server, connection);
        }

        public async Task<StreamConfig> ConfigAsync() => (await streams.GetStreamAsync("KV_" + Settings.Name, cancellationToken: Stop)).Info.Config;

        public async Task RecreateAsync(StreamConfig config)
        {
            (await streams.DeleteStreamAsync(config.Name!, Stop)).ShouldBeTrue();
            await streams.CreateStreamAsync(config, Stop);
        }

        public async ValueTask DisposeAsync()
        {
            await connection.DisposeAsync();
            await server.DisposeAsync();
        }
    }
}
