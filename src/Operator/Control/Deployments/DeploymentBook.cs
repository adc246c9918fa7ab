using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Aggregation;
using Harmony.Fleet.Core.Desired;
using Harmony.Fleet.Core.Fields;
using Harmony.Fleet.Core.Resources;
using Harmony.Fleet.Core.Selectors;
using Harmony.Fleet.Core.Trust;
using Harmony.Fleet.Core.Validation;
using Harmony.Fleet.Operator.Control.Desired;
using Harmony.Fleet.Operator.Control.Keys;
using Harmony.Fleet.Operator.Control.Work;
using Harmony.Fleet.Ports.Resources;

namespace Harmony.Fleet.Operator.Control.Deployments;

/// <summary>The Deployments: what of them is carried out, their finalizers, and their status.</summary>
internal sealed partial class DeploymentBook
{
    private readonly FleetModel model;
    private readonly FrozenEntries frozen;
    private readonly ScoreBook scores;
    private readonly DeviceKeyRing keys;
    private readonly DeploymentWriter writer;
    private readonly LoopContext loop;
    private readonly ILogger logger;
    private readonly WorkQueue<DeploymentKey> finalizers;
    private readonly WorkQueue<DeploymentKey> statuses;
    private readonly Dictionary<DeploymentKey, DeploymentRecord> records = [];
    private readonly HashSet<DeploymentKey> unreadable = [];
    private int flushing;

    public DeploymentBook(
        FleetModel model, FrozenEntries frozen, ScoreBook scores, DeviceKeyRing keys, DeploymentWriter writer, LoopContext loop, ILogger<DeploymentBook> logger)
    {
        (this.model, this.frozen, this.scores, this.keys, this.writer, this.loop, this.logger) = (model, frozen, scores, keys, writer, loop, logger);
        (finalizers, statuses) = (loop.Queue<DeploymentKey>(), loop.Queue<DeploymentKey>());
    }

    /// <summary>Called with each deployment that is to leave the manifests for its finalizer to go.</summary>
    public Action<DeploymentKey>? Leaving { get; set; }

    /// <summary>Whether all have been listed once.</summary>
    public bool IsListed { get; private set; }

    /// <summary>All Deployments, as they are.</summary>
    /// <param name="all">They.</param>
    /// <param name="damaged">Those that are there too, and could not be read: they cannot be judged, so that what stands of them stays.</param>
    public void List(IReadOnlyCollection<Deployment> all, IReadOnlyCollection<ResourceKey> damaged)
    {
        foreach (var resource in all)
        {
            See(resource);
        }

        // Only the feed tells of new ones, and it lists after what it watched: what is missing is gone.
        var present = all.Select(resource => TryKey(resource, out var key) ? key : default).ToHashSet();
        var kept = damaged.Select(one => TryKey(one.Namespace, one.Name, out var key) ? key : (DeploymentKey?)null).OfType<DeploymentKey>().ToHashSet();
        foreach (var gone in records.Keys.Concat(unreadable).Where(key => !present.Contains(key) && !kept.Contains(key)).ToArray())
        {
            Forget(gone);
        }

        unreadable.Clear();
        unreadable.UnionWith(kept.Where(key => !records.ContainsKey(key)));
        foreach (var key in unreadable)
        {
            frozen.Freeze(key, uid: null);
        }

        IsListed = true;
    }

    /// <summary>A Deployment is there, or changed.</summary>
    public void See(Deployment resource)
    {
        if (!TryKey(resource, out var key))
        {
            LogUnusable(logger, resource.Metadata.Namespace ?? string.Empty, resource.Metadata.Name);
            return;
        }

        var isNew = !records.TryGetValue(key, out var record);
        if (!isNew && Told.IsOldNews(record!.Resource.Metadata, resource.Metadata))
        {
            return;
        }

        var before = record?.Resource.Metadata;
        record ??= records[key] = new DeploymentRecord(resource);
        record.Resource = resource;
        unreadable.Remove(key);
        if (isNew || before!.Generation != resource.Metadata.Generation || before.Uid != resource.Metadata.Uid)
        {
            CarryOut(key, record);
        }

        finalizers.Add(key);
        statuses.Add(key);
    }

    /// <summary>A Deployment is gone.</summary>
    public void Gone(Deployment resource)
    {
        if (TryKey(resource, out var key))
        {
            Forget(key);
        }
    }

    /// <summary>The counts of these moved.</summary>
    public void Touch(IEnumerable<DeploymentKey> deployments)
    {
        foreach (var key in deployments)
        {
            statuses.Add(key);
        }
    }

    /// <summary>No stored manifest names it any more.</summary>
    public void Left(DeploymentKey key)
    {
        if (records.TryGetValue(key, out var record) && record.IsDeleting)
        {
            record.HasLeft = true;
            finalizers.Add(key);
        }
    }

    /// <summary>Begins what can be begun; statuses only when <paramref name="isFlush"/>.</summary>
    public void Pump(bool isFlush, CancellationToken cancellationToken)
    {
        while (loop.Runners.Store.HasRoom && finalizers.TryTake(out var key))
        {
            Run(finalizers, key, DeploymentWriter.Finalized, writer.UpdateAsync, cancellationToken);
        }

        // A flush takes what there is, however many rounds that needs; what comes meanwhile waits for the next one.
        flushing = isFlush ? statuses.Ready : flushing;
        while (flushing > 0 && loop.Runners.Store.HasRoom && statuses.TryTake(out var key))
        {
            flushing--;
            Run(statuses, key, record => WithStatus(key, record.Resource, record.Errors), writer.UpdateStatusAsync, cancellationToken);
        }
    }

