using System.Security.Cryptography;
using System.Text.Json;
using Harmony.Fleet.Core.Outcomes;
using Harmony.Fleet.Deploy.Files;
using Harmony.Fleet.Deploy.Keys;
using Harmony.Fleet.Disks;

namespace Harmony.Fleet.Deploy.Stacks;

/// <summary>
/// The file by which a data folder is known as a fleet's. It alone counts: it carries an id, and <c>fleet.json</c> repeats it. Where that is
/// not so, nothing in a folder is ours to change or remove.
/// </summary>
public sealed class StackMark(string dataFolder)
{
    private const int IdLength = 32;

    private const string Untouched = "so nothing there was touched";

    // What versions before the mark left, too.
    private static readonly string[] OlderSigns = [StackPaths.Wish, KeyPaths.Master];

    // The lock's folder, the mark half written; and what a disk of its own has from the beginning.
    private static readonly string[] OwnBeginnings = [Path.GetDirectoryName(StackPaths.Lock)!, StackPaths.Mark + ".new", "lost+found"];

    private readonly LocalFiles files = new(dataFolder);

    /// <summary>Whose the folder is.</summary>
    public StackOwner Owner()
    {
        try
        {
            return Look();
        }
        catch (UnauthorizedAccessException)
        {
            return new StackOwner.Unclear(Fault.Permanent($"{dataFolder} cannot be read: this user may not", "run as the user whose fleet it is, or choose another folder with --data"));
        }
        catch (IOException exception)
        {
            return new StackOwner.Unclear(Fault.Permanent($"{dataFolder} cannot be read ({exception.Message.TrimEnd('.')})", "choose another folder with --data"));
        }
    }

    /// <summary>Whether a fleet may be set up, or run, in the folder. Changes nothing.</summary>
    /// <returns>Null, or why not.</returns>
    public Fault? Refusal() => DataPath.Refusal(dataFolder) ?? Owner() switch
    {
        StackOwner.Unclear unclear => unclear.Why,
        _ when Stranger() is { } stranger => Fault.Permanent($"the data folder {dataFolder} belongs to {stranger}, who could change what is in it", $"run as that user, or choose another folder with --data"),
        StackOwner.Fleet => null,
        _ when Foreign() is { } name => Fault.Invalid($"{files.PathOf(name)} is there already, and no fleet that is known by its mark made it", "choose another data folder: --data DIR"),
        _ when Others() is { } name => Fault.Invalid($"{dataFolder} holds '{name}' and maybe more that no fleet made", "choose a folder that is empty or not there yet: --data DIR"),
        _ when Outer() is { } outer => Fault.Invalid($"{dataFolder} lies within what the fleet of {outer} keeps, and would be removed with it", "choose another data folder: --data DIR"),
        _ => null,
    };

    /// <summary>Sets it where it is not there. Whoever does holds the folder's lock.</summary>
    /// <returns>Null, or why it was not set.</returns>
    public async Task<Fault?> SetAsync(CancellationToken cancellationToken)
    {
        if (Refusal() is { } refusal)
        {
            return refusal;
        }

        if (Owner() is StackOwner.Fleet fleet)
        {
            // Where its setting, or a removal, was interrupted, there may be the mark alone.
            return FileEntry.At(files.PathOf(StackPaths.Wish)).Kind == FileKind.None
                ? await new StackFiles(files).WriteAsync(new StackWish { Id = fleet.Id }, cancellationToken)
                : null;
        }

        var mark = new StackMarkFile { Id = RandomNumberGenerator.GetHexString(IdLength, lowercase: true) };
        return await files.WriteAsync(StackPaths.Mark, JsonSerializer.SerializeToUtf8Bytes(mark, StackJson.Default.StackMarkFile), cancellationToken)
            ?? await new StackFiles(files).WriteAsync(new StackWish { Id = mark.Id }, cancellationToken);
    }

