using System.Buffers.Binary;
using System.Text;
using Harmony.Fleet.Deploy.Stacks;

namespace Harmony.Fleet.Deploy.Backups;

/// <summary>What a backup holds: files of a data folder by their names there, each with its length and its bytes, and an empty name at the end.</summary>
internal static class BackupContent
{
    /// <summary>The store.</summary>
    public const string Store = StackPaths.OperatorStore;

    private const string Keys = "keys/";
    private const int MaxNameBytes = 128;
    private const int BufferBytes = 64 * 1024;

    /// <summary>The files of a data folder that belong into it, without the store.</summary>
    public static IEnumerable<string> FilesOf(string dataFolder) =>
    [
        StackPaths.Mark, StackPaths.Wish,
        .. Directory.EnumerateFiles(Path.Combine(dataFolder, Keys)).Select(path => Keys + Path.GetFileName(path)).Where(IsKnown).Order(StringComparer.Ordinal),
    ];

    /// <summary>Whether a backup may hold a file of this name: it is written where the name says.</summary>
    public static bool IsKnown(string name) => name is StackPaths.Mark or StackPaths.Wish or Store
        || (name.StartsWith(Keys, StringComparison.Ordinal) && name.Length > Keys.Length && name[Keys.Length] != '.'
            && name[Keys.Length..].All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter is '.' or '-'));

    /// <summary>Adds a file.</summary>
    /// <exception cref="IOException">The source has not <paramref name="length"/> bytes.</exception>
    public static async Task AddAsync(BackupWriter writer, string name, long length, Stream source, CancellationToken cancellationToken)
    {
        var title = Encoding.UTF8.GetBytes(name);
        var head = new byte[2 + title.Length + 8];
        BinaryPrimitives.WriteUInt16BigEndian(head, (ushort)title.Length);
        title.CopyTo(head, 2);
        BinaryPrimitives.WriteInt64BigEndian(head.AsSpan(2 + title.Length), length);
        writer.Write(head);
        var buffer = new byte[BufferBytes];
        for (var left = length; left > 0;)
        {
            var read = await source.ReadAsync(buffer.AsMemory(0, (int)Math.Min(left, buffer.Length)), cancellationToken);
            if (read == 0)
            {
                throw new IOException($"{name} ended {left} bytes too early");
            }

            writer.Write(buffer.AsSpan(0, read));
            left -= read;
        }
    }

    /// <summary>Nothing more comes.</summary>
    public static void End(BackupWriter writer)
    {
        writer.Write([0, 0]);
        writer.End();
    }

    /// <summary>Writes all files into <paramref name="folder"/>, each to the disk.</summary>
    /// <returns>Their names; or what is wrong.</returns>
    public static (HashSet<string> Names, string? Problem) Extract(BackupReader reader, string folder)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        Span<byte> number = stackalloc byte[8];
        Span<byte> title = stackalloc byte[MaxNameBytes];
        while (true)
        {
            reader.ReadExactly(number[..2]);
            var length = BinaryPrimitives.ReadUInt16BigEndian(number);
            if (length == 0)
            {
                return reader.IsAtEnd() ? (names, null) : (names, "holds more than it says");
            }

            if (length > MaxNameBytes)
            {
                return (names, "holds a file that this version does not know");
            }

            reader.ReadExactly(title[..length]);
            var name = Encoding.UTF8.GetString(title[..length]);
            reader.ReadExactly(number);
            if (!IsKnown(name) || !names.Add(name) || BinaryPrimitives.ReadInt64BigEndian(number) is not (>= 0 and var bytes))
            {
                return (names, "holds a file that this version does not know");
            }

            Write(reader, Path.Combine(folder, name), bytes);
        }
    }

    private static void Write(BackupReader reader, string path, long bytes)
    {
        Disks.Folders.Make(Path.GetDirectoryName(path)!);
        using var file = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        });
        var buffer = new byte[BufferBytes];
        for (var left = bytes; left > 0;)
        {
            var next = buffer.AsSpan(0, (int)Math.Min(left, buffer.Length));
            reader.ReadExactly(next);
            file.Write(next);
            left -= next.Length;
        }

        file.Flush(flushToDisk: true);
    }
}
