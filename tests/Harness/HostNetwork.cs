using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Harmony.Fleet.Disks;

namespace Harmony.Fleet.Tests.Harness;

/// <summary>What podmans have in the network of this machine, outside of their containers.</summary>
public static class HostNetwork
{
    /// <summary>Rules of the packet filter and bridges of the private podman in <paramref name="folder"/>, found by what its network is called.</summary>
    public static List<string> TracesOf(string folder) =>
        TracesOf(folder, [.. Rules(), .. Directory.EnumerateFileSystemEntries("/sys/class/net").Select(Path.GetFileName).OfType<string>()]);

    /// <summary>Those among <paramref name="lines"/>, which iptables-save or nft printed.</summary>
    public static List<string> TracesOf(string folder, string[] lines)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(folder));
        var id = Convert.ToHexStringLower(hash)[..12];
        var chain = Convert.ToHexString(SHA512.HashData(Encoding.UTF8.GetBytes("hf-" + id)))[..13];
        var nftables = $"nv_{id[..8]}_";
        var addresses = $" 10.{128 + (hash[0] % 128)}.{hash[1]}.0/24 ";

        // Another network that has the same addresses needs the rules that name nothing but them.
        var isShared = Array.Exists(lines, line => line.Contains(addresses, StringComparison.Ordinal)
            && ((line.StartsWith("-A ", StringComparison.Ordinal) && line.Contains("NETAVARK-", StringComparison.Ordinal) && !line.Contains(chain, StringComparison.Ordinal))
                || (line.Contains(" jump nv_", StringComparison.Ordinal) && !line.Contains(nftables, StringComparison.Ordinal))));
        string[] names = ["hf-" + id, "hf" + id, chain, nftables, .. isShared ? (string[])[] : [addresses]];
        return [.. lines.Where(line => Array.Exists(names, name => line.Contains(name, StringComparison.Ordinal)))];
    }

    /// <summary>The packet filter's rules, as far as they may be read: netavark speaks iptables, or nftables where it was built for that.</summary>
    public static string[] Rules() => [.. Print("iptables-save"), .. Print("nft", "list", "table", "inet", "netavark")];

    /// <summary>The lines that a program prints; none where it is not installed.</summary>
    private static string[] Print(string program, params string[] arguments)
    {
        if (!Environment.IsPrivilegedProcess || InstalledPrograms.Find(program) is not { } path)
        {
            return [];
        }

        using var printing = Process.Start(new ProcessStartInfo(path, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })!;
        printing.ErrorDataReceived += (_, _) => { };
        printing.BeginErrorReadLine();
        var lines = printing.StandardOutput.ReadToEnd().Split('\n');
        printing.WaitForExit();
        return lines;
    }
}
