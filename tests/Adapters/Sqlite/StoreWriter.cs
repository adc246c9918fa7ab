using System.Collections.Concurrent;
using System.Diagnostics;

namespace Harmony.Fleet.Tests.Adapters.Sqlite;

/// <summary>A real process that writes to a store until it is killed.</summary>
internal sealed class StoreWriter : IAsyncDisposable
{
    private readonly Process process;
    private readonly Task reading;

    private StoreWriter(Process process)
    {
        this.process = process;
        reading = ReadAsync();
    }

    /// <summary>What it said so far.</summary>
    public ConcurrentQueue<string> Lines { get; } = [];

    public int Id => process.Id;

    public static StoreWriter Start(string path, string prefix)
    {
        var assembly = Path.Combine(AppContext.BaseDirectory, "Harmony.Fleet.Fixtures.SqliteWriter.dll");
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, UseShellExecute = false };
        foreach (var argument in new[] { assembly, path, prefix })
        {
            start.ArgumentList.Add(argument);
        }

        return new StoreWriter(Process.Start(start)!);
    }

    /// <summary>SIGKILL; then all that it had said is read.</summary>
    public async Task KillAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
        await reading;
    }

    /// <summary>Waits for its own end.</summary>
    public async Task<int> EndAsync()
    {
        await process.WaitForExitAsync();
        await reading;
        return process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            await KillAsync();
        }

        process.Dispose();
    }

    private async Task ReadAsync()
    {
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            Lines.Enqueue(line);
        }
    }
}
