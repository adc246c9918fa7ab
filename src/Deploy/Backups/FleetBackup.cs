using System.Security.Cryptography;
using Harmony.Fleet.Core.Outcomes;
using Harmony.Fleet.Disks;

namespace Harmony.Fleet.Deploy.Backups;

/// <summary>Writes a backup: the store, and the keys without which it is of no use.</summary>
public static class FleetBackup
{
    /// <summary>The shortest passphrase.</summary>
    public const int MinPassphrase = 8;

    /// <summary>Whether a backup may be written: what can be told before it is begun. Changes nothing.</summary>
    /// <param name="target">The file.</param>
    /// <returns>Null, or why not.</returns>
    public static Fault? Refusal(string target)
    {
        var folder = Path.GetDirectoryName(target) ?? "/";
        try
        {
            return FileEntry.At(target).Kind != FileKind.None ? new Fault(FaultKind.Conflict, $"{target} is there already", "choose another name, or move it away")
                : FileEntry.At(folder, follow: true).Kind switch
                {
                    FileKind.None => Fault.Invalid($"the folder {folder} does not exist", "make it, or choose another one"),
                    FileKind.Folder => Probe(folder),
                    _ => Fault.Invalid($"{folder} is no folder", "choose another one"),
                };
        }
        catch (UnauthorizedAccessException)
        {
            return Fault.Invalid($"this user may not write into {folder}", "choose another folder");
        }
        catch (IOException error)
        {
            return Fault.Permanent($"no file can be made in {folder} ({error.Message.TrimEnd('.')})", "choose another folder");
        }
    }

    /// <summary>Writes it. There is a whole file in the end, or none.</summary>
    /// <param name="dataFolder">Whose.</param>
    /// <param name="store">A copy of its store.</param>
    /// <param name="storeBytes">How many bytes that has.</param>
    /// <param name="target">The file: nothing may be there.</param>
    /// <param name="passphrase">What opens it.</param>
    /// <param name="cancellationToken">Ends it; then there is no file.</param>
    /// <returns>How many bytes it has.</returns>
    public static async Task<Outcome<long>> WriteAsync(string dataFolder, Stream store, long storeBytes, string target, string passphrase, CancellationToken cancellationToken)
    {
        if (Refusal(target) is { } refusal)
        {
            return refusal;
        }

        var partial = Unused(Path.GetDirectoryName(target)!);
        try
        {
            var disk = new PosixDisk();
            var length = await WriteFileAsync(dataFolder, store, storeBytes, partial, passphrase, cancellationToken);
            File.Move(partial, target, overwrite: false);
            disk.Sync(Path.GetDirectoryName(target)!);
            return length;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or HttpRequestException)
        {
            return Fault.Permanent($"the backup {target} could not be written: {error.Message.TrimEnd('.')}");
        }
        finally
        {
            File.Delete(partial);
        }
    }

    /// <summary>A read-only disk, or what the kernel alone makes files in, tells itself only so.</summary>
    private static Fault? Probe(string folder)
    {
        try
        {
            File.OpenHandle(Unused(folder), FileMode.CreateNew, FileAccess.Write, FileShare.None, FileOptions.DeleteOnClose).Dispose();
            return null;
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return Fault.Invalid($"no file can be made in {folder}", "choose another folder");
        }
    }

    /// <summary>A name that nobody else has, and nobody could know: what is there already is neither written to nor removed, nor is a link followed.</summary>
    private static string Unused(string folder) => Path.Combine(folder, $".backup-{RandomNumberGenerator.GetHexString(16, lowercase: true)}{DurableFiles.NewSuffix}");

    private static async Task<long> WriteFileAsync(string dataFolder, Stream store, long storeBytes, string path, string passphrase, CancellationToken cancellationToken)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite };
        await using var file = new FileStream(path, options);
        using var writer = new BackupWriter(file, passphrase);
        foreach (var name in BackupContent.FilesOf(dataFolder))
        {
            await using var source = File.OpenRead(Path.Combine(dataFolder, name));
            await BackupContent.AddAsync(writer, name, source.Length, source, cancellationToken);
        }

        await BackupContent.AddAsync(writer, BackupContent.Store, storeBytes, store, cancellationToken);
        BackupContent.End(writer);
        file.Flush(flushToDisk: true);
        return file.Length;
    }
}
