using System.Collections.Concurrent;
using Harmony.Fleet.Agent.Identity;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Core.Trust;
using Harmony.Fleet.Ports.Bus;

namespace Harmony.Fleet.Agent.Reporting;

/// <summary>
/// Puts the device's own documents, each with its MAC, and each in place of the one that it knows of: a document that the bus stores late, after it was told
/// that it did not arrive, replaces none that is newer.
/// </summary>
internal sealed class SignedBucket(AgentIdentity identity, IBus bus)
{
    /// <summary>One to learn which revision is there, one to replace it, and one for a late document of this device in between.</summary>
    private const int Tries = 3;

    private readonly ConcurrentDictionary<string, ulong> revisions = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, long> connects = new(StringComparer.Ordinal);

    /// <summary>Whether the document of <paramref name="bucket"/> was stored over the present connection.</summary>
    public bool IsSaid(string bucket) => connects.GetValueOrDefault(bucket) == bus.Link.Connects;

    /// <summary>Stores a document under the device's key, whatever was there.</summary>
    /// <param name="bucket">Which bucket.</param>
    /// <param name="kind">One of <see cref="MessageKinds"/>.</param>
    /// <param name="document">The bytes.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<SignedPut> PutAsync(string bucket, string kind, byte[] document, CancellationToken cancellationToken)
    {
        var headers = new BusHeaders(MessageMac.Sign(identity.Keys.Up, identity.Keys.Epoch, kind, identity.Device, document));
        var (isAnothers, known) = (false, revisions.GetValueOrDefault(bucket));
        if (bucket == BucketNames.DeviceHeartbeat && !IsSaid(bucket))
        {
            revisions[bucket] = 0; // It lies in memory: where all connect again because the server was started again, nothing is there.
        }

        for (var tried = 1; ; tried++)
        {
            var (connect, replaced) = (bus.Link.Connects, revisions.GetValueOrDefault(bucket));
            var outcome = await bus.Bucket(bucket).UpdateAsync(identity.Device.Value, document, replaced, headers, cancellationToken);
            revisions[bucket] = outcome switch
            {
                PutOutcome.Stored stored => stored.Revision,
                PutOutcome.Conflict conflict => conflict.CurrentRevision,
                _ => replaced,
            };
            isAnothers |= Math.Max(known, replaced) > 0 && outcome is PutOutcome.Conflict { CurrentRevision: > 0 and var there } && there != known;
            connects[bucket] = outcome is PutOutcome.Stored ? connect : connects.GetValueOrDefault(bucket);
            if (outcome is not PutOutcome.Conflict || tried == Tries)
            {
                return new SignedPut(outcome, isAnothers);
            }
        }
    }
}

/// <summary>What became of a document.</summary>
/// <param name="Outcome">Whether it is stored.</param>
/// <param name="IsAnothersReplaced">Whether another one was there than this agent had last stored: a second agent's with its identity, or a late one of its own. Where none was there the bus lost it, and nobody replaced it.</param>
internal readonly record struct SignedPut(PutOutcome Outcome, bool IsAnothersReplaced);