    private void Run(
        WorkQueue<DeploymentKey> queue,
        DeploymentKey key,
        Func<DeploymentRecord, Deployment?> wanted,
        Func<Deployment, CancellationToken, Task<DeploymentWrite>> write,
        CancellationToken cancellationToken)
    {
        if (!records.TryGetValue(key, out var record) || wanted(record) is not { } next)
        {
            queue.Finish(key);
            return;
        }

        loop.Runners.Store.Start(
            async token =>
            {
                var outcome = await write(next, token);
                return () => Finish(queue, key, outcome);
            },
            () => queue.Retry(key),
            cancellationToken);
    }

    private void Finish(WorkQueue<DeploymentKey> queue, DeploymentKey key, DeploymentWrite outcome)
    {
        if (outcome.IsDone)
        {
            queue.Finish(key);
        }
        else
        {
            queue.Retry(key);
        }

        // A newer version than what was seen so far: the next write builds upon it.
        if (outcome.Resource is { } resource && records.TryGetValue(key, out var record) && record.Resource.Metadata.Uid == resource.Metadata.Uid)
        {
            See(resource);
        }
    }

    private Deployment? WithStatus(DeploymentKey key, Deployment resource, ImmutableArray<FieldError> errors)
    {
        var status = DeploymentStatusBuilder.Build(resource.Status, resource.Metadata.Generation, model.AggregateOf(key), errors, loop.Now);
        return status == resource.Status ? null : resource with { Status = status };
    }

    private void CarryOut(DeploymentKey key, DeploymentRecord record)
    {
        var resource = record.Resource;
        record.Errors = DeploymentValidator.Validate(resource);
        if (record.IsDeleting)
        {
            LogDeleting(logger, key);
            Stop(key, record);
            Leaving?.Invoke(key);
        }
        else if (record.Errors.IsEmpty)
        {
            LogAcquired(logger, key, resource);
            Start(key, record);
        }
        else
        {
            LogInvalid(logger, key, resource.Metadata.Generation, string.Join("; ", record.Errors.Take(5)));
            if (record.Uid != resource.Metadata.Uid)
            {
                TakeOver(key, record);
            }
        }
    }

    // Invalid, and what it was before is not known here. Where an earlier run of the operator took it on, its rules may have been looser: what
    // devices run for it must not go for that. They refuse what they cannot use, say so, and leave what stands. What cannot even be offered
    // to them stays in the manifests that name it.
    private void TakeOver(DeploymentKey key, DeploymentRecord record)
    {
        var uid = record.Resource.Metadata.Uid ?? string.Empty;
        if (frozen.Has(key, uid))
        {
            return;
        }

        if (record.HasFinalizer && IsUsable(record.Resource.Spec))
        {
            Start(key, record);
        }
        else
        {
            model.Remove(key);
            DropScore(record);
            frozen.Freeze(key, uid);
        }
    }

    private static bool IsUsable(DeploymentSpec spec) =>
        spec.Score.PodmanV0 is not null
        && Selector.TryCompile(spec.TargetSelector) is SelectorOutcome.Compiled
        && CanonicalScore.ToBytes(spec.Score).Length <= WireLimits.MaxScoreBytes;

    private void Start(DeploymentKey key, DeploymentRecord record)
    {
        var (metadata, spec) = (record.Resource.Metadata, record.Resource.Spec);
        var score = ScoreSealer.Seal(keys.Master, CanonicalScore.ToBytes(spec.Score));
        var selector = ((SelectorOutcome.Compiled)Selector.TryCompile(spec.TargetSelector)).Selector;
        frozen.Thaw(key);
        scores.Hold(score);
        DropScore(record);
        (record.Address, record.Uid, record.HasLeft) = (score.Address, metadata.Uid ?? string.Empty, false);
        model.Upsert(new DeploymentIntent(key, metadata.CreationTimestamp ?? default, selector, new()
        {
            Namespace = key.Namespace,
            Name = key.Name,
            Uid = record.Uid,
            ScoreDigest = score.ScoreDigest,
            Address = score.Address,
            Key = score.Key,
        }));
    }

    private void Stop(DeploymentKey key, DeploymentRecord record)
    {
        model.Remove(key);
        frozen.Thaw(key);
        DropScore(record);
    }

    private void Forget(DeploymentKey key)
    {
        if (records.Remove(key, out var record))
        {
            LogGone(logger, key);
            Stop(key, record);
        }
        else if (unreadable.Remove(key))
        {
            LogGone(logger, key);
            frozen.Thaw(key);
        }
    }

    private void DropScore(DeploymentRecord record)
    {
        if (record.Address is { } address)
        {
            scores.Drop(address);
            record.Address = null;
        }
    }

    private static bool TryKey(Deployment resource, out DeploymentKey key) => TryKey(resource.Metadata.Namespace, resource.Metadata.Name, out key);

    private static bool TryKey(string? inNamespace, string named, out DeploymentKey key)
    {
        var isKey = NamespaceName.TryParse(inNamespace, out var space) & DeploymentName.TryParse(named, out var name);
        key = isKey ? new DeploymentKey(space, name) : default;
        return isKey;
    }
}
