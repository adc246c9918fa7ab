using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Desired;
using Harmony.Fleet.Operator.Control.Work;
using Harmony.Fleet.Ports.Bus;

namespace Harmony.Fleet.Operator.Control.Desired;

/// <summary>The manifests: what each device should have, what the bucket holds, and the writes that bring the two together.</summary>
internal sealed partial class ManifestBook
{
    private readonly FleetModel model;
    private readonly FrozenEntries frozen;
    private readonly ScoreBook scores;
    private readonly ManifestWriter writer;
    private readonly ManifestLog log;
    private readonly LoopContext loop;
    private readonly ILogger logger;
    private readonly WorkQueue<DeviceId> queue;
    private readonly Dictionary<DeviceId, ManifestLedger> ledgers = [];
    private readonly Dictionary<Digest, HashSet<DeviceId>> blocked = [];
    private readonly HashSet<DeviceId> unsettled = [];
    private readonly Dictionary<DeploymentKey, HashSet<DeviceId>> leaving = [];
    private readonly HashSet<DeviceId> seen = [];
    private int watchNumber;
    private bool hasOnceCaughtUp;

    public ManifestBook(
        FleetModel model, FrozenEntries frozen, ScoreBook scores, ManifestWriter writer, ManifestLog log, LoopContext loop, ILogger<ManifestBook> logger)
    {
        (this.model, this.frozen, this.scores, this.writer, this.log, this.loop, this.logger) = (model, frozen, scores, writer, log, loop, logger);
        queue = loop.Queue<DeviceId>();
    }

    /// <summary>The operator's term.</summary>
    public long Term { get; set; }

    /// <summary>Whether the bucket is known as it is.</summary>
    public bool IsCaughtUp { get; private set; }

    /// <summary>Called with each deployment that left every stored manifest.</summary>
    public Action<DeploymentKey>? Left { get; set; }

    /// <summary>Called when a device can, or can no longer, be given a manifest that it would take; null is told when it can.</summary>
    public Action<DeviceId, string?>? Stuck { get; set; }

    /// <summary>What these devices should have may have changed.</summary>
    public void Touch(IEnumerable<DeviceId> devices)
    {
        foreach (var device in devices)
        {
            ledgers.TryAdd(device, new ManifestLedger(device));
            unsettled.Add(device);
            queue.Add(device);
        }
    }

    /// <summary>A device is gone: nothing waits for it.</summary>
    public void Forget(DeviceId device)
    {
        ledgers.Remove(device);
        frozen.Forget(device);
        Settle(device);
    }

    /// <summary>A device said what it holds.</summary>
    public void Hear(DeviceId device, ReportedManifest held)
    {
        if (!ledgers.TryGetValue(device, out var ledger))
        {
            return;
        }

        ledger.Hear(held);
        if (held.Refusal?.Reason == RefusalReason.ScoreMissing)
        {
            scores.Verify(model.EntriesOf(device));
        }

        if (held.Refusal is not null || !ledger.IsTaken)
        {
            queue.Add(device);
        }
    }

    /// <summary>A deployment is carried out no more: <see cref="Left"/> is told when no stored manifest has it.</summary>
    public void Leave(DeploymentKey key)
    {
        // All that is not settled may still name it: right after a start these are all devices, once they are listed.
        leaving[key] = [.. unsettled];
        TellLeft(key);
    }

    /// <summary>The watch of the bucket saw something.</summary>
    public void Watch(BucketEvent happened)
    {
        switch (happened)
        {
            case BucketEvent.Restarted restarted:
                LogRestarted(logger, restarted.Reason);
                (IsCaughtUp, watchNumber) = (false, watchNumber + 1);
                seen.Clear();
                break;
            case BucketEvent.Changed changed:
                See(changed.Value);
                break;
            case BucketEvent.CaughtUp:
                CatchUp();
                break;
        }
    }

    /// <summary>Tells what is due of what was stored.</summary>
    public void Tick() => log.Tell();

    /// <summary>Begins what can be begun.</summary>
    public void Pump(CancellationToken cancellationToken)
    {
        while (loop.Runners.Bus.HasRoom && queue.TryTake(out var device))
        {
            Advance(device, cancellationToken);
        }
    }

