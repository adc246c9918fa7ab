using System.Diagnostics.CodeAnalysis;
using Harmony.Fleet.Core.Queues;
using Harmony.Fleet.Core.Retries;
using Harmony.Fleet.Operator.Telemetry;
using Harmony.Fleet.Ports.Bus;

namespace Harmony.Fleet.Operator.Control.Informers;

/// <summary>
/// How much of a bucket is taken in of each device, before anything of it is verified or parsed: a device that puts more than it may is heard at its newest from time to time,
/// and at its last. What was there when a watch began is always taken in.
/// </summary>
internal sealed partial class DocumentIntake(IBucket bucket, FleetMeter meter, LogGate gate, TimeProvider time, ILogger logger)
{
    /// <summary>So many bytes cost as much as a document does that has none.</summary>
    private const double BytesOfAToken = 4096;

    /// <summary>60 small documents at once and two a second, or three of the largest and one in 8.5 s: an honest device puts one where something changes, and one a minute.</summary>
    private static readonly TokenLimit Limit = new(Burst: 60, PerSecond: 2);

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly Lock owned = new();
    private readonly CoalescingIntake<string> intake = new(Limit);
    private readonly Dictionary<string, (TimeSpan Told, int Count)> heldBack = new(StringComparer.Ordinal);
    private readonly long began = time.GetTimestamp();
    private bool isLive;
    private TimeSpan forgot;

    private TimeSpan Now => time.GetElapsedTime(began);

    /// <summary>The watch begins: all that there is comes.</summary>
    public void Begin()
    {
        lock (owned)
        {
            isLive = false;
            intake.ForgetHeld();
        }
    }

    /// <summary>Whether what a watch brings is taken in now; what is not is read by <see cref="ReadHeldAsync"/> when its time comes.</summary>
    public bool Takes(BucketEvent happened)
    {
        switch (happened)
        {
            case BucketEvent.Restarted:
                Begin();
                return true;
            case BucketEvent.CaughtUp:
                isLive = true;
                return true;
            case BucketEvent.Changed { Value: var entry } when isLive:
                return Takes(entry);
            default:
                return true;
        }
    }

    /// <summary>Takes in what was held back, each at its time, until it is cancelled.</summary>
    public async Task ReadHeldAsync(Func<BucketEntry, ValueTask> take, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Look, time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                while (TryTakeDue(out var key, out var revision))
                {
                    await ReadAsync(key, revision, take, cancellationToken);
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The watch is over: the next one brings it.
        }
    }

    private bool Takes(BucketEntry entry)
    {
        lock (owned)
        {
            if (intake.Takes(entry.Key, entry.Revision, 1 + Math.Floor(entry.Value.Length / BytesOfAToken), Now))
            {
                return true;
            }

            var known = heldBack.TryGetValue(entry.Key, out var held);
            heldBack[entry.Key] = (known ? held.Told : Now - Minute, held.Count + 1);
        }

        meter.HeldBack.Add(1, new KeyValuePair<string, object?>("bucket", bucket.Name));
        return false;
    }

    private bool TryTakeDue([MaybeNullWhen(false)] out string key, out ulong revision)
    {
        lock (owned)
        {
            return intake.TryTakeDue(Now, out key, out revision);
        }
    }

    private async Task ReadAsync(string key, ulong revision, Func<BucketEntry, ValueTask> take, CancellationToken cancellationToken)
    {
        Tell(key);
        var outcome = await GetAsync(key, cancellationToken);
        if (outcome is GetOutcome.Found found)
        {
            await take(found.Entry);
        }

        lock (owned)
        {
            if (outcome is GetOutcome.Unavailable)
            {
                intake.Retry(key, Pause, Now);
            }
            else
            {
                intake.Read(key, outcome is GetOutcome.Found { Entry.Revision: var read } ? read : revision, Now);
            }
        }
    }

    /// <summary>Reads a key; what is thrown holds up this key, and none of the others.</summary>
    private async Task<GetOutcome> GetAsync(string key, CancellationToken cancellationToken)
    {
        try
        {
            return await bucket.GetAsync(key, cancellationToken);
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            if (gate.IsOpen("not read", out var suppressed))
            {
                LogNotRead(logger, key, bucket.Name, suppressed, error);
            }

            return new GetOutcome.Unavailable(error.Message);
        }
    }

    /// <summary>Says so, once a minute of each device, and not of all of them where many do it.</summary>
    private void Tell(string key)
    {
        int count;
        lock (owned)
        {
            if (!heldBack.TryGetValue(key, out var held) || Now - held.Told < Minute || held.Count == 0)
            {
                return;
            }

            count = held.Count;
            heldBack[key] = (Now, 0);
            Forget();
        }

        if (gate.IsOpen("held back", out var suppressed))
        {
            LogHeldBack(logger, key, bucket.Name, count, suppressed);
        }
    }

    /// <summary>What is over is not kept for ever. Once a minute at most: a whole fleet may be held back.</summary>
    private void Forget()
    {
        if (Now - forgot < Minute)
        {
            return;
        }

        forgot = Now;
        foreach (var (other, old) in heldBack)
        {
            if (Now - old.Told > 2 * Minute)
            {
                heldBack.Remove(other);
            }
        }
    }
}
