using System.Globalization;
using System.Text;

namespace Harmony.Fleet.Disks;

/// <summary>
/// A lock file where others may have put something, too. It is taken only where nothing is, or what such a lock left of this user: a file of this user's own with one name, which is
/// empty or holds the number of a process. No link is followed, and nothing else is changed or removed. The file goes when the lock is released.
/// </summary>
public sealed class OwnLock : IDisposable
{
    private const int MaxBytes = 64;
    private const int Attempts = 100;
    private const int Exists = 17; // EEXIST

    private readonly string path;
    private readonly FileStream held;

    private OwnLock(string path, FileStream held, bool isLeft) => (this.path, this.held, IsLeft) = (path, held, isLeft);

    /// <summary>Whether a process that is gone had it, and did not release it.</summary>
    public bool IsLeft { get; }

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
            if (FileFacts.At(path)?.Identity != opened.Identity)
            {
                return null;
            }

            Demand(opened, path);
            var isLeft = IsSigned(file, path);
            LockFile.Sign(file);
            var taken = new OwnLock(path, file, isLeft);
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

        if (found is { } file && (file.Entry.Owner != FileEntry.Self || file.Links != 1))
        {
            throw new IOException($"{path} is in the way: it {(file.Links != 1 ? "has another name as well" : "belongs to another user")}");
        }
    }

    private static bool IsSigned(FileStream file, string path)
    {
        Span<byte> bytes = stackalloc byte[MaxBytes];
        var text = Encoding.ASCII.GetString(bytes[..file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)]);
        file.Position = 0;
        return text.Length > 0
            && (text[^1] == '\n' && int.TryParse(text.AsSpan(..^1), NumberStyles.None, CultureInfo.InvariantCulture, out _)
                ? true
                : throw new IOException($"{path} is in the way: it holds something else than the number of a process"));
    }
}
