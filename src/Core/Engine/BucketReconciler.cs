using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Core.Effects;
using Harmony.Fleet.Core.Events;

namespace Harmony.Fleet.Core.Engine;

/// <summary>Whether the buckets stand as they should: looked at on each new connection, whenever one was seen to begin again, and from time to time.</summary>
internal sealed class BucketReconciler(FleetState state, ScoreReconciler scores)
{
    private DateTimeOffset? next;
    private long connection;
    private bool isUp;
    private bool mayHaveLost;
    private bool areWatched;

    /// <summary>The link changed.</summary>
    public void Link(FleetEvent.LinkChanged link)
    {
        (isUp, connection) = (link.IsUp, link.Connection);
        (state.AreBucketsReady, mayHaveLost) = (false, true);
        if (isUp)
        {
            // What failed for want of a link need not wait any longer.
            state.BucketChecks.ForgetBackOffs();
            state.ScorePuts.ForgetBackOffs();
            state.Manifests.ForgetBackOffs();
            state.Leftovers.ForgetBackOffs();
        }

        Doubt();
    }

    /// <summary>A bucket may have been lost.</summary>
    public void Doubt()
    {
        if (isUp)
        {
            state.BucketChecks.Add(connection);
        }
    }

    /// <summary>Looks whether it is time to verify them, or to watch them.</summary>
    public void Tick()
    {
        next ??= state.Now + state.Options.BucketInterval;
        if (state.Now >= next)
        {
            next = state.Now + (state.Options.BucketInterval * (0.5 + (state.Random.NextDouble() / 2)));
            Doubt();
        }

        // Not before all is listed that a manifest can name.
        if (!areWatched && state is { AreBucketsReady: true, AreDeploymentsListed: true, AreDevicesListed: true })
        {
            areWatched = true;
            state.Effects.Add(new FleetEffect.WatchBuckets());
        }
    }

    /// <summary>What is to be done for a connection; null for nothing.</summary>
    public FleetEffect? Ensure(long number) => isUp && number == connection ? new FleetEffect.EnsureBuckets(number) : null;

    /// <summary>What was found.</summary>
    /// <returns>Whether it need not be tried again.</returns>
    public bool Finish(long number, EffectResult result)
    {
        // Also where it was looked at for a connection that is over.
        var ensured = result as EffectResult.BucketsEnsured;
        mayHaveLost |= ensured is { Found: BucketsFound.MadeAnew } || ensured?.Corrected.Contains(BucketNames.Scores) == true;
        if (areWatched && ensured is { Corrected: { IsEmpty: false } corrected })
        {
            state.Effects.Add(new FleetEffect.ReadBuckets(corrected));
        }

        if (!isUp || number != connection)
        {
            return true;
        }

        if (ensured is null)
        {
            return false;
        }

        state.AreBucketsReady = ensured.Found != BucketsFound.NotReady;
        if (state.AreBucketsReady && mayHaveLost)
        {
            mayHaveLost = false;
            scores.DoubtAll();
        }

        return state.AreBucketsReady;
    }
}
