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

    private readonly MarkFile handle;
    private readonly byte[] place = new byte[ContentBytes + SumBytes];
    private int turn;

    private VersionMark(MarkFile handle, StoreMark? found, int turn) => (this.handle, Found, this.turn) = (handle, found, turn);

    /// <summary>What it said when it was opened; null where it said nothing.</summary>
    public StoreMark? Found { get; }

    private static ReadOnlySpan<byte> Magic => "HFMARK01"u8;

    /// <summary>Opens the mark of a database, and makes it where there is none.</summary>
    public static VersionMark Open(string database)
    {
        var file = new MarkFile(database + Suffix);
        var marks = new StoreMark?[] { Read(file, 0), Read(file, 1) };
        var newest = marks[1] is { } second && (marks[0] is not { } first || (second.Version, second.Term).CompareTo((first.Version, first.Term)) > 0) ? 1 : 0;
        return new VersionMark(file, marks[newest], 1 - newest);
    }

    /// <summary>Says how far it has come, on the disk.</summary>
    /// <exception cref="IOException">It could not be written.</exception>
    public void Write(StoreMark mark)
    {
        Magic.CopyTo(place);
        BinaryPrimitives.WriteInt64BigEndian(place.AsSpan(8), mark.Version);
        BinaryPrimitives.WriteInt64BigEndian(place.AsSpan(16), mark.Term);
        Sum(place).CopyTo(place.AsSpan(ContentBytes));
        RandomAccess.Write(handle.File, place, turn * PlaceBytes);
        PosixDisk.SyncData(handle.File);
        turn = 1 - turn;
    }

    /// <inheritdoc/>
    public void Dispose() => handle.Dispose();

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
                    new PosixDisk().Sync(Path.GetDirectoryName(Path.GetFullPath(path))!);
                }
            }

            File = System.IO.File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        }

        public SafeFileHandle File { get; }

        public void Dispose() => File.Dispose();
    }
}
