using System.Globalization;
using System.Runtime.InteropServices;
using Harmony.Fleet.Disks;

namespace Harmony.Fleet.Hosting.SelfTests;

/// <summary>Steps of a self-test that look at the machine itself.</summary>
public static partial class MachineSteps
{
    private const long Mebi = 1024 * 1024;
    private const long TooLittle = 16 * Mebi;
    private const long Little = 256 * Mebi;
    private const int TimeErrorOfTheKernel = 5;

    /// <summary>No machine that runs this is older. Certificates are not valid yet on one that thinks so.</summary>
    private static readonly DateTimeOffset Released = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Whether a service's own folder can be written, and has room.</summary>
    public static SelfTestStep Disk(string folder) => new("disk", _ => Task.FromResult(LookAtDisk(folder)));

    /// <summary>Whether the clock can be right, and is kept so.</summary>
    public static SelfTestStep Clock(TimeProvider time) => new("clock", _ => Task.FromResult(LookAtClock(time.GetUtcNow(), IsSynchronised())));

    internal static Finding LookAtClock(DateTimeOffset now, bool isSynchronised)
    {
        var text = now.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        return now < Released ? new Finding.Wrong($"it says {text}, which is past: set it (timedatectl set-ntp true), or certificates are refused.")
            : isSynchronised ? new Finding.Right($"{text}, synchronised")
            : new Finding.Odd($"it says {text}, and nothing keeps it right: install systemd-timesyncd or chrony.");
    }

    internal static Finding LookAtDisk(string folder)
    {
        try
        {
            var place = Folders.Existing(folder); // Nothing is made here: the service may run as somebody else.
            var probe = Path.Combine(place, $".self-test.{Environment.ProcessId.ToString(CultureInfo.InvariantCulture)}");
            using (new FileStream(probe, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Options = FileOptions.DeleteOnClose }))
            {
                var free = new DriveInfo(place).AvailableFreeSpace;
                var text = $"{(free / Mebi).ToString(CultureInfo.InvariantCulture)} MiB free in {folder}";
                return free < TooLittle ? new Finding.Wrong($"{text}: make room.") : free < Little ? new Finding.Odd($"{text}: make room soon.") : new Finding.Right(text);
            }
        }
        catch (UnauthorizedAccessException)
        {
            return new Finding.Wrong($"{folder} cannot be written by user '{Environment.UserName}': run as its owner, or change its rights.");
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return new Finding.Wrong($"{folder} cannot be written: no file can be made in {Folders.Existing(folder)}.");
        }
        catch (IOException error)
        {
            return new Finding.Wrong($"{folder} cannot be written: {error.Message}");
        }
    }

    /// <summary>What the kernel says: it knows whether a time server steers its clock (adjtimex(2)).</summary>
    private static unsafe bool IsSynchronised()
    {
        var state = stackalloc byte[512]; // struct timex, which is smaller; all zero asks, and sets nothing.
        new Span<byte>(state, 512).Clear();
        return AskForTime(state) is >= 0 and not TimeErrorOfTheKernel;
    }

    [LibraryImport("libc", EntryPoint = "adjtimex")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static unsafe partial int AskForTime(byte* timex);
}
