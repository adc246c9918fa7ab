using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Ports.Bus;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;

namespace Harmony.Fleet.Adapters.NatsAdmin;

/// <summary>
/// Removes delete markers from the stream that a bucket is, by a purge of one subject up to the marker: what was written after it stays, whenever it comes. Every server
/// knows that, and no bucket needs another setting for it, as it would for messages that expire: that one cannot be taken back, and lets devices write such messages too.
/// </summary>
internal static class MarkerPurge
{
    private const int NoMessageFound = 10037;

    /// <summary>Removes them.</summary>
    /// <returns>How many were there.</returns>
    public static async Task<int> RunAsync(NatsJSContext streams, string bucket, IReadOnlyCollection<BucketEntry> markers, CancellationToken cancellationToken)
    {
        var stream = await streams.GetStreamAsync(BucketSubjects.Stream(bucket), cancellationToken: cancellationToken);
        var count = 0;
        foreach (var marker in markers)
        {
            var subject = BucketSubjects.Key(bucket, marker.Key);
            if (await IsThereAsync(stream, subject, marker, cancellationToken))
            {
                count += (int)(await stream.PurgeAsync(new StreamPurgeRequest { Filter = subject, Seq = marker.Revision + 1 }, cancellationToken)).Purged;
            }
        }

        return count;
    }

    /// <summary>Whether the stream holds this very marker: in one that was made anew since, the revision may be a value's.</summary>
    private static async Task<bool> IsThereAsync(INatsJSStream stream, string subject, BucketEntry marker, CancellationToken cancellationToken)
    {
        try
        {
            var there = (await stream.GetAsync(new StreamMsgGetRequest { Seq = marker.Revision }, cancellationToken)).Message;
            return string.Equals(there.Subject, subject, StringComparison.Ordinal) && there.Time == marker.Created;
        }
        catch (NatsJSApiException gone) when (gone.Error.ErrCode == NoMessageFound)
        {
            return false;
        }
    }
}
