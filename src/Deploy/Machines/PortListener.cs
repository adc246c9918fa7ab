using System.Globalization;
using Harmony.Fleet.Deploy.Processes;

namespace Harmony.Fleet.Deploy.Machines;

/// <summary>The process that listens on a port of this machine.</summary>
/// <param name="Pid">Its number.</param>
/// <param name="Program">The name of its program, without a path.</param>
/// <param name="Container">The container whose ports it holds; null where it is none's.</param>
public sealed record PortListener(int Pid, string Program, string? Container)
{
    private const string Listening = "0A";

    // As the kernel writes them: 127.0.0.1 and every address, over IPv4 and over IPv6.
    private static readonly string[] Addresses = ["0100007F", "00000000", "0000000000000000FFFF00000100007F", "00000000000000000000000000000000"];

    /// <summary>Who listens on <paramref name="port"/> where 127.0.0.1 is meant too; null where nobody does, or this user may not see who.</summary>
    public static PortListener? Of(int port)
    {
        var sockets = Sockets(port);
        return sockets.Count == 0 ? null : ProcessTable.All().Where(process => ProcessTable.OpenFiles(process.Identity.Pid).Any(sockets.Contains)).Select(Named).FirstOrDefault();
    }

    /// <summary>As it is named in a sentence.</summary>
    public override string ToString() => Container is null ? $"process {Pid} ({Program})" : $"the container {Container} (process {Pid})";

    private static PortListener Named(RunningProcess process)
    {
        var program = process.Words is [var first, ..] ? Path.GetFileName(first) : "?";
        var name = process.Words.IndexOf("-n") + 1;
        return new PortListener(process.Identity.Pid, program, program == "conmon" && name > 0 && name < process.Words.Length ? process.Words[name] : null);
    }

    private static HashSet<string> Sockets(int port)
    {
        var written = port.ToString("X4", CultureInfo.InvariantCulture);
        return [.. Lines().Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(fields => fields.Length > 9 && fields[3] == Listening && fields[1].Split(':') is [var address, var at] && at == written && Addresses.Contains(address))
            .Select(fields => $"socket:[{fields[9]}]")];
    }

    private static IEnumerable<string> Lines()
    {
        foreach (var table in (string[])["/proc/net/tcp", "/proc/net/tcp6"])
        {
            // Without IPv6 there is no second table.
            foreach (var line in File.Exists(table) ? File.ReadLines(table) : [])
            {
                yield return line;
            }
        }
    }
}
