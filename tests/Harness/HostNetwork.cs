using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;

namespace Harmony.Fleet.Tests.Harness;

/// <summary>What podmans have in the network of this machine, outside of their containers.</summary>
public static class HostNetwork
{
    /// <summary>Rules of the packet filter and bridges of the private podman in <paramref name="folder"/>, found by what its network is called.</summary>
    public static List<string> TracesOf(string folder)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(folder));
        var id = Convert.ToHexStringLower(hash)[..12];
        var chain = Convert.ToHexString(SHA512.HashData(Encoding.UTF8.GetBytes("hf-" + id)))[..13];
        var addresses = $" 10.{128 + (hash[0] % 128)}.{hash[1]}.0/24 ";
        var rules = Rules();

        // Another network that has the same addresses needs the rules that name nothing but them.
        var isShared = Array.Exists(rules, rule => rule.Contains(addresses, StringComparison.Ordinal) && rule.Contains("NETAVARK-", StringComparison.Ordinal) && !rule.Contains(chain, StringComparison.Ordinal));
        string[] names = ["hf-" + id, "hf" + id, chain, .. isShared ? (string[])[] : [addresses]];
        return [.. rules.Concat(Directory.EnumerateFileSystemEntries("/sys/class/net").Select(Path.GetFileName).OfType<string>())
            .Where(line => Array.Exists(names, name => line.Contains(name, StringComparison.Ordinal)))];
    }

    /// <summary>The packet filter's rules, as far as they may be read.</summary>
    public static string[] Rules()
    {
        if (!Environment.IsPrivilegedProcess || !File.Exists("/usr/sbin/iptables-save"))
        {
            return [];
        }

        using var saving = Process.Start(new ProcessStartInfo("/usr/sbin/iptables-save") { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })!;
        saving.ErrorDataReceived += (_, _) => { };
        saving.BeginErrorReadLine();
        var lines = saving.StandardOutput.ReadToEnd().Split('\n');
        saving.WaitForExit();
        return lines;
    }
}
