namespace Harmony.Fleet.Ports.Bus;

/// <summary>What only the control plane may do to the bus.</summary>
public interface IBusAdmin
{
    /// <summary>Makes sure that the bucket exists with exactly these settings: creates it, or corrects what differs.</summary>
    Task<EnsureBucketOutcome> EnsureBucketAsync(BucketSettings settings, CancellationToken cancellationToken);
}
