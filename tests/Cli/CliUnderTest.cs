using System.Text;
using Harmony.Fleet.Cli;
using Harmony.Fleet.Cli.Hosting;
using Harmony.Fleet.Tests.Harness;

namespace Harmony.Fleet.Tests.Cli;

/// <summary>The program in this process, with a console, an environment and a folder of its own.</summary>
internal sealed class CliUnderTest : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly List<Action> listeners = [];

    /// <summary>The environment's variables.</summary>
    public Dictionary<string, string> Environment { get; } = new(StringComparer.Ordinal);

    /// <summary>What the user types, or pipes in.</summary>
    public string Input { set => InputBytes = Encoding.UTF8.GetBytes(value); }

    /// <summary>The same as bytes.</summary>
    public byte[] InputBytes { get; set; } = [];

    /// <summary>Whether the user types nothing, and does not end the input either.</summary>
    public bool IsSilent { get; set; }

    /// <summary>Whether all three streams are a terminal, without colours.</summary>
    public bool IsTerminal { get; set; }

    /// <summary>The terminal's size.</summary>
    public TerminalSize Size { get; private set; } = TerminalSize.Usual;

    /// <summary>Whether the terminal shows colours.</summary>
    public bool HasColors { get; set; }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; set; } = TimeProvider.System;

    /// <summary>What was written to stdout so far, while a call runs.</summary>
    public SharedWriter Out { get; private set; } = new();

    /// <summary>What was written to stderr so far, while a call runs.</summary>
    public SharedWriter Error { get; private set; } = new();

    /// <summary>The folder that the calls are made in.</summary>
    public string Folder => folder.Path;

    /// <summary>Gives the terminal another size, and tells whoever listens.</summary>
    public void Resize(int columns, int rows)
    {
        Size = new TerminalSize(columns, rows);
        foreach (var listener in listeners.ToList())
        {
            listener();
        }
    }

    /// <summary>Makes a pipe in the folder, into which nobody writes.</summary>
    public Task<string> PipeAsync(string name) => folder.PipeAsync(name);

    /// <summary>Writes a file into the folder.</summary>
    public string Write(string name, string content)
    {
        var path = folder.File(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
        return path;
    }

    /// <summary>Makes calls go to <paramref name="server"/>.</summary>
    public CliUnderTest Facing(string server)
    {
        Environment["HARMONY_FLEET_SERVER"] = server;
        Environment["HARMONY_FLEET_TOKEN_FILE"] = Write("token", ScriptedServer.Token + "\n");
        return this;
    }

    /// <summary>Calls the program.</summary>
    public async Task<CliRun> RunAsync(params string[] arguments) => await RunUntilAsync(TestContext.Current.CancellationToken, arguments);

    /// <summary>Calls the program, until Ctrl-C.</summary>
    public async Task<CliRun> RunUntilAsync(CancellationToken interrupted, params string[] arguments)
    {
        (Out, Error) = (new SharedWriter(), new SharedWriter());
        using Stream input = IsSilent ? new SilentStream() : new MemoryStream(InputBytes);
        var console = new CliConsole(Out, Error, input)
        {
            IsOutTerminal = IsTerminal,
            IsErrorTerminal = IsTerminal,
            IsInTerminal = IsTerminal,
            AllowsColor = HasColors,
            OutSize = () => IsTerminal ? Size : default,
            ErrorSize = () => IsTerminal ? Size : default,
            WhenResized = Listen,
        };
        var host = new CliHost(console, name => Environment.GetValueOrDefault(name), Time, folder.Path);
        var code = await new FleetCli(host).RunAsync(arguments, interrupted);
        return new CliRun(code, Out.ToString(), Error.ToString());
    }

    public void Dispose() => folder.Dispose();

    private Registrations Listen(Action action)
    {
        listeners.Add(action);
        return new Registrations(new Ending(() => listeners.Remove(action)));
    }

    private sealed class Ending(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