    private StackOwner Look()
    {
        switch (FileEntry.At(dataFolder, follow: true).Kind)
        {
            case FileKind.None:
                return new StackOwner.Nobody();
            case not FileKind.Folder:
                return Unclear($"{dataFolder} is no folder", "choose another one with --data");
        }

        var mark = FileEntry.At(files.PathOf(StackPaths.Mark));
        return mark.Kind switch
        {
            FileKind.None => Unmarked(),
            not FileKind.File => Unclear($"{files.PathOf(StackPaths.Mark)} is not the file that a fleet makes, {Untouched}", "name a fleet's data folder with --data"),
            _ when mark.Owner != FileEntry.Self => new StackOwner.Unclear(Fault.Permanent($"the fleet of {dataFolder} belongs to {UserName.Of(mark.Owner)}, {Untouched}", "run as that user, or choose another folder with --data")),
            _ => Marked(),
        };
    }

    private StackOwner Unmarked() => Array.Find(OlderSigns, name => FileEntry.At(files.PathOf(name)).Kind != FileKind.None) is { } sign
        ? Unclear(
            $"{files.PathOf(sign)} is there, but no mark of a fleet ({StackPaths.Mark}), {Untouched}",
            "name a fleet's data folder with --data; what a version without marks left is to be removed by hand")
        : new StackOwner.Nobody();

    private StackOwner Marked()
    {
        if (StackWishReader.Id(files.Read(StackPaths.Mark)) is not { Length: IdLength } id || !id.All(char.IsAsciiHexDigitLower))
        {
            return Unclear(
                $"{files.PathOf(StackPaths.Mark)} names no fleet, {Untouched}",
                "name a fleet's data folder with --data; what a version without ids left is to be removed by hand");
        }

        var wish = files.PathOf(StackPaths.Wish);
        var repeated = FileEntry.At(wish).Kind switch
        {
            // Before anything else was made, or after everything else was removed.
            FileKind.None when Foreign() is null => id,
            FileKind.File => StackWishReader.Id(files.Read(StackPaths.Wish)),
            _ => null,
        };
        return string.Equals(repeated, id, StringComparison.Ordinal)
            ? new StackOwner.Fleet(id)
            : Unclear($"{wish} does not repeat the id of {files.PathOf(StackPaths.Mark)}, {Untouched}", $"if the fleet is yours, restore that file, or write {{\"id\":\"{id}\"}} into it");
    }

    /// <summary>Something of somebody else's under a name that a fleet would use. The locks are taken before the mark is set.</summary>
    private string? Foreign() => Array.Find(
        StackPaths.All,
        name => name != StackPaths.Mark && FileEntry.At(files.PathOf(name)).Kind switch
        {
            FileKind.None => false,
            FileKind.Folder when StackPaths.Lock == $"{name}/lock" => Directory.EnumerateFileSystemEntries(files.PathOf(name)).Any(path => path != files.PathOf(StackPaths.Lock) && path != files.PathOf(StackPaths.StartLock)),
            _ => true,
        });

    /// <summary>The user to whom the folder belongs, where that is another one: even root would set up a fleet in the hands of whoever may rename what is in it.</summary>
    private string? Stranger() =>
        FileEntry.At(dataFolder, follow: true) is { Kind: FileKind.Folder } entry && entry.Owner != FileEntry.Self ? UserName.Of(entry.Owner) : null;

    /// <summary>Something that somebody keeps in the folder, where no fleet was set up in it. What a setting that was interrupted leaves is none of that.</summary>
    private string? Others() => FileEntry.At(dataFolder, follow: true).Kind != FileKind.Folder
        ? null
        : Directory.EnumerateFileSystemEntries(dataFolder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal).FirstOrDefault(name => !OwnBeginnings.Contains(name));

    /// <summary>The data folder of a fleet that has this one among its own.</summary>
    private string? Outer()
    {
        for (var folder = Path.GetDirectoryName(dataFolder); folder is not null; folder = Path.GetDirectoryName(folder))
        {
            var first = Path.GetRelativePath(folder, dataFolder).Split('/')[0];
            if (StackPaths.All.Contains(first, StringComparer.Ordinal) && FileEntry.At(Path.Combine(folder, StackPaths.Mark)).Kind != FileKind.None)
            {
                return folder;
            }
        }

        return null;
    }

    private static StackOwner.Unclear Unclear(string what, string advice) => new(Fault.Invalid(what, advice));
}
