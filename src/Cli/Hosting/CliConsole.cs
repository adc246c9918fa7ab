using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text;
using Harmony.Fleet.Cli.Layout;
using Harmony.Fleet.Contracts.Texts;

namespace Harmony.Fleet.Cli.Hosting;

/// <summary>Where a command reads and writes: data to <see cref="Out"/>, prose to <see cref="Error"/>.</summary>
internal sealed class CliConsole(TextWriter output, TextWriter error, Stream input)
{
    private const int LongestAnswer = 4096;

    private readonly ConcurrentDictionary<string, bool> whole = new(StringComparer.Ordinal);

    /// <summary>What prose is never broken within: command lines and paths that are copied. The longest first.</summary>
    public IEnumerable<string> Whole => whole.Keys.OrderByDescending(part => part.Length);

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

    /// <summary>Ends when nobody reads <see cref="Out"/> any more, or when it is cancelled.</summary>
    public Func<CancellationToken, Task> ReaderGone { get; init; } = cancellationToken => Task.Delay(Timeout.Infinite, cancellationToken);

    /// <summary>The terminal that <see cref="Out"/> is; zeros where it is none.</summary>
    public Func<TerminalSize> OutSize { get; init; } = () => default;

    /// <summary>The terminal that <see cref="Error"/> is; zeros where it is none.</summary>
    public Func<TerminalSize> ErrorSize { get; init; } = () => default;

    /// <summary>Calls back whenever the terminal has another size, or shows this process again, until what it returns is disposed of.</summary>
    public Func<Action, IDisposable> WhenResized { get; init; } = _ => new Registrations();

    /// <summary>Calls back before this process is stopped by its terminal (Ctrl-Z), until what it returns is disposed of.</summary>
    public Func<Action, IDisposable> WhenStopped { get; init; } = _ => new Registrations();

    /// <summary>The signs that the terminal shows.</summary>
    public Glyphs Glyphs { get; init; } = Glyphs.Unicode;

    /// <summary>What the user typed with line breaks or tabs in it: shown with escapes, while those of a longer text are blanks.</summary>
    public ImmutableArray<string> Broken { get; set; } = [];

    /// <summary>Whether a screen was taken down last, under which the cursor stands at the beginning of a line.</summary>
    public bool HasClosedScreen { get; set; }

    /// <summary>How wide prose may be; 0: as wide as it is.</summary>
    public int ProseWidth => IsErrorTerminal ? ErrorSize().Columns : 0;

    /// <summary>Ends the showing of what the user types, until it is disposed.</summary>
    public Func<IDisposable> Hushed { get; init; } = () => new Registrations();

    /// <summary>One line that the user types; null at the end of the input. A terminal does not listen to Ctrl-C by itself.</summary>
    public Task<string?> ReadLineAsync(CancellationToken cancellationToken) => Task.Run(ReadLine, CancellationToken.None).WaitAsync(cancellationToken);

    /// <summary>A piece of what is piped in, as it is, whatever the locale: how many bytes came; 0 at the end.</summary>
    public Task<int> ReadAsync(byte[] buffer, CancellationToken cancellationToken) => Task.Run(() => input.Read(buffer), CancellationToken.None).WaitAsync(cancellationToken);

    /// <summary>The console of this process.</summary>
    /// <param name="environment">The environment's variables.</param>
    /// <param name="hungUp">Told when a write finds that the terminal was closed.</param>
    public static CliConsole OfProcess(Func<string, string?> environment, Action hungUp)
    {
        var dumb = string.Equals(environment("TERM"), "dumb", StringComparison.Ordinal);
        return new CliConsole(Writer(new StandardOutput()), Writer(new StandardError(hungUp)), new StandardInput())
        {
            IsOutTerminal = !Console.IsOutputRedirected && !dumb,
            IsErrorTerminal = !Console.IsErrorRedirected && !dumb,
            IsInTerminal = !Console.IsInputRedirected,
            Hushed = HushedTerminal.Begin,
            ReaderGone = StandardOutput.ReaderGoneAsync,
            AllowsColor = string.IsNullOrEmpty(environment("NO_COLOR")) && !dumb,
            OutSize = () => TerminalSize.Of(1),
            ErrorSize = () => TerminalSize.Of(2),
            WhenResized = Resizes,
            WhenStopped = action => PosixSignalRegistration.Create(PosixSignal.SIGTSTP, _ => action()),
            Glyphs = Glyphs.Of(environment),
        };
    }

    /// <summary><paramref name="text"/> in <paramref name="color"/> where <see cref="Out"/> shows colours.</summary>
    public string Paint(string text, Color color) => IsOutTerminal && AllowsColor && color != Color.None ? Painted(text, color) : text;

    /// <summary><paramref name="text"/> in <paramref name="color"/> where <see cref="Error"/> shows colours.</summary>
    public string PaintError(string text, Color color) => IsErrorTerminal && AllowsColor && color != Color.None ? Painted(text, color) : text;

    /// <summary><paramref name="text"/>, which stays on one line wherever it is told from now on.</summary>
    public string KeepWhole(string text)
    {
        whole.TryAdd(Printable.Line(text), true);
        return text;
    }

    /// <summary>Writes one line of prose, whatever is in it; a terminal gets it broken between words.</summary>
    public void Say(string text)
    {
        foreach (var line in Prose.Wrap(Printable.Line(text), ProseWidth, whole: Whole))
        {
            Error.WriteLine(line);
        }
    }

    /// <summary>Writes an error in its one sentence.</summary>
    public void Fail(string sentence)
    {
        const string Mark = "error:";
        var lines = Prose.Wrap($"{Mark} {Printable.Line(Broken.Aggregate(sentence, (text, word) => text.Replace(word, Printable.Word(word), StringComparison.Ordinal)))}", ProseWidth, hanging: 2, Whole).ToList();
        Error.WriteLine(PaintError(Mark, Color.Red) + lines[0][Mark.Length..]);
        lines.Skip(1).ToList().ForEach(Error.WriteLine);
    }

    /// <summary>Ends the line that a terminal began with the sign of a key (<c>^C</c>), or after a question: what comes next stands on one of its own.</summary>
    public void EndLine()
    {
        if (IsErrorTerminal && IsInTerminal && !HasClosedScreen)
        {
            Error.WriteLine();
        }
    }

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

    /// <summary>SIGWINCH, and SIGCONT: a terminal may have another size when a process that was stopped comes back.</summary>
    private static Registrations Resizes(Action action) => new(
        PosixSignalRegistration.Create(PosixSignal.SIGWINCH, _ => action()), PosixSignalRegistration.Create(PosixSignal.SIGCONT, _ => action()));

    private static StreamWriter Writer(Stream stream) => new(stream, new UTF8Encoding(false)) { AutoFlush = true };
}

/// <summary>What is listened to, and ends together.</summary>
internal sealed class Registrations(params ReadOnlySpan<IDisposable> all) : IDisposable
{
    private readonly ImmutableArray<IDisposable> all = [.. all];

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var one in all)
        {
            one.Dispose();
        }
    }
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
