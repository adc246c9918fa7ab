namespace Harmony.Fleet.Contracts.Bus;

/// <summary>The subjects under which NATS keeps a key-value bucket.</summary>
public static class BucketSubjects
{
    /// <summary>The stream of <paramref name="bucket"/>.</summary>
    public static string Stream(string bucket) => "KV_" + bucket;

    /// <summary>Where a value of <paramref name="key"/> is put; wildcards allowed.</summary>
    public static string Key(string bucket, string key) => $"$KV.{bucket}.{key}";

    /// <summary>Where the last value of <paramref name="key"/> is asked for.</summary>
    public static string DirectGet(string bucket, string key) => $"$JS.API.DIRECT.GET.{Stream(bucket)}.{Key(bucket, key)}";
}
