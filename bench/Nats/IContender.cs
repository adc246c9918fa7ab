namespace Harmony.Fleet.Bench.Nats;

/// <summary>A client under measurement.</summary>
internal interface IContender
{
    /// <summary>What the table calls it.</summary>
    string Name { get; }

    /// <summary>Does the work on a bucket (empty, or filled with as many keys as are read), warmed up. Null: it does not do this work.</summary>
    Task<Measured?> MeasureAsync(Work work, string url, string bucket);
}
