namespace Harmony.Fleet.Operator.Control.Buckets;

/// <summary>How the buckets were found.</summary>
internal enum BucketsFound
{
    /// <summary>Not all stand as they should.</summary>
    NotReady,

    /// <summary>All stand as they should, and did before.</summary>
    AsTheyWere,

    /// <summary>All stand as they should now; at least one is new, and so empty.</summary>
    MadeAnew,
}
