using Harmony.Fleet.Core.Outcomes;
using Harmony.Fleet.Deploy.Files;
using Harmony.Fleet.Disks;

namespace Harmony.Fleet.Deploy.Stacks;

/// <summary>One data folder has one stack: whoever runs it or clears it up holds its lock.</summary>
internal static class StackLock
{
    /// <summary>Takes the lock.</summary>
    /// <returns>It; or a fault of the kind Conflict where a stack runs from the folder.</returns>
    public static Task<Outcome<LockFile>> TakeAsync(LocalFiles files, CancellationToken cancellationToken) => TakeAsync(files, StackPaths.Lock, cancellationToken);

    /// <summary>Takes the lock of those who start the stack in the background: one at a time.</summary>
    /// <returns>It; or a fault of the kind Conflict where somebody else starts it.</returns>
    public static Task<Outcome<LockFile>> TakeStartAsync(LocalFiles files, CancellationToken cancellationToken) => TakeAsync(files, StackPaths.StartLock, cancellationToken);

    private static async Task<Outcome<LockFile>> TakeAsync(LocalFiles files, string name, CancellationToken cancellationToken)
    {
        if (await files.EnsureFolderAsync("run", cancellationToken) is { } fault)
        {
            return fault;
        }

        var path = files.PathOf(name);
        try
        {
            return LockFile.TryTake(path) is { } taken
                ? taken
                : new Fault(FaultKind.Conflict, $"a fleet runs from {files.PathOf(string.Empty)} already", "end it with fleet down, or choose another folder with --data");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return Fault.Permanent($"{path} cannot be locked ({exception.Message.TrimEnd('.')})", "choose another data folder with --data, or run as the user who owns it");
        }
    }
}
