namespace Harmony.Fleet.Ports.Resources;

/// <summary>Copies a store while it is in use.</summary>
public interface IStoreBackup
{
    /// <summary>Writes a whole copy, of one moment, to a file that is not there yet. The copy was looked at, and is sound.</summary>
    /// <returns>Null; or why there is none, in one sentence.</returns>
    Task<string?> CopyAsync(string path, CancellationToken cancellationToken);
}
