using System.Diagnostics;
using System.Net.Sockets;
using System.Text;

namespace Harmony.Fleet.Tests.Harness;

/// <summary>
/// A real nats-server on a free port of 127.0.0.1 with a store folder of its own. It can be killed and started again in place;
/// disposing ends it, and so does the end of the test process, however that comes.
/// </summary>
public sealed class NatsServer : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private readonly TempFolder folder = new();
    private readonly string binary;
    private readonly StringBuilder log = new();
    private Process? process;

    private NatsServer(string binary, int port)
    {
        this.binary = binary;
        Port = port;
    }

    /// <summary>What a configuration is written with.</summary>
    /// <param name="Port">The port to listen on.</param>
    /// <param name="StoreDirectory">The folder for <c>jetstream { store_dir }</c>.</param>
    public sealed record Site(int Port, string StoreDirectory);

    public int Port { get; }

    public string Url => $"nats://127.0.0.1:{Port}";

    /// <summary>The JetStream folder.</summary>
    public string StoreDirectory => folder.File("store");

    /// <summary>The configuration file, for tests that change it before a restart.</summary>
    public string ConfigFile => folder.File("nats.conf");

    public bool IsRunning => process is { HasExited: false };

    /// <summary>The number of its process.</summary>
    public int Pid => (process ?? throw new InvalidOperationException("Not running.")).Id;

    /// <summary>What the server has said so far.</summary>
    public string Log
    {
        get
        {
            lock (log)
            {
                return log.ToString();
            }
        }
    }

    /// <summary>Starts a server with JetStream and nobody to authenticate.</summary>
    public static Task<NatsServer> StartAsync(string version = NatsVersions.Newest) => StartAsync(version, JetStreamConfig);

    /// <summary>Starts a server with the configuration that <paramref name="config"/> writes, and waits until it accepts.</summary>
    public static async Task<NatsServer> StartAsync(string version, Func<Site, string> config)
    {
        var server = new NatsServer(await EngScript.RunAsync("eng/nats-server.sh", version), FreePort.Next());
        try
        {
            await File.WriteAllTextAsync(server.ConfigFile, config(new Site(server.Port, server.StoreDirectory)));
            await server.StartProcessAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>The configuration of <see cref="StartAsync(string)"/>.</summary>
    public static string JetStreamConfig(Site site) =>
        $$"""
        listen: "127.0.0.1:{{site.Port}}"
        jetstream { store_dir: "{{site.StoreDirectory}}", max_file_store: 16GB, max_memory_store: 1GB }

        """;

    /// <summary>SIGKILL; returns when the process is gone.</summary>
    public async Task KillAsync()
    {
        if (process is { } running)
        {
            running.Kill();
            await running.WaitForExitAsync();
            running.Dispose();
            process = null;
        }
    }

    /// <summary>Starts it again (after <see cref="KillAsync"/>, if it still runs) on the same port with the same store folder.</summary>
    public async Task RestartAsync()
    {
        await KillAsync();
        await StartProcessAsync();
    }

    /// <summary>Stops the process where it is (SIGSTOP), as a machine that hangs: connections stay open and nothing answers.</summary>
    public void Pause() => Signal("STOP");

    /// <summary>Goes on after <see cref="Pause"/>.</summary>
    public void Resume() => Signal("CONT");

    /// <summary>Removes all that JetStream stored; only while the server is killed.</summary>
    public void WipeStore()
    {
        if (IsRunning)
        {
            throw new InvalidOperationException("Kill the server before its store is wiped.");
        }

        if (Directory.Exists(StoreDirectory))
        {
            Directory.Delete(StoreDirectory, recursive: true);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        folder.Dispose();
    }

    private async Task StartProcessAsync()
    {
        var start = new ProcessStartInfo("setpriv") { UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (var argument in (string[])["--pdeathsig", "KILL", binary, "--config", ConfigFile])
        {
            start.ArgumentList.Add(argument);
        }

        process = await Spawner.StartAsync(start);
        process.OutputDataReceived += Keep;
        process.ErrorDataReceived += Keep;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        await WaitUntilItAcceptsAsync();
    }

    private async Task WaitUntilItAcceptsAsync()
    {
        var watch = Stopwatch.StartNew();
        while (!await GreetsAsync())
        {
            if (!IsRunning || watch.Elapsed > StartLimit)
            {
                process!.Kill();
                await process.WaitForExitAsync();
                throw new InvalidOperationException($"The nats-server did not start. It said:\n{Log}");
            }

            await Task.Delay(10);
        }
    }

    private async Task<bool> GreetsAsync()
    {
        try
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync("127.0.0.1", Port);
            return await socket.ReceiveAsync(new byte[16]) > 0;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private void Signal(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", Pid.ToString()]);
        kill.WaitForExit();
    }

    private void Keep(object sender, DataReceivedEventArgs received)
    {
        lock (log)
        {
            log.AppendLine(received.Data);
        }
    }
}
