using System.Text;

namespace Harmony.Fleet.Cli.Hosting;

/// <summary>Where a command reads and writes: data to <see cref="Out"/>, prose to <see cref="Error"/>.</summary>
internal sealed class CliConsole(TextWriter output, TextWriter error, Stream input)
{
    private const int LongestAnswer = 4096;

    /// <summary>Data: tables, JSON, YAML, logs. Programs read it.</summary>
    public TextWriter Out => output;

    /// <summary>Prose: progress, warnings, errors. People read it.</summary>
    public TextWriter Error => error;

    /// <summary>Whether <see cref="Out"/> is a terminal that can be redrawn.</summary>
    public bool IsOutTerminal { get; init; }

    /// <summary>Whether <see cref="Error"/> is a terminal.</summary>
    public bool IsErrorTerminal { get; init; }

    /// <summary>Whether somebody can be asked.</summary>
    public bool IsInTerminal { get; init; }

    /// <summary>Whether colours are wanted: NO_COLOR is unset and the terminal is not dumb.</summary>
    public bool AllowsColor { get; init; }

    /// <summary>The width of the terminal in characters; 0 when there is none.</summary>
    public Func<int> Width { get; init; } = () => 0;

    /// <summary>The height of the terminal in lines; 0 when there is none.</summary>
    public Func<int> Height { get; init; } = () => 0;

    /// <summary>One line that the user types; null at the end of the input. A terminal does not listen to Ctrl-C by itself.</summary>
    public Task<string?> ReadLineAsync(CancellationToken cancellationToken) => Task.Run(ReadLine, CancellationToken.None).WaitAsync(cancellationToken);

    /// <summary>A piece of what is piped in, as it is, whatever the locale: how many bytes came; 0 at the end.</summary>
    public Task<int> ReadAsync(byte[] buffer, CancellationToken cancellationToken) => Task.Run(() => input.Read(buffer), CancellationToken.None).WaitAsync(cancellationToken);

    /// <summary>The console of this process.</summary>
    public static CliConsole OfProcess(Func<string, string?> environment)
    {
        var dumb = string.Equals(environment("TERM"), "dumb", StringComparison.Ordinal);
        return new CliConsole(Writer(new StandardOutput()), Writer(Console.OpenStandardError()), Console.OpenStandardInput())
        {
            IsOutTerminal = !Console.IsOutputRedirected && !dumb,
            IsErrorTerminal = !Console.IsErrorRedirected && !dumb,
            IsInTerminal = !Console.IsInputRedirected,
            AllowsColor = string.IsNullOrEmpty(environment("NO_COLOR")) && !dumb,
            Width = () => Console.IsOutputRedirected ? 0 : Console.WindowWidth,
            Height = () => Console.IsOutputRedirected ? 0 : Console.WindowHeight,
        };
    }

    /// <summary><paramref name="text"/> in <paramref name="color"/> where <see cref="Out"/> shows colours.</summary>
    public string Paint(string text, Color color) => IsOutTerminal && AllowsColor && color != Color.None ? Painted(text, color) : text;

    /// <summary>Writes one line of prose.</summary>
    public void Say(string text) => Error.WriteLine(text);

    /// <summary>Writes an error in its one sentence.</summary>
    public void Fail(string sentence) =>
        Error.WriteLine($"{(IsErrorTerminal && AllowsColor ? Painted("error:", Color.Red) : "error:")} {Printable.Line(sentence)}");

    private string? ReadLine()
    {
        var line = new List<byte>();
        int next;
        while ((next = input.ReadByte()) is not (-1 or '\n') && line.Count < LongestAnswer)
        {
            line.Add((byte)next);
        }

        return next == -1 && line.Count == 0 ? null : Encoding.UTF8.GetString([.. line]);
    }

    private static string Painted(string text, Color color) => $"\e[{(int)color}m{text}\e[0m";

    private static StreamWriter Writer(Stream stream) => new(stream, new UTF8Encoding(false)) { AutoFlush = true };
}

/// <summary>The colours in use, by their number in a terminal's SGR sequence.</summary>
internal enum Color
{
    /// <summary>As it is.</summary>
    None = 0,

    /// <summary>Headings.</summary>
    Bold = 1,

    /// <summary>What is beside the point.</summary>
    Dim = 2,

    /// <summary>Failed.</summary>
    Red = 31,

    /// <summary>Well.</summary>
    Green = 32,

    /// <summary>On its way, or unknown.</summary>
    Yellow = 33,

    /// <summary>Names.</summary>
    Cyan = 36,
}
