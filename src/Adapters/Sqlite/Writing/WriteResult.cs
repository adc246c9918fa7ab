namespace Harmony.Fleet.Adapters.Sqlite.Writing;

/// <summary>What became of a write.</summary>
/// <typeparam name="T">What it says of itself.</typeparam>
/// <param name="Value">Its result, where <paramref name="Failure"/> is null.</param>
/// <param name="Failure">Why nothing was written, in one sentence.</param>
internal readonly record struct WriteResult<T>(T? Value, string? Failure);
