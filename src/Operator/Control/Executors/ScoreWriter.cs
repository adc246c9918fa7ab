using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Ports.Bus;

namespace Harmony.Fleet.Operator.Control.Executors;

/// <summary>Puts scores on the bus: what stands there already is compared, and put right where it is something else. Only what is missing is uploaded.</summary>
internal sealed partial class ScoreWriter(IBus bus, FailureLog failures, ILogger<ScoreWriter> logger)
{
    /// <summary>Makes sure that <paramref name="ciphertext"/> stands at its address.</summary>
    /// <returns>Whether it does.</returns>
    public async Task<bool> EnsureAsync(Digest address, byte[] ciphertext, CancellationToken cancellationToken)
    {
        var bucket = bus.Bucket(BucketNames.Scores);
        switch (await bucket.GetAsync(address.Value, cancellationToken))
        {
            case GetOutcome.Found found when found.Entry.Value.Span.SequenceEqual(ciphertext):
                return true;
            case GetOutcome.Found found:
                LogForeign(logger, address.Short);
                return Judge(address, await bucket.UpdateAsync(address.Value, ciphertext, found.Entry.Revision, BusHeaders.None, cancellationToken));
            case GetOutcome.Missing:
                return await CreateAsync(bucket, address, ciphertext, cancellationToken);
            default:
                return false; // The link is down, or there is no bucket: both are told where they are known.
        }
    }

    private async Task<bool> CreateAsync(IBucket bucket, Digest address, byte[] ciphertext, CancellationToken cancellationToken)
    {
        var outcome = await bucket.CreateAsync(address.Value, ciphertext, BusHeaders.None, cancellationToken);
        if (outcome is PutOutcome.Stored)
        {
            LogStored(logger, address.Short, ciphertext.Length);
        }

        return Judge(address, outcome);
    }

    private bool Judge(Digest address, PutOutcome outcome)
    {
        if (outcome is PutOutcome.Stored)
        {
            return true;
        }

        failures.NotStored(address, outcome);
        return false;
    }
}
