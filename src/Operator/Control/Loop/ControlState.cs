using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Core.Desired;
using Harmony.Fleet.Operator.Control.Buckets;
using Harmony.Fleet.Operator.Control.Deployments;
using Harmony.Fleet.Operator.Control.Desired;
using Harmony.Fleet.Operator.Control.Devices;
using Harmony.Fleet.Operator.Control.Feeds;
using Harmony.Fleet.Operator.Control.Reports;
using Harmony.Fleet.Operator.Control.Work;
using Harmony.Fleet.Ports.Bus;

namespace Harmony.Fleet.Operator.Control.Loop;

/// <summary>What the control loop owns, and how its parts play together. Its parts never wait; what waits is an effect.</summary>
internal sealed class ControlState
{
    private readonly FleetModel model;
    private readonly FrozenEntries frozen;
    private readonly ScoreBook scores;
    private readonly BucketGate buckets;
    private readonly SweepTimer sweep;
    private readonly LoopContext loop;
    private DateTimeOffset nextFlush;
    private volatile bool hasCaughtUp;

    public ControlState(
        FleetModel model, FrozenEntries frozen, DeploymentBook deployments, DeviceBook devices, ManifestBook manifests, ScoreBook scores,
        MessageDesk messages, BucketGate buckets, SweepTimer sweep, LoopContext loop)
    {
        (this.model, this.frozen, this.scores, this.buckets, this.sweep, this.loop) = (model, frozen, scores, buckets, sweep, loop);
        (Deployments, Devices, Manifests, Messages) = (deployments, devices, manifests, messages);
        scores.Stood = manifests.Unblock;
        manifests.Left = deployments.Left;
        manifests.Stuck = devices.Stuck;
        deployments.Leaving = key =>
        {
            Absorb();
            manifests.Leave(key);
        };
        buckets.Ensured = scores.DoubtAll;
    }

    public DeploymentBook Deployments { get; }

    public DeviceBook Devices { get; }

    public ManifestBook Manifests { get; }

    public MessageDesk Messages { get; }

    /// <summary>Whether all is known that must be known before anything is written to the bus, or removed from it.</summary>
    /// <remarks>Read by other threads too.</remarks>
    public bool HasCaughtUp => hasCaughtUp;

    /// <summary>The link to the bus changed.</summary>
    public void Link(LinkState link)
    {
        buckets.Link(link);
        if (!link.IsUp)
        {
            Devices.GoDeaf();
        }
        else if (Messages.IsCaughtUp(BucketNames.DeviceHeartbeat))
        {
            Devices.HearAll();
        }
    }

    /// <summary>The watch of a bucket saw something.</summary>
    public void Watch(string bucket, BucketEvent happened)
    {
        if (happened is BucketEvent.Restarted)
        {
            buckets.Doubt();
        }

        if (bucket == BucketNames.DesiredState)
        {
            Manifests.Watch(happened);
            return;
        }

        Messages.Watch(bucket, happened);
        if (bucket == BucketNames.DeviceHeartbeat && happened is BucketEvent.CaughtUp)
        {
            Devices.HearAll();
        }
    }

    /// <summary>Passes on what moved in the model.</summary>
    public void Absorb()
    {
        var change = model.TakeChange();
        Manifests.Touch(change.Manifests);
        Manifests.Touch(frozen.TakeMoved());
        Deployments.Touch(change.Aggregates);
        Devices.Overflow(change.Overflows);
    }

    /// <summary>Runs what effects brought back.</summary>
    public void RunResults()
    {
        loop.Runners.RunResults();
        Absorb();
    }

    /// <summary>Ends when an effect has brought something back.</summary>
    public Task WaitAsync(CancellationToken cancellationToken) => loop.Runners.WaitAsync(cancellationToken);

    /// <summary>Begins what can be begun.</summary>
    public void Pump(FeedStarter feeds, CancellationToken cancellationToken)
    {
        Devices.Tick();
        Manifests.Tick();
        Absorb();
        var now = loop.Now;
        var isFlush = now >= nextFlush;
        nextFlush = isFlush ? now + loop.Options.FlushInterval : nextFlush;
        Deployments.Pump(isFlush, cancellationToken);
        Devices.Pump(cancellationToken);
        buckets.Pump(cancellationToken);
        if (buckets.IsReady && Deployments.IsListed && Devices.IsListed)
        {
            feeds.OpenBuckets();
        }

        hasCaughtUp = KnowsAll;
        if (hasCaughtUp)
        {
            scores.Pump(cancellationToken);
            Manifests.Pump(cancellationToken);
            sweep.Pump(cancellationToken);
        }
    }

    private bool KnowsAll =>
        Deployments.IsListed && Devices.IsListed && buckets.IsReady && Manifests.IsCaughtUp && Messages.IsCaughtUp(BucketNames.DeviceState);
}
