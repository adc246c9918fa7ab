using Harmony.Fleet.Core.Outcomes;
using Harmony.Fleet.Deploy.Files;

namespace Harmony.Fleet.Deploy.Stacks;

/// <summary>One data folder has one stack. The kernel releases the lock when its holder ends, however it ends.</summary>
internal sealed class StackLock : IDisposable
{
    private const int WouldBlock = 11; // EWOULDBLOCK: somebody holds it.

    private readonly FileStream file;

    private StackLock(FileStream file) => this.file = file;

    /// <summary>Takes the lock.</summary>
    /// <returns>It; or a fault of the kind Conflict where a stack runs from the folder.</returns>
    public static async Task<Outcome<StackLock>> TakeAsync(LocalFiles files, CancellationToken cancellationToken)
    {
        if (await files.EnsureFolderAsync("run", cancellationToken) is { } fault)
        {
            return fault;
        }

        var path = files.PathOf(StackPaths.Lock);
        try
        {
            return new StackLock(new FileStream(path, new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate,
                Access = FileAccess.ReadWrite,
                Share = FileShare.None,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            }));
        }
        catch (IOException exception) when ((exception.HResult & 0xffff) == WouldBlock)
        {
            return new Fault(FaultKind.Conflict, $"a fleet runs from {files.PathOf(string.Empty)} already", "end it with fleet down, or choose another folder with --data");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return Fault.Permanent($"{path} cannot be locked ({exception.Message.TrimEnd('.')})", "choose another data folder with --data, or run as the user who owns it");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => file.Dispose();
}
