using Harmony.Fleet.Deploy.Keys;
using Harmony.Fleet.Deploy.Machines;
using Harmony.Fleet.Deploy.Outcomes;

namespace Harmony.Fleet.Deploy.Stacks;

/// <summary>The file by which a data folder is known as one. Without it nothing in a folder is ours to change or remove.</summary>
public sealed class StackMark(string dataFolder)
{
    // Folders of versions that set no mark have one of these.
    private static readonly string[] Signs = [StackPaths.Mark, StackPaths.Wish, KeyPaths.Master];

    private readonly LocalFiles files = new(dataFolder);

    /// <summary>Whether a fleet was ever set up in the folder.</summary>
    public bool IsThere => Array.Exists(Signs, name => File.Exists(files.PathOf(name)));

    /// <summary>Sets it where it is not there. A folder in which somebody else keeps what a fleet would call its own is not taken.</summary>
    /// <returns>Null, or why it could not be set.</returns>
    public async Task<Fault?> SetAsync(CancellationToken cancellationToken)
    {
        if (!IsThere && Foreign() is { } foreign)
        {
            return new Fault(FaultKind.Usage, $"{foreign} is there already, and no fleet made it", "choose another data folder: --data DIR");
        }

        return File.Exists(files.PathOf(StackPaths.Mark))
            ? null
            : await files.WriteAsync(StackPaths.Mark, "A fleet was set up in this folder; fleet down --purge removes what it made.\n"u8.ToArray(), cancellationToken);
    }

    // The lock is taken before the mark is set.
    private string? Foreign() =>
        StackPaths.All.Where(name => !StackPaths.Lock.StartsWith(name + "/", StringComparison.Ordinal)).Select(files.PathOf).FirstOrDefault(Path.Exists);
}
