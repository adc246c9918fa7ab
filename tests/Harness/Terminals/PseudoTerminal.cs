using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace Harmony.Fleet.Tests.Harness.Terminals;

/// <summary>A program in a terminal of its own, as in a window of a desktop: it can be typed at, resized, and closed.</summary>
public sealed partial class PseudoTerminal : IAsyncDisposable
{
    /// <summary>What a terminal sends for Ctrl-C.</summary>
    public const string CtrlC = "\x03";

    private const int OpenReadWrite = 2; // O_RDWR
    private const int OpenNoControl = 0x100; // O_NOCTTY
    private const int OpenCloseOnExec = 0x80000; // O_CLOEXEC
    private const nuint SetWindowSize = 0x5414; // TIOCSWINSZ
    private const short Readable = 1; // POLLIN
    private const int PollMilliseconds = 50;

    private readonly int master;
    private readonly Process process;
    private readonly StringBuilder shown = new();
    private readonly Task reading;
    private volatile bool isClosing;
    private bool isClosed;

    private PseudoTerminal(int master, Process process)
    {
        this.master = master;
        this.process = process;
        reading = Task.Factory.StartNew(Read, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>All that was written to it so far, escape sequences included.</summary>
    public string Shown
    {
        get
        {
            lock (shown)
            {
                return shown.ToString();
            }
        }
    }

    /// <summary>Starts <paramref name="program"/> in a terminal of <paramref name="columns"/> and 50 rows, whose session it leads.</summary>
    public static async Task<PseudoTerminal> StartAsync(int columns, string program, params string[] arguments)
    {
        var opened = Checked(OpenMaster(OpenReadWrite | OpenNoControl | OpenCloseOnExec));
        Checked(Unlock(opened));
        var name = new byte[64];
        Checked(NameOf(opened, name, name.Length));
        Size(opened, columns);
        const string Script = "exec setsid --ctty \"$@\" <\"$0\" >\"$0\" 2>&1";
        var start = new ProcessStartInfo("/bin/sh", ["-c", Script, Encoding.ASCII.GetString(name).TrimEnd('\0'), program, .. arguments]) { UseShellExecute = false };
        start.Environment["TERM"] = "xterm-256color";
        start.Environment["LC_ALL"] = "C.UTF-8";
        start.Environment["NO_COLOR"] = "1";
        return new PseudoTerminal(opened, await Spawner.StartAsync(start));
    }

    /// <summary>Gives it another width: the program gets SIGWINCH.</summary>
    public void Resize(int columns) => Size(master, columns);

    /// <summary>Types.</summary>
    public void Type(string keys)
    {
        var bytes = Encoding.UTF8.GetBytes(keys);
        Checked((int)Write(master, bytes, bytes.Length));
    }

    /// <summary>Waits until <paramref name="words"/> were shown.</summary>
    public Task ShowsAsync(string words) => Eventually.HoldsAsync(
        () => Shown.Contains(words, StringComparison.Ordinal) || (reading.IsCompleted ? throw new InvalidOperationException($"It ended without showing '{words}':\n{Shown}") : false),
        $"it shows '{words}'",
        TimeSpan.FromMinutes(2));

    /// <summary>Closes it, as its window would be: the program gets SIGHUP, and whatever it writes from then on fails.</summary>
    public async Task CloseAsync()
    {
        isClosing = true;
        await reading;
        if (!isClosed)
        {
            isClosed = true;
            Checked(Close(master));
        }
    }

    /// <summary>Waits for the end of the program.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> EndAsync()
    {
        await process.WaitForExitAsync();
        await reading;
        return process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        if (!process.HasExited)
        {
            process.Kill();
        }

        process.Dispose();
    }

    private static void Size(int terminal, int columns)
    {
        var size = new WindowSize(50, (ushort)columns, 0, 0);
        Checked(Control(terminal, SetWindowSize, ref size));
    }

    private static int Checked(int result) => result >= 0 ? result : throw new Win32Exception(Marshal.GetLastPInvokeError());

    /// <summary>Until nobody has the other side open any more, which is an error here; never in the middle of a read when it is closed.</summary>
    private void Read()
    {
        var buffer = new byte[4096];
        var decoder = Encoding.UTF8.GetDecoder();
        while (!isClosing)
        {
            var waited = new Waited(master, Readable, 0);
            if (Poll(ref waited, 1, PollMilliseconds) <= 0)
            {
                continue;
            }

            var count = (int)Read(master, buffer, buffer.Length);
            if (count <= 0)
            {
                return;
            }

            var text = new char[count];
            var length = decoder.GetChars(buffer, 0, count, text, 0);
            lock (shown)
            {
                shown.Append(text, 0, length);
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "posix_openpt", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int OpenMaster(int flags);

    [LibraryImport("libc", EntryPoint = "unlockpt", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Unlock(int master);

    [LibraryImport("libc", EntryPoint = "ptsname_r", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int NameOf(int master, byte[] name, nint length);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Control(int file, nuint request, ref WindowSize size);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint Read(int file, byte[] buffer, nint count);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint Write(int file, byte[] buffer, nint count);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Poll(ref Waited waited, nuint count, int milliseconds);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Close(int file);

    /// <summary>The kernel's <c>struct winsize</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct WindowSize(ushort Rows, ushort Columns, ushort Width, ushort Height);

    /// <summary>The kernel's <c>struct pollfd</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct Waited(int Handle, short Events, short Happened);
}
