using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Harmony.Fleet.Tests.Harness;

/// <summary>
/// A file that whoever opens it waits for, as on a disk that does not answer: by a lease (fcntl(2)), which the kernel asks back, and grants 45 s for that.
/// </summary>
public sealed partial class HeldFile : IDisposable
{
    private const int SetSignal = 10; // F_SETSIG
    private const int SetLease = 1024; // F_SETLEASE
    private const int GetLease = 1025; // F_GETLEASE
    private const int WriteLease = 1; // F_WRLCK
    private const int NoLease = 2; // F_UNLCK
    private const int IgnoredSignal = 23; // SIGURG, in place of SIGIO, which would end this process

    private readonly SafeFileHandle file;

    public HeldFile(string path)
    {
        file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        Control(SetSignal, IgnoredSignal);
        Control(SetLease, WriteLease);
    }

    /// <summary>Whether somebody waits for it.</summary>
    public bool IsWaitedFor => Control(GetLease, 0) != WriteLease;

    /// <summary>Lets go of it.</summary>
    public void Dispose()
    {
        Control(SetLease, NoLease);
        file.Dispose();
    }

    private int Control(int command, int argument) => Fcntl(file, command, argument) is >= 0 and var result ? result : throw new Win32Exception(Marshal.GetLastPInvokeError());

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Fcntl(SafeFileHandle file, int command, int argument);
}