    /// <summary>A score came to stand: who waited for it goes on.</summary>
    public void Unblock(Digest address)
    {
        if (blocked.Remove(address, out var devices))
        {
            foreach (var device in devices)
            {
                queue.Add(device);
            }
        }
    }

    private void See(BucketEntry entry)
    {
        if (!DeviceId.TryParse(entry.Key, out var device) || !ledgers.TryGetValue(device, out var ledger))
        {
            return;
        }

        // While it catches up, revisions may be of another bucket than those before.
        if (!IsCaughtUp)
        {
            seen.Add(device);
        }
        else if (entry.Revision <= ledger.Stored.Revision)
        {
            return;
        }

        var (stored, entries) = writer.Judge(device, entry);
        frozen.See(device, entries);
        ledger.See(stored);
        queue.Add(device);
    }

    private void CatchUp()
    {
        foreach (var (device, ledger) in ledgers)
        {
            if (!seen.Contains(device))
            {
                ledger.See(StoredManifest.None);
                queue.Add(device);
            }
        }

        seen.Clear();
        IsCaughtUp = true;
        if (!hasOnceCaughtUp)
        {
            hasOnceCaughtUp = true;
            BeginToTell();
        }
    }

    // Deployments may have been listed before the devices. The bucket is only watched after both: now all are known that may name them.
    private void BeginToTell()
    {
        foreach (var (key, waiting) in leaving)
        {
            waiting.UnionWith(unsettled);
            TellLeft(key);
        }
    }

    private void Advance(DeviceId device, CancellationToken cancellationToken)
    {
        if (!ledgers.TryGetValue(device, out var ledger))
        {
            queue.Finish(device);
            return;
        }

        var entries = model.EntriesOf(device);
        if (scores.FirstMissing(entries) is { } address)
        {
            Block(device, address);
            return;
        }

        Take(device, ledger, ledger.Decide(frozen.AddTo(device, entries), Term, loop.Now), cancellationToken);
    }

    private void Block(DeviceId device, Digest address)
    {
        if (!blocked.TryGetValue(address, out var devices))
        {
            blocked[address] = devices = [];
        }

        devices.Add(device);
        queue.Finish(device);
    }

    private void Take(DeviceId device, ManifestLedger ledger, ManifestStep step, CancellationToken cancellationToken)
    {
        if (step is ManifestStep.Put put)
        {
            var number = watchNumber;
            loop.Runners.Bus.Start(token => PutAsync(device, ledger, put, number, token), () => queue.Retry(device), cancellationToken);
            return;
        }

        queue.Finish(device);
        Stuck?.Invoke(device, (step as ManifestStep.Stuck)?.Reason);
        Settle(device);
        if (step is ManifestStep.Later later)
        {
            queue.AddAt(device, later.NotBefore);
        }
    }

    private async Task<Action> PutAsync(DeviceId device, ManifestLedger ledger, ManifestStep.Put put, int number, CancellationToken cancellationToken)
    {
        var (stored, isWritten) = await writer.PutAsync(device, put, cancellationToken);
        return () =>
        {
            if (isWritten)
            {
                log.Stored(device, put);
            }

            if (stored is not { } known)
            {
                queue.Retry(device);
                return;
            }

            // What a write to a bucket that is no more said, says nothing.
            if (number == watchNumber && known.Revision > ledger.Stored.Revision)
            {
                ledger.See(known);
            }

            if (known.Digest == put.Digest)
            {
                queue.Finish(device);
                queue.Add(device);
            }
            else
            {
                queue.Retry(device);
            }
        };
    }

    private void Settle(DeviceId device)
    {
        unsettled.Remove(device);
        foreach (var (key, waiting) in leaving)
        {
            waiting.Remove(device);
            TellLeft(key);
        }
    }

    private void TellLeft(DeploymentKey key)
    {
        if (hasOnceCaughtUp && leaving.TryGetValue(key, out var waiting) && waiting.Count == 0)
        {
            leaving.Remove(key);
            Left?.Invoke(key);
        }
    }
}
