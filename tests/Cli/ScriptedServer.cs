using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Harmony.Fleet.Tests.Cli;

/// <summary>A server that answers as a test tells it to: for what the real one does too seldom, or never.</summary>
internal sealed class ScriptedServer : IAsyncDisposable
{
    public const string Token = "a-token-for-tests-only";

    private readonly WebApplication app;
    private readonly ConcurrentDictionary<string, Func<ScriptedRequest, HttpResponse, Task>> answers = new(StringComparer.Ordinal);

    private ScriptedServer(WebApplication app) => this.app = app;

    /// <summary>What was asked, in order.</summary>
    public ConcurrentQueue<ScriptedRequest> Requests { get; } = [];

    /// <summary>Where it listens: an http URL, or <c>unix:</c> and a path.</summary>
    public string Address { get; private set; } = string.Empty;

    public static async Task<ScriptedServer> StartAsync(string? socket = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(server =>
        {
            if (socket is null)
            {
                server.Listen(System.Net.IPAddress.Loopback, 0);
            }
            else
            {
                server.ListenUnixSocket(socket);
            }
        });
        var scripted = new ScriptedServer(builder.Build());
        scripted.app.Run(scripted.AnswerAsync);
        await scripted.app.StartAsync();
        scripted.Address = socket is not null
            ? $"unix:{socket}"
            : scripted.app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        return scripted;
    }

    /// <summary>Answers <paramref name="request"/> (<c>GET /api/v1/...</c>) with <paramref name="body"/>, from now on.</summary>
    public ScriptedServer On(string request, string body, int code = 200) => On(request, async (_, response) =>
    {
        response.StatusCode = code;
        response.ContentType = "application/json";
        await response.WriteAsync(body);
    });

    /// <summary>Answers <paramref name="request"/> by <paramref name="answer"/>, from now on.</summary>
    public ScriptedServer On(string request, Func<ScriptedRequest, HttpResponse, Task> answer)
    {
        answers[request] = answer;
        return this;
    }

    /// <summary>Answers <paramref name="request"/> with a Status.</summary>
    public ScriptedServer Refuse(string request, int code, string reason, string message) =>
        On(request, $$"""{"kind":"Status","apiVersion":"v1","status":"Failure","reason":"{{reason}}","message":"{{message}}","code":{{code}}}""", code);

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await app.StopAsync(now.Token);
        await app.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body, Encoding.UTF8);
        var request = new ScriptedRequest(
            context.Request.Method,
            context.Request.Path.Value!,
            Uri.UnescapeDataString(context.Request.QueryString.Value ?? string.Empty),
            await reader.ReadToEndAsync(),
            context.Request.Headers.Authorization);
        Requests.Enqueue(request);
        if (answers.TryGetValue($"{request.Method} {request.Path}{request.Query}", out var exact) || answers.TryGetValue($"{request.Method} {request.Path}", out exact))
        {
            await exact(request, context.Response);
            return;
        }

        context.Response.StatusCode = 404;
        await context.Response.WriteAsync($$"""{"kind":"Status","reason":"NotFound","message":"{{request.Path}} is not scripted.","code":404}""");
    }
}
