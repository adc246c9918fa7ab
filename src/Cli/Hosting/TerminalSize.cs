using System.Runtime.InteropServices;

namespace Harmony.Fleet.Cli.Hosting;

/// <summary>How large a terminal is, in characters; zeros where there is none.</summary>
/// <param name="Columns">Its width.</param>
/// <param name="Rows">Its height.</param>
internal readonly partial record struct TerminalSize(int Columns, int Rows)
{
    private const nuint GetWindowSize = 0x5413; // TIOCGWINSZ

    /// <summary>What a terminal is taken for that does not know its size, as a serial line.</summary>
    public static TerminalSize Usual { get; } = new(80, 24);

    /// <summary>
    /// The terminal of an open file, asked anew each time. .NET's own Console.WindowWidth knows that of stdout alone, and prepares the terminal
    /// for reading keys as well.
    /// </summary>
    public static TerminalSize Of(int file)
    {
        var size = default(WindowSize);
        return Control(file, GetWindowSize, ref size) != 0 ? default : size is { Columns: > 0, Rows: > 0 } ? new TerminalSize(size.Columns, size.Rows) : Usual;
    }

    [LibraryImport("libc", EntryPoint = "ioctl")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Control(int file, nuint request, ref WindowSize size);

    /// <summary>The kernel's <c>struct winsize</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct WindowSize(ushort Rows, ushort Columns, ushort Width, ushort Height);
}
