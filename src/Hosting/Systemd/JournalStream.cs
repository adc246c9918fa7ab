namespace Harmony.Fleet.Hosting.Systemd;

/// <summary>Whether what this process writes is read by systemd's journal.</summary>
internal static class JournalStream
{
    /// <summary>What systemd sets: device and inode of the socket. Children inherit it, also those whose output goes elsewhere.</summary>
    private const string Variable = "JOURNAL_STREAM";

    /// <summary>Whether stdout, where the log goes, is the journal's.</summary>
    public static bool IsOutput() => Is(Environment.GetEnvironmentVariable(Variable), new FileInfo("/proc/self/fd/1").LinkTarget);

    /// <summary>Whether <paramref name="stream"/> (<c>device:inode</c>) is what a descriptor points to (<c>socket:[inode]</c>). All sockets are of one device.</summary>
    internal static bool Is(string? stream, string? target) =>
        stream?.Split(':') is [_, { Length: > 0 } inode] && string.Equals(target, $"socket:[{inode}]", StringComparison.Ordinal);
}
