using System.Buffers.Binary;
using System.Security.Cryptography;
using Harmony.Fleet.Disks;
using Microsoft.Win32.SafeHandles;

namespace Harmony.Fleet.Adapters.Sqlite.Opening;

/// <summary>How far a store has come.</summary>
/// <param name="Version">The version of its last change.</param>
/// <param name="Term">Its last term.</param>
internal readonly record struct StoreMark(long Version, long Term);

/// <summary>
/// A small file beside the database that says how far it has come: after each commit, and before that is acknowledged. SQLite drops what is damaged at the end of
/// its write-ahead log without a word; by this it is known. Two places take turns, so that one that was half written leaves the one before. Used by one thread.
/// </summary>
internal sealed class VersionMark : IDisposable
{
    /// <summary>Behind the database's name.</summary>
    public const string Suffix = ".mark";

    private const int PlaceBytes = 4096;
    private const int ContentBytes = 24;
    private const int SumBytes = 8;

    private readonly byte[] place = new byte[ContentBytes + SumBytes];
    private MarkFile handle;
    private int turn;

    private VersionMark(MarkFile handle, StoreMark? found, int turn, bool isDamaged) => (this.handle, Found, this.turn, IsDamaged) = (handle, found, turn, isDamaged);

    /// <summary>What it said when it was opened; null where it said nothing.</summary>
    public StoreMark? Found { get; }

    /// <summary>Whether something was in its file when it was opened that is no mark.</summary>
    public bool IsDamaged { get; }

    /// <summary>Whether the next program would find it: not where its file was removed or replaced.</summary>
    /// <exception cref="IOException">It cannot be told.</exception>
    /// <exception cref="UnauthorizedAccessException">It cannot be told.</exception>
    public bool IsInPlace => handle.IsInPlace;

    private static ReadOnlySpan<byte> Magic => "HFMARK01"u8;

    /// <summary>Opens the mark of a database, and makes it where there is none.</summary>
    public static VersionMark Open(string database)
    {
        var file = new MarkFile(database + Suffix);
        var marks = new StoreMark?[] { Read(file, 0), Read(file, 1) };
        var isDamaged = marks is [null, null] && file.HasContent();
        var newest = marks[1] is { } second && (marks[0] is not { } first || (second.Version, second.Term).CompareTo((first.Version, first.Term)) > 0) ? 1 : 0;
        return new VersionMark(file, marks[newest], 1 - newest, isDamaged);
    }

    /// <summary>Says how far it has come, on the disk; in a file that is made again where it was removed or replaced.</summary>
    /// <exception cref="IOException">It could not be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It could not be written.</exception>
    public void Write(StoreMark mark)
    {
        if (!IsInPlace)
        {
            var again = new MarkFile(handle.Path);
            handle.Dispose();
            handle = again;

            // What another file says in its other place is not this store's.
            WritePlace(mark);
        }

        WritePlace(mark);
    }

    /// <inheritdoc/>
    public void Dispose() => handle.Dispose();

    private void WritePlace(StoreMark mark)
    {
        Magic.CopyTo(place);
        BinaryPrimitives.WriteInt64BigEndian(place.AsSpan(8), mark.Version);
        BinaryPrimitives.WriteInt64BigEndian(place.AsSpan(16), mark.Term);
        Sum(place).CopyTo(place.AsSpan(ContentBytes));
        RandomAccess.Write(handle.File, place, turn * PlaceBytes);
        PosixDisk.SyncData(handle.File);
        turn = 1 - turn;
    }

    private static StoreMark? Read(MarkFile handle, int turn)
    {
        Span<byte> read = stackalloc byte[ContentBytes + SumBytes];
        return RandomAccess.Read(handle.File, read, turn * PlaceBytes) == read.Length && read.StartsWith(Magic) && Sum(read).SequenceEqual(read[ContentBytes..])
            ? new StoreMark(BinaryPrimitives.ReadInt64BigEndian(read[8..]), BinaryPrimitives.ReadInt64BigEndian(read[16..]))
            : null;
    }

    private static ReadOnlySpan<byte> Sum(ReadOnlySpan<byte> place) => SHA256.HashData(place[..ContentBytes]).AsSpan(0, SumBytes);

    /// <summary>The file, both places of which are there from the beginning: to say more takes no room on the disk.</summary>
    private sealed class MarkFile : IDisposable
    {
        private readonly FileIdentity? identity;

        public MarkFile(string path)
        {
            using (var made = new FileStream(path, new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.ReadWrite, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            }))
            {
                if (made.Length < 2 * PlaceBytes)
                {
                    made.Seek(0, SeekOrigin.End);
                    made.Write(new byte[(2 * PlaceBytes) - (int)made.Length]);
                    made.Flush(flushToDisk: true);
                    new PosixDisk().Sync(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!);
                }
            }

            (Path, identity) = (path, FileIdentity.At(path));
            File = System.IO.File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        }

        public string Path { get; }

        public SafeFileHandle File { get; }

        public bool IsInPlace => FileIdentity.At(Path) == identity;

        public bool HasContent()
        {
            Span<byte> read = stackalloc byte[PlaceBytes];
            return RandomAccess.Read(File, read, 0) is var first && read[..first].ContainsAnyExcept((byte)0)
                || RandomAccess.Read(File, read, PlaceBytes) is var second && read[..second].ContainsAnyExcept((byte)0);
        }

        public void Dispose() => File.Dispose();
    }
}
