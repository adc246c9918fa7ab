using Harmony.Fleet.Adapters.Nats.Bus;
using Harmony.Fleet.Adapters.Nats.Connection;
using Harmony.Fleet.Adapters.Nats.JetStream;
using Harmony.Fleet.Ports.Bus;
using Harmony.Fleet.Tests.Harness;

namespace Harmony.Fleet.Tests.Adapters.Nats.Bus;

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
            () => config.Discard.ShouldBe("new"),
            () => config.MaxMsgsPerSubject.ShouldBe(1),
            () => config.MaxMsgSize.ShouldBe((64 * 1024) + 512),
            () => config.MaxBytes.ShouldBe(64L * 1024 * 1024),
            () => config.MaxConsumers.ShouldBe(256),
            () => config.Storage.ShouldBe("file"),
            () => config.DuplicateWindow.ShouldBe(100_000_000),
            () => config.Republish.ShouldBe(new Republish("$KV.desired-state.>", "live.desired.>")));
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
            rows.Add(version, "duplicate_window", "duplicate_window: found 120000000000, wanted 100000000");
            rows.Add(version, "description", "description: found , wanted wishes");
            rows.Add(version, "max_age", "max_age: found 3600000000000, wanted 0");
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
        await using var connection = await Buses.ConnectionAsync(server);

        (await new NatsBusAdmin(connection, Buses.JetStream).EnsureBucketAsync(Settings, Stop))
            .ShouldBeOfType<EnsureBucketOutcome.Unavailable>().Reason.ShouldContain("JetStream is off");
    }

    [Fact]
    public async Task Ensure_BadSettings_IsABug()
    {
        await using var connection = new NatsConnection(NatsOptions.For("nats://127.0.0.1:1"), TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance);
        var admin = new NatsBusAdmin(connection, Buses.JetStream);

        await Should.ThrowAsync<ArgumentException>(() => admin.EnsureBucketAsync(Settings with { Name = "a.b" }, Stop));
        await Should.ThrowAsync<ArgumentException>(() => admin.EnsureBucketAsync(Settings with { MaxConsumers = -1 }, Stop));
    }

    [Theory]
    [ClassData(typeof(NatsVersions))]
    public async Task SweepMarker_OfADeletedKey_RemovesItAndNothingNewer(string version)
    {
        await using var rig = await Rig.StartAsync(version);
        await rig.Admin.EnsureBucketAsync(Settings, Stop);
        await using var bus = await Buses.ConnectAsync(rig.Server);
        var bucket = bus.Bucket(Settings.Name);
        await bucket.PutAsync("a", "1"u8.ToArray(), BusHeaders.None, Stop);
        await bucket.PutAsync("b", "1"u8.ToArray(), BusHeaders.None, Stop);
        var a = ((PutOutcome.Stored)await bucket.DeleteAsync("a", null, Stop)).Revision;
        var b = ((PutOutcome.Stored)await bucket.DeleteAsync("b", null, Stop)).Revision;
        await bucket.CreateAsync("b", "2"u8.ToArray(), BusHeaders.None, Stop);

        (await rig.Admin.SweepMarkerAsync(Settings.Name, "a", a, Stop)).ShouldBe(new ApiOutcome<ulong>.Ok(1));
        (await rig.Admin.SweepMarkerAsync(Settings.Name, "b", b, Stop)).ShouldBe(new ApiOutcome<ulong>.Ok(0));

        (await rig.InfoAsync()).State.Messages.ShouldBe(1UL);
        (await bucket.GetAsync("b", Stop)).ShouldBeOfType<GetOutcome.Found>();
    }

    private static StreamConfig Undo(StreamConfig config, string setting) => setting switch
    {
        "allow_rollup_hdrs" => config with { AllowRollupHdrs = true },
        "allow_direct" => config with { AllowDirect = false },
        "deny_delete" => config with { DenyDelete = false },
        "discard" => config with { Discard = "old" },
        "max_msgs_per_subject" => config with { MaxMsgsPerSubject = 5 },
        "max_msg_size" => config with { MaxMsgSize = -1 },
        "max_bytes" => config with { MaxBytes = -1 },
        "max_consumers" => config with { MaxConsumers = 10 },
        "republish" => config with { Republish = null },
        "duplicate_window" => config with { DuplicateWindow = 120_000_000_000 },
        "description" => config with { Description = null },
        "max_age" => config with { MaxAge = 3_600_000_000_000 },
        "subjects" => config with { Subjects = [.. config.Subjects, "other"] },
        "storage" => config with { Storage = StreamConfig.MemoryStorage },
        _ => throw new ArgumentOutOfRangeException(nameof(setting)),
    };

    private sealed class Rig(NatsServer server, NatsConnection connection) : IAsyncDisposable
    {
        private readonly StreamApi streams = new(connection, Buses.JetStream);

        public NatsServer Server => server;

        public NatsBusAdmin Admin { get; } = new(connection, Buses.JetStream);

        public static async Task<Rig> StartAsync(string version)
        {
            var server = await NatsServer.StartAsync(version);
            return new Rig(server, await Buses.ConnectionAsync(server));
        }

        public async Task<StreamInfo> InfoAsync() =>
            (await streams.InfoAsync("KV_" + Settings.Name, Stop)).ShouldBeOfType<ApiOutcome<StreamInfo>.Ok>().Value;

        public async Task<StreamConfig> ConfigAsync() => (await InfoAsync()).Config.ShouldNotBeNull();

        public async Task RecreateAsync(StreamConfig config)
        {
            (await streams.DeleteAsync(config.Name, Stop)).ShouldBeOfType<ApiOutcome<bool>.Ok>();
            var made = await streams.CreateAsync(config, Stop);
            made.ShouldBeOfType<ApiOutcome<StreamInfo>.Ok>(made.ToString());
        }

        public async ValueTask DisposeAsync()
        {
            await connection.DisposeAsync();
            await server.DisposeAsync();
        }
    }
}
