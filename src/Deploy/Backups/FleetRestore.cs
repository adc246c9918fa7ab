using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using Harmony.Fleet.Core.Outcomes;
using Harmony.Fleet.Deploy.Files;
using Harmony.Fleet.Deploy.Keys;
using Harmony.Fleet.Deploy.Stacks;
using Harmony.Fleet.Disks;

namespace Harmony.Fleet.Deploy.Backups;

/// <summary>
/// Puts a backup back. All of it is decrypted, checked and on the disk before anything that is there is touched; then one exchange of names makes it count.
/// What it replaces is kept beside it.
/// </summary>
/// <param name="dataFolder">Where.</param>
/// <param name="time">The clock.</param>
public sealed class FleetRestore(string dataFolder, TimeProvider time)
{
    private const int ApplicationId = 0x48464C54;

    private readonly PosixDisk disk = new();

    /// <summary>Whether it may be restored: what can be told before the passphrase is known. Changes nothing.</summary>
    /// <param name="file">The backup.</param>
    /// <param name="isReplacing">Whether it may take the place of a store that is there.</param>
    /// <param name="cancellationToken">Ends the look.</param>
    /// <returns>Null, or why not.</returns>
    public async Task<Fault?> RefusalAsync(string file, bool isReplacing, CancellationToken cancellationToken)
    {
        if ((FileRefusal(file) ?? FolderRefusal(isReplacing)) is { } refusal)
        {
            return refusal;
        }

        if (new StackMark(dataFolder).Owner() is not StackOwner.Fleet)
        {
            return null;
        }

        var held = await HoldAsync(cancellationToken);
        held.Value?.Dispose();
        return held.Fault;
    }

    /// <summary>Restores.</summary>
    /// <param name="file">The backup.</param>
    /// <param name="passphrase">What opens it.</param>
    /// <param name="isReplacing">Whether it may take the place of a store that is there.</param>
    /// <param name="cancellationToken">Heeded until the exchange.</param>
    /// <returns>Where what was there is kept; null where nothing was.</returns>
    public async Task<Outcome<string?>> RunAsync(string file, string passphrase, bool isReplacing, CancellationToken cancellationToken)
    {
        if ((FileRefusal(file) ?? FolderRefusal(isReplacing)) is { } refusal)
        {
            return refusal;
        }

        try
        {
            return new StackMark(dataFolder).Owner() is StackOwner.Fleet fleet
                ? await ReplaceAsync(file, passphrase, fleet.Id, cancellationToken)
                : BeginAnew(file, passphrase);
        }
        catch (AuthenticationTagMismatchException)
        {
            return Fault.Invalid($"{file} does not open: the passphrase is another one, or the file is damaged or not whole; nothing was touched", "try another passphrase, or an earlier backup");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return Fault.Permanent($"the backup {file} could not be restored: {error.Message.TrimEnd('.')}");
        }
    }

    private static Fault? FileRefusal(string file)
    {
        try
        {
            return FileEntry.At(file, follow: true).Kind switch
            {
                FileKind.None => Fault.Invalid($"{file} does not exist"),
                FileKind.Folder => Fault.Invalid($"{file} is a folder", "name the backup itself"),
                FileKind.File => HeaderRefusal(file),
                _ => null, // What was read from a pipe is gone.
            };
        }
        catch (UnauthorizedAccessException)
        {
            return Fault.Invalid($"{file} may not be read by this user");
        }
        catch (IOException error)
        {
            return Fault.Permanent($"{file} cannot be read ({error.Message.TrimEnd('.')})");
        }
    }

