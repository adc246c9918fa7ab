using Harmony.Fleet.Core.Outcomes;

namespace Harmony.Fleet.Cli.Parsing;

/// <summary>Reads files that somebody else wrote: never more of them than is sensible.</summary>
internal static class CappedFile
{
    /// <summary>All of <paramref name="path"/>, at most <paramref name="maxBytes"/>.</summary>
    /// <remarks>It may be a pipe, such as a shell's <c>&lt;(command)</c>, in which case only whoever writes into it knows when it ends.</remarks>
    public static Task<Outcome<byte[]>> ReadAsync(string path, int maxBytes, CancellationToken cancellationToken) =>
        Task.Run(() => Read(path, maxBytes), CancellationToken.None).WaitAsync(cancellationToken);

    private static Outcome<byte[]> Read(string path, int maxBytes)
    {
        try
        {
            using var file = File.OpenRead(path);
            return Read(file, path, maxBytes);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return Fault.Invalid($"{path} does not exist");
        }
        catch (UnauthorizedAccessException)
        {
            return Fault.Invalid(Directory.Exists(path) ? $"{path} is a folder" : $"{path} may not be read by this user");
        }
        catch (IOException exception)
        {
            return Fault.Permanent($"{path} cannot be read ({exception.Message.TrimEnd('.')})");
        }
    }

    /// <summary>All of <paramref name="stream"/>, at most <paramref name="maxBytes"/>.</summary>
    private static Outcome<byte[]> Read(Stream stream, string name, int maxBytes)
    {
        var buffer = new byte[maxBytes + 1];
        var length = stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        return length > maxBytes ? Fault.Invalid($"{name} is larger than {maxBytes / 1024} KiB") : buffer[..length];
    }
}
