namespace Harmony.Fleet.Operator.Api;

/// <summary>Where a copy of the store is made. Its name goes with this, its bytes with whoever has it open.</summary>
internal sealed class CopyPlace : IDisposable
{
    private const string Name = "backup.db";

    private readonly string? own;

    private CopyPlace(string folder, string? own) => (Path, this.own) = (System.IO.Path.Combine(folder, Name), own);

    /// <summary>The copy's path. Nothing is there yet.</summary>
    public string Path { get; }

    /// <summary>
    /// One in <paramref name="dataFolder"/>, where there is room for a store. Where that was moved or removed it is in a folder of its own for temporary files, which only this user
    /// may enter: what the store held is to be saved then.
    /// </summary>
    /// <exception cref="IOException">There is no such place.</exception>
    public static CopyPlace Of(string dataFolder)
    {
        var fallback = Directory.Exists(dataFolder) ? null : Directory.CreateTempSubdirectory("harmony-fleet-backup-").FullName;
        var place = new CopyPlace(fallback ?? dataFolder, fallback);

        // What a run left that was killed meanwhile.
        File.Delete(place.Path);
        return place;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            if (own is not null)
            {
                Directory.Delete(own, recursive: true);
            }
            else
            {
                File.Delete(Path);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The folder may be gone by now, and its content with it; what is left goes before the next copy.
        }
    }
}
