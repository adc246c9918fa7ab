using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Disks;

namespace Harmony.Fleet.Agent.Reporting;

/// <summary>Reads what a Linux machine says of itself. What cannot be told is left empty.</summary>
/// <param name="root">The root of the file system; another one in tests.</param>
internal sealed class InventoryReader(string root)
{
    /// <summary>What is read with every heartbeat must not go to the heap of large objects.</summary>
    private const int MaxBytes = 64 * 1024;

    private Inventory? machine;

    /// <summary>The inventory.</summary>
    /// <param name="storage">A folder of the file system that holds the containers.</param>
    public Inventory Read(string storage) => (machine ??= Machine()) with
    {
        Hostname = Line("proc/sys/kernel/hostname"),
        OperatingSystem = Field("etc/os-release", "PRETTY_NAME", '=').Trim('"'),
        DiskBytes = DiskOf(storage),
    };

    /// <summary>The load average over a minute; 0 where it cannot be told.</summary>
    public double Load() =>
        double.TryParse(Line("proc/loadavg").Split(' ')[0], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var load) ? load : 0;

    /// <summary>What stays as it is while this machine runs.</summary>
    private Inventory Machine() => new()
    {
        Architecture = Architecture(),
        Model = FirstOf("proc/device-tree/model", "sys/class/dmi/id/product_name"),
        Kernel = Line("proc/sys/kernel/osrelease"),
        MemoryBytes = Number(Field("proc/meminfo", "MemTotal", ':').Split(' ')[0]) * 1024,
        Cpus = Environment.ProcessorCount,
    };

    private static string Architecture() => RuntimeInformation.OSArchitecture switch
    {
        System.Runtime.InteropServices.Architecture.X64 => "amd64",
        System.Runtime.InteropServices.Architecture.Arm64 => "arm64",
        System.Runtime.InteropServices.Architecture.Arm or System.Runtime.InteropServices.Architecture.Armv6 => "arm",
        var other => other.ToString().ToLowerInvariant(),
    };

    private static long DiskOf(string folder)
    {
        try
        {
            return new DriveInfo(folder).TotalSize;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return 0;
        }
    }

    private static long Number(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    private string FirstOf(params ReadOnlySpan<string> files)
    {
        foreach (var file in files)
        {
            if (Line(file) is { Length: > 0 } text)
            {
                return text;
            }
        }

        return string.Empty;
    }

    private string Line(string file) => Text(file).Split('\n')[0].Trim().TrimEnd('\0');

    private string Field(string file, string name, char separator) => Text(file).Split('\n')
        .Select(line => line.Split(separator, 2))
        .Where(parts => parts.Length == 2 && parts[0].Trim() == name)
        .Select(parts => parts[1].Trim())
        .FirstOrDefault(string.Empty);

    private string Text(string file)
    {
        try
        {
            return Encoding.UTF8.GetString(RegularFile.Read(Path.Combine(root, file), MaxBytes));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return string.Empty;
        }
    }
}