    private static Fault? HeaderRefusal(string file)
    {
        Span<byte> head = stackalloc byte[BackupSeal.HeaderBytes];
        using var source = File.OpenRead(file);
        return BackupSeal.Problem(head[..source.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)]) is { } problem ? Fault.Invalid($"{file} {problem}") : null;
    }

    private Fault? FolderRefusal(bool isReplacing)
    {
        var mark = new StackMark(dataFolder);
        return mark.Owner() switch
        {
            StackOwner.Unclear unclear => unclear.Why,
            StackOwner.Fleet when !isReplacing => new Fault(FaultKind.Conflict, $"a fleet was set up in {dataFolder} already", "say --replace to put the backup in the place of its store, which is kept beside it; or choose another folder with --data"),
            StackOwner.Fleet => null,
            _ => mark.Refusal(),
        };
    }

    /// <summary>The lock of the data folder, in which nothing of the fleet runs.</summary>
    private async Task<Outcome<LockFile>> HoldAsync(CancellationToken cancellationToken)
    {
        var held = await StackLock.TakeAsync(new LocalFiles(dataFolder), cancellationToken);
        if (!held.IsOk || new StackLeftovers(dataFolder, time).Find().IsEmpty)
        {
            return held;
        }

        held.Value.Dispose();
        return new Fault(FaultKind.Conflict, $"the fleet of {dataFolder} still runs in part", "end it with fleet down");
    }

    private Outcome<string?> BeginAnew(string file, string passphrase)
    {
        var staged = $"{dataFolder}.restore-{RandomNumberGenerator.GetHexString(8, lowercase: true)}";
        try
        {
            var id = Stage(file, passphrase, staged);
            if (!id.IsOk)
            {
                return id.Fault;
            }

            if (Directory.Exists(dataFolder))
            {
                Directory.Delete(dataFolder, recursive: false); // It is empty, or this fails.
            }

            Directory.Move(staged, dataFolder);
            disk.Sync(Path.GetDirectoryName(dataFolder)!);
            return default(Outcome<string?>);
        }
        finally
        {
            Discard(staged);
        }
    }

    private async Task<Outcome<string?>> ReplaceAsync(string file, string passphrase, string id, CancellationToken cancellationToken)
    {
        var held = await HoldAsync(cancellationToken);
        if (!held.IsOk)
        {
            return held.Fault;
        }

        using var taken = held.Value;
        var staged = new LocalFiles(dataFolder).PathOf(StackPaths.Restored);
        KeepAside(staged); // Of a restore that was interrupted: it may be the store that was exchanged.
        var staging = Stage(file, passphrase, staged);
        if (!staging.IsOk || staging.Value != id)
        {
            Discard(staged);
            return staging.IsOk ? new Fault(FaultKind.Conflict, $"{file} is of another fleet than that of {dataFolder}; nothing was touched", "choose another folder with --data") : staging.Fault;
        }

        RestoreKeys(staged);
        return Exchange(staged);
    }

    /// <summary>Decrypts the backup into a folder, and checks it.</summary>
    /// <returns>The id of the fleet that it is of.</returns>
    private Outcome<string> Stage(string file, string passphrase, string folder)
    {
        using var source = File.OpenRead(file);
        var (opened, problem) = BackupReader.Open(source, passphrase);
        if (opened is null)
        {
            return Fault.Invalid($"{file} {problem}");
        }

        using var reader = opened;
        Folders.Make(folder);
        var isWhole = false;
        try
        {
            var (names, wrong) = BackupContent.Extract(reader, folder);
            wrong ??= names.IsSupersetOf([StackPaths.Mark, StackPaths.Wish, KeyPaths.Master, BackupContent.Store]) ? StoreProblem(Path.Combine(folder, BackupContent.Store)) : "is not whole";
            var id = wrong is null ? StackWishReader.Id(File.ReadAllBytes(Path.Combine(folder, StackPaths.Mark))) : null;
            isWhole = id is { Length: > 0 };
            foreach (var below in Directory.EnumerateDirectories(folder, "*", SearchOption.AllDirectories).Append(folder))
            {
                disk.Sync(below);
            }

            return isWhole ? id! : Fault.Invalid($"{file} {wrong ?? "names no fleet"}; nothing was touched");
        }
        finally
        {
            if (!isWhole)
            {
                Discard(folder);
            }
        }
    }

    private static string? StoreProblem(string path)
    {
        Span<byte> head = stackalloc byte[100];
        using var file = File.OpenRead(path);
        var read = file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        var page = BinaryPrimitives.ReadUInt16BigEndian(head[16..]) is var size && size == 1 ? 65_536 : size;
        return read == head.Length && head.StartsWith("SQLite format 3\0"u8) && BinaryPrimitives.ReadInt32BigEndian(head[68..]) == ApplicationId
            && (long)page * BinaryPrimitives.ReadUInt32BigEndian(head[28..]) == file.Length
            ? null
            : "holds no store";
    }

    /// <summary>The keys are the same, unless they were lost as well; others that were there are kept beside them.</summary>
    private void RestoreKeys(string staged)
    {
        var durable = new DurableFiles(disk);
        foreach (var from in Directory.EnumerateFiles(Path.Combine(staged, "keys")))
        {
            var (to, bytes) = (Path.Combine(dataFolder, "keys", Path.GetFileName(from)), File.ReadAllBytes(from));
            Folders.Make(Path.GetDirectoryName(to)!);
            var present = File.Exists(to) ? File.ReadAllBytes(to) : null;
            if (present is not null && !present.AsSpan().SequenceEqual(bytes))
            {
                durable.Replace($"{to}.before-{Stamp()}", present);
            }

            if (present is null || !present.AsSpan().SequenceEqual(bytes))
            {
                durable.Replace(to, bytes);
            }
        }
    }

    private string? Exchange(string staged)
    {
        var (present, restored) = (Path.Combine(dataFolder, StackPaths.OperatorData), Path.Combine(staged, StackPaths.OperatorData));
        if (!Directory.Exists(present))
        {
            Folders.Make(Path.GetDirectoryName(present)!);
            Directory.Move(restored, present);
            disk.Sync(Path.GetDirectoryName(present)!);
            Discard(staged);
            return null;
        }

        // One step of the file system: the one store or the other stands there, whenever the power goes.
        PosixDisk.Exchange(restored, present);
        disk.Sync(Path.GetDirectoryName(present)!);
        return KeepAside(staged);
    }

    private string? KeepAside(string staged)
    {
        if (!Directory.Exists(staged))
        {
            return null;
        }

        var kept = Path.Combine(dataFolder, "operator", $"before-{Stamp()}");
        kept += Directory.Exists(kept) ? $"-{RandomNumberGenerator.GetHexString(8, lowercase: true)}" : string.Empty;
        Folders.Make(Path.Combine(dataFolder, "operator"));
        if (Directory.Exists(Path.Combine(staged, StackPaths.OperatorData)))
        {
            Directory.Move(Path.Combine(staged, StackPaths.OperatorData), kept);
        }

        Discard(staged);
        disk.Sync(Path.Combine(dataFolder, "operator"));
        return kept;
    }

    private string Stamp() => time.GetUtcNow().ToString("yyyyMMdd'T'HHmmss'.'fff'Z'", CultureInfo.InvariantCulture);

    private static void Discard(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
