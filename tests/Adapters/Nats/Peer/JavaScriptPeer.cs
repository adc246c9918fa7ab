using System.Diagnostics;
using System.Text.Json.Nodes;
using Harmony.Fleet.Tests.Harness;

namespace Harmony.Fleet.Tests.Adapters.Nats.Peer;

/// <summary>The official JavaScript client of NATS in a process of its own: what it writes we must read, and the other way round.</summary>
internal sealed class JavaScriptPeer : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly Process process;
    private readonly Task<string> errors;

    private JavaScriptPeer(Process process)
    {
        this.process = process;
        errors = process.StandardError.ReadToEndAsync();
    }

    public static async Task<JavaScriptPeer> StartAsync(NatsServer server)
    {
        var folder = await EngScript.RunAsync("eng/nats-peer.sh");
        var start = new ProcessStartInfo("setpriv")
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in (string[])["--pdeathsig", "KILL", "node", RepositoryRoot.File("tests/Adapters/Nats/Peer/peer.mjs"), folder, server.Url])
        {
            start.ArgumentList.Add(argument);
        }

        var peer = new JavaScriptPeer(await Spawner.StartAsync(start));
        (await peer.AnswerAsync())!.GetValue<string>().ShouldBe("ready");
        return peer;
    }

    /// <summary>Does <paramref name="op"/>, and gives its result.</summary>
    /// <exception cref="InvalidOperationException">The client threw; its words.</exception>
    public async Task<JsonNode?> DoAsync(string op, JsonObject arguments)
    {
        arguments["op"] = op;
        await process.StandardInput.WriteLineAsync(arguments.ToJsonString());
        await process.StandardInput.FlushAsync();
        return await AnswerAsync();
    }

    public async ValueTask DisposeAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
    }

    private async Task<JsonNode?> AnswerAsync()
    {
        var line = await process.StandardOutput.ReadLineAsync().WaitAsync(Limit);
        if (line is null)
        {
            throw new InvalidOperationException($"The JavaScript client ended: {await errors}");
        }

        var answer = JsonNode.Parse(line).ShouldNotBeNull().AsObject();
        return answer["error"] is { } error ? throw new InvalidOperationException(error.GetValue<string>()) : answer["result"];
    }
}
