using Harmony.Fleet.Disks;
using Harmony.Fleet.Core.Outcomes;
using Harmony.Fleet.Deploy.Topologies;

namespace Harmony.Fleet.Deploy.Files;

/// <summary>The files of a data folder on this machine.</summary>
public sealed class LocalFiles(string root) : IHasFiles
{
    /// <summary>The largest file that is read.</summary>
    public const int MaxBytes = 1024 * 1024;

    private readonly PosixDisk disk = new();

    /// <inheritdoc/>
    public string PathOf(string name) => Path.Combine(root, name);

    /// <inheritdoc/>
    public Task<Fault?> EnsureFolderAsync(string name, CancellationToken cancellationToken) =>
        TryAsync($"the folder {PathOf(name)} cannot be made", () => MakeFolder(PathOf(name)), cancellationToken);

    /// <inheritdoc/>
    public async Task<Outcome<bool>> HasAsync(string name, CancellationToken cancellationToken)
    {
        var isThere = false;
        var fault = await TryAsync($"{PathOf(name)} cannot be looked at", () => isThere = FileEntry.At(PathOf(name), follow: true).Kind == FileKind.File, cancellationToken);
        return fault is null ? isThere : fault;
    }

    /// <inheritdoc/>
    public async Task<Outcome<ReadOnlyMemory<byte>>> ReadAsync(string name, CancellationToken cancellationToken)
    {
        var bytes = Array.Empty<byte>();
        var fault = await TryAsync($"{PathOf(name)} cannot be read", () => bytes = Read(name), cancellationToken);
        return fault is null ? Outcome.Of<ReadOnlyMemory<byte>>(bytes) : fault;
    }

    /// <summary>The file's bytes; empty where there is no such file.</summary>
    /// <exception cref="IOException">It cannot be read, or is too large.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not read it.</exception>
    public byte[] Read(string name) => (disk.Read(PathOf(name), MaxBytes) ?? []) is { Length: <= MaxBytes } bytes
        ? bytes
        : throw new IOException($"it is larger than {MaxBytes} bytes");

    /// <inheritdoc/>
    public async Task<Fault?> WriteAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        await EnsureFolderAsync(Path.GetDirectoryName(name) ?? string.Empty, cancellationToken)
            ?? await TryAsync($"{PathOf(name)} cannot be written", () => new DurableFiles(disk).Replace(PathOf(name), content.Span), cancellationToken);

    /// <summary>Folders above it are for their owner alone, too, as far as they have to be made.</summary>
    private void MakeFolder(string path)
    {
        if (Path.GetDirectoryName(path) is { Length: > 0 } parent && !Directory.Exists(parent))
        {
            MakeFolder(parent);
        }

        disk.MakeFolder(path);
    }

    /// <summary>The steps are short, and a whole file is written or none: there is nothing to cancel half-way.</summary>
    private static Task<Fault?> TryAsync(string what, Action step, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            step();
            return Task.FromResult<Fault?>(null);
        }
        catch (UnauthorizedAccessException)
        {
            return Task.FromResult<Fault?>(Fault.Permanent($"{what}: this user may not", "choose another data folder with --data, or run as the user who owns it"));
        }
        catch (IOException exception)
        {
            var why = exception.Message.TrimEnd('.');
            return Task.FromResult<Fault?>(Fault.Permanent($"{what} ({why})", "choose another data folder with --data, or mend this one"));
        }
    }
}
