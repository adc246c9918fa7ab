using System.Diagnostics;
using System.Text.Json;
using Harmony.Fleet.Deploy.LoadTests;

namespace Harmony.Fleet.Cli.LoadTests;

/// <summary>The program that loads a fleet. It ends when this end of its input is closed, also where this process is killed.</summary>
internal sealed class LoadTestProcess : IDisposable
{
    private readonly Process process;

    /// <summary>Starts it.</summary>
    public LoadTestProcess(string program) => process = Process.Start(new ProcessStartInfo(program) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true })
        ?? throw new InvalidOperationException($"{program} was not started.");

    /// <summary>Tells it what to do.</summary>
    public async Task SayAsync(LoadTestWish wish)
    {
        await process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(wish, LoadTestJson.Default.LoadTestWish));
        await process.StandardInput.FlushAsync();
    }

    /// <summary>What it tells, until it ends.</summary>
    public async IAsyncEnumerable<LoadTestLine> LinesAsync()
    {
        while (await process.StandardOutput.ReadLineAsync() is { } text)
        {
            if (Read(text) is { } line)
            {
                yield return line;
            }
        }
    }

    /// <summary>Has it end what it began, and then itself.</summary>
    public void End() => process.StandardInput.Close();

    /// <summary>Ends when it has.</summary>
    public Task ExitedAsync() => process.WaitForExitAsync(CancellationToken.None);

    public void Dispose() => process.Dispose();

    private static LoadTestLine? Read(string text)
    {
        try
        {
            return JsonSerializer.Deserialize(text, LoadTestJson.Default.LoadTestLine);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
