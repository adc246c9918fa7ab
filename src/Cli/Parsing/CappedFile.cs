using Harmony.Fleet.Core.Outcomes;

namespace Harmony.Fleet.Cli.Parsing;

/// <summary>Reads files that somebody else wrote: never more of them than is sensible.</summary>
internal static class CappedFile
{
    /// <summary>All of <paramref name="path"/>, at most <paramref name="maxBytes"/>.</summary>
    public static Outcome<byte[]> Read(string path, int maxBytes)
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
    public static Outcome<byte[]> Read(Stream stream, string name, int maxBytes)
    {
        var buffer = new byte[maxBytes + 1];
        var length = stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        return length > maxBytes ? Fault.Invalid($"{name} is larger than {maxBytes / 1024} KiB") : buffer[..length];
    }
}
