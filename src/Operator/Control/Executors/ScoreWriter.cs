using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Ports.Bus;

namespace Harmony.Fleet.Operator.Control.Executors;

/// <summary>Puts scores on the bus, once each: what stands there already is compared, and put right where it is something else.</summary>
internal sealed partial class ScoreWriter(IBus bus, ILogger<ScoreWriter> logger)
{
    /// <summary>Makes sure that <paramref name="ciphertext"/> stands at its address.</summary>
    /// <returns>Whether it does.</returns>
    public async Task<bool> EnsureAsync(Digest address, byte[] ciphertext, CancellationToken cancellationToken)
    {
        var bucket = bus.Bucket(BucketNames.Scores);
        switch (await bucket.CreateAsync(address.Value, ciphertext, BusHeaders.None, cancellationToken))
        {
            case PutOutcome.Stored:
                LogStored(logger, address.Short, ciphertext.Length);
                return true;
            case PutOutcome.Conflict:
                return await VerifyAsync(bucket, address, ciphertext, cancellationToken);
            case var other:
                return NotStored(address, other);
        }
    }

    private async Task<bool> VerifyAsync(IBucket bucket, Digest address, byte[] ciphertext, CancellationToken cancellationToken)
    {
        if (await bucket.GetAsync(address.Value, cancellationToken) is not GetOutcome.Found found)
        {
            return false;
        }

        if (found.Entry.Value.Span.SequenceEqual(ciphertext))
        {
            return true;
        }

        LogForeign(logger, address.Short);
        var outcome = await bucket.UpdateAsync(address.Value, ciphertext, found.Entry.Revision, BusHeaders.None, cancellationToken);
        return outcome is PutOutcome.Stored || NotStored(address, outcome);
    }

    private bool NotStored(Digest address, PutOutcome outcome)
    {
        LogNotStored(logger, address.Short, outcome);
        return false;
    }
}
