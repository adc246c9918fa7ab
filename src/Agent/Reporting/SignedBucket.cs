using System.Collections.Concurrent;
using Harmony.Fleet.Agent.Identity;
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

    /// <summary>Stores a document under the device's key, whatever was there.</summary>
    /// <param name="bucket">Which bucket.</param>
    /// <param name="kind">One of <see cref="MessageKinds"/>.</param>
    /// <param name="document">The bytes.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<SignedPut> PutAsync(string bucket, string kind, byte[] document, CancellationToken cancellationToken)
    {
        var headers = new BusHeaders(MessageMac.Sign(identity.Keys.Up, identity.Keys.Epoch, kind, identity.Device, document));
        var isAnothers = false;
        for (var tried = 1; ; tried++)
        {
            var replaced = revisions.GetValueOrDefault(bucket);
            var outcome = await bus.Bucket(bucket).UpdateAsync(identity.Device.Value, document, replaced, headers, cancellationToken);
            revisions[bucket] = outcome switch
            {
                PutOutcome.Stored stored => stored.Revision,
                PutOutcome.Conflict conflict => conflict.CurrentRevision,
                _ => replaced,
            };
            isAnothers |= replaced > 0 && outcome is PutOutcome.Conflict;
            if (outcome is not PutOutcome.Conflict || tried == Tries)
            {
                return new SignedPut(outcome, isAnothers);
            }
        }
    }
}

/// <summary>What became of a document.</summary>
/// <param name="Outcome">Whether it is stored.</param>
/// <param name="IsAnothersReplaced">Whether another one was there than this agent had last stored: a second agent's with its identity, or a late one of its own.</param>
internal readonly record struct SignedPut(PutOutcome Outcome, bool IsAnothersReplaced);
