using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Core.Effects;
using Harmony.Fleet.Operator.Control.Executors;
using Harmony.Fleet.Ports.Bus;
using Harmony.Fleet.Tests.Harness.Bus;
using Microsoft.Extensions.Logging.Abstractions;

namespace Harmony.Fleet.Tests.Operator.Control.Executors;

/// <summary>That a bucket is new, and so empty, or had rules by which it may have lost something, is told once, and never lost.</summary>
public sealed class BucketVerifierTests
{
    private readonly FakeBroker broker = new();
    private readonly BusyAdmin admin;
    private readonly BucketVerifier verifier;

    public BucketVerifierTests()
    {
        admin = new BusyAdmin(broker);
        verifier = new BucketVerifier(admin, new BucketPlan(null), NullLogger<BucketVerifier>.Instance);
    }

    [Fact]
    public async Task MadeAnew_IsToldOnce()
    {
        (await EnsureAsync()).ShouldBe(BucketsFound.MadeAnew);
        (await EnsureAsync()).ShouldBe(BucketsFound.AsTheyWere);
    }

    [Fact]
    public async Task MadeAnew_WhileAnotherIsNotReady_IsToldWhenAllStand()
    {
        await EnsureAsync();
        broker.LoseBucket(BucketNames.Scores);
        admin.Busy = BucketNames.DesiredState;
        (await EnsureAsync()).ShouldBe(BucketsFound.NotReady);

        admin.Busy = null;
        (await EnsureAsync()).ShouldBe(BucketsFound.MadeAnew);
        (await EnsureAsync()).ShouldBe(BucketsFound.AsTheyWere);
    }

    [Fact]
    public async Task MadeAnew_InAPassThatFails_IsToldByTheNext()
    {
        await EnsureAsync();
        broker.LoseBucket(BucketNames.DesiredState);
        (admin.Busy, admin.Throws) = (BucketNames.Scores, true);
        await Should.ThrowAsync<IOException>(EnsureAsync);

        admin.Busy = null;
        (await EnsureAsync()).ShouldBe(BucketsFound.MadeAnew);
    }

    /// <summary>What the other rules discarded is read again by that.</summary>
    [Fact]
    public async Task Corrected_IsToldOnce_ByTheBucketsName()
    {
        await EnsureAsync();
        broker.DiscardAll(BucketNames.Scores);
        broker.DiscardAll(BucketNames.DesiredState);

        (await CorrectedAsync()).ShouldBe([BucketNames.DesiredState, BucketNames.Scores]);
        (await CorrectedAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Corrected_WhileAnotherIsNotReady_IsToldWhenAllStand()
    {
        await EnsureAsync();
        broker.DiscardAll(BucketNames.DesiredState);
        admin.Busy = BucketNames.Scores;
        (await CorrectedAsync()).ShouldBeEmpty();

        admin.Busy = null;
        (await CorrectedAsync()).ShouldBe([BucketNames.DesiredState]);
    }

    private async Task<BucketsFound> EnsureAsync() => (await verifier.EnsureAsync(TestContext.Current.CancellationToken)).Found;

    private async Task<IEnumerable<string>> CorrectedAsync() => (await verifier.EnsureAsync(TestContext.Current.CancellationToken)).Corrected;

    /// <summary>Administration that does not answer about one bucket.</summary>
    private sealed class BusyAdmin(FakeBroker inner) : IBusAdmin
    {
        public string? Busy { get; set; }

        public bool Throws { get; set; }

        public Task<EnsureBucketOutcome> EnsureBucketAsync(BucketSettings settings, CancellationToken cancellationToken) =>
            settings.Name != Busy ? inner.EnsureBucketAsync(settings, cancellationToken)
            : Throws ? throw new IOException("by the test")
            : Task.FromResult<EnsureBucketOutcome>(new EnsureBucketOutcome.Unavailable("no answer in time"));

        public Task<PurgeMarkersOutcome> PurgeMarkersAsync(string bucket, IReadOnlyCollection<BucketEntry> markers, CancellationToken cancellationToken) =>
            inner.PurgeMarkersAsync(bucket, markers, cancellationToken);
    }
}
