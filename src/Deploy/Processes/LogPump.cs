using Harmony.Fleet.Contracts.Texts;

namespace Harmony.Fleet.Deploy.Processes;

/// <summary>Brings what a process prints to its log, a line at a time.</summary>
internal static class LogPump
{
    private const int BufferBytes = 16 * 1024;

    /// <summary>Reads until nobody can print any more; an endless line is cut.</summary>
    public static async Task CopyAsync(Stream from, BoundedLog log)
    {
        var buffer = new byte[BufferBytes];
        var (held, isCut) = (0, false);
        try
        {
            int read;
            while ((read = await from.ReadAsync(buffer.AsMemory(held)).ConfigureAwait(false)) > 0)
            {
                (held, isCut) = Pass(buffer, held + read, isCut, log);
            }
        }
        catch (IOException)
        {
            // As at its end: whoever printed is gone.
        }

        if (!isCut)
        {
            log.Write(buffer.AsSpan(0, held));
        }
    }

    /// <summary>Passes on the lines that are whole.</summary>
    /// <returns>How many bytes of the next one are held, at the buffer's begin; and whether the rest of it is left out.</returns>
    private static (int Held, bool IsCut) Pass(byte[] buffer, int length, bool isCut, BoundedLog log)
    {
        var bytes = buffer.AsSpan(0, length);
        if (isCut)
        {
            // The end of a line of which enough was written.
            var end = bytes.IndexOf((byte)'\n');
            if (end < 0)
            {
                return (0, true);
            }

            bytes = bytes[(end + 1)..];
        }

        var whole = bytes.LastIndexOf((byte)'\n') + 1;
        log.Write(bytes[..whole]);
        var rest = bytes[whole..];
        if (rest.Length > Printable.MaxLineBytes)
        {
            log.Write(rest);
            return (0, true);
        }

        rest.CopyTo(buffer);
        return (rest.Length, false);
    }
}
