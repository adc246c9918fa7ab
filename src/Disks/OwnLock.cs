using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Harmony.Fleet.Disks;

/// <summary>
/// A lock file where others may have put something, too. It is taken only where nothing is, or what such a lock left of this user: a file of this user's own with one name, which is
/// empty or holds the number of a process, and maybe what that noted. No link is followed, and nothing else is changed or removed. The file goes when the lock is released.
/// </summary>
public sealed class OwnLock : IDisposable
{
    private const int MaxBytes = 64 * 1024;
    private const string Mark = "noted:";
    private const int Attempts = 100;
    private const int Exists = 17; // EEXIST

    private readonly string path;
    private readonly FileStream held;

    private OwnLock(string path, FileStream held, ImmutableArray<string>? noted) => (this.path, this.held, Noted) = (path, held, noted);

    /// <summary>What a process noted that had it, and is gone without having released it; null where there was none, or it noted nothing.</summary>
    public ImmutableArray<string>? Noted { get; private set; }

    /// <summary>Notes words for whoever finds the lock when this process was killed, in the place of what is noted. They are on the disk then.</summary>
    /// <param name="words">Words of a-z and 0-9.</param>
    /// <exception cref="IOException">They cannot be written, or are more than 64 KiB.</exception>
    public void Note(ImmutableArray<string> words)
    {
        Write(held, words);
        held.Flush(flushToDisk: true);
        Noted = words;
    }

    /// <summary>Takes the lock at <paramref name="path"/>; the file is made where there is none, for this user alone.</summary>
    /// <returns>It; null when somebody holds it.</returns>
    /// <exception cref="IOException">It cannot be used, or something else is there.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not write it.</exception>
    public static OwnLock? TryTake(string path)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            try
            {
                if (Open(path) is { } taken)
                {
                    return taken;
                }
            }
            catch (FileNotFoundException)
            {
                // Its holder removed it.
            }
            catch (IOException refused) when ((refused.HResult & 0xffff) is Exists)
            {
                // Somebody else made it.
            }
            catch (IOException refused) when ((refused.HResult & 0xffff) is LockFile.WouldBlock)
            {
                return null;
            }
        }

        return null; // Others take it all the time.
    }

    /// <summary>Removes the file, and releases the lock. The file goes first: whoever finds it can take it, or it is held.</summary>
    public void Dispose()
    {
        using (held)
        {
            try
            {
                if (FileFacts.At(path)?.Identity == FileFacts.Of(held.SafeFileHandle).Identity)
                {
                    File.Delete(path);
                }
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // It stays, and says nothing but that: the next one takes it.
            }
        }
    }

    /// <summary>Opens what is there, or makes it: .NET's own way to do either would make a file where a link leads.</summary>
    /// <returns>Null where the name is another file's by then.</returns>
    private static OwnLock? Open(string path)
    {
        var before = FileFacts.At(path);
        Demand(before, path);
        var file = new FileStream(path, new FileStreamOptions
        {
            Mode = before is null ? FileMode.CreateNew : FileMode.Open,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
            BufferSize = 0,
            UnixCreateMode = before is null ? UnixFileMode.UserRead | UnixFileMode.UserWrite : null,
        });
        try
        {
            var opened = FileFacts.Of(file.SafeFileHandle);
            if (opened.Links == 0 || FileFacts.At(path)?.Identity != opened.Identity)
            {
                return null; // Its holder removed it; the next file may even have its number.
            }

            Demand(opened, path);
            var noted = Read(file, path);
            Write(file, noted);
            var taken = new OwnLock(path, file, noted);
            file = null;
            return taken;
        }
        finally
        {
            file?.Dispose();
        }
    }

    private static void Demand(FileFacts? found, string path)
    {
        if (found is { Entry.Kind: not FileKind.File and var kind })
        {
            throw new IOException($"{path} is in the way: it is {FileEntry.Word(kind)}, not a file");
        }

        if (found is { } file && (file.Entry.Owner != FileEntry.Self || file.Links > 1))
        {
            throw new IOException($"{path} is in the way: it {(file.Links > 1 ? "has another name as well" : "belongs to another user")}");
        }
    }

    private static ImmutableArray<string>? Read(FileStream file, string path)
    {
        var bytes = new byte[MaxBytes + 1];
        var text = Encoding.ASCII.GetString(bytes, 0, file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false));
        if (text.Length == 0)
        {
            return null;
        }

        var lines = text.Split('\n');
        if (text.Length > MaxBytes || lines[^1].Length > 0 || lines.Length > 3 || !int.TryParse(lines[0], NumberStyles.None, CultureInfo.InvariantCulture, out _))
        {
            throw Foreign(path);
        }

        if (lines.Length == 2)
        {
            return null;
        }

        var words = lines[1].Split(' ');
        return words[0] == Mark && words.Skip(1).All(IsWord) ? words.Skip(1).ToImmutableArray() : throw Foreign(path);
    }

    private static void Write(FileStream file, ImmutableArray<string>? noted)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId}\n");
        if (noted is { } words)
        {
            text += $"{Mark}{string.Concat(words.Select(word => " " + word))}\n";
        }

        if (text.Length > MaxBytes)
        {
            throw new IOException("there is too much to be noted");
        }

        file.Position = 0;
        file.SetLength(0);
        file.Write(Encoding.ASCII.GetBytes(text));
    }

    private static bool IsWord(string word) => word.Length > 0 && word.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter));

    private static IOException Foreign(string path) => new($"{path} is in the way: it holds something else than such a lock does");
}
