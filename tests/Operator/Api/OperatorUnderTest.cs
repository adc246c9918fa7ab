using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Harmony.Fleet.Core.Trust;
using Harmony.Fleet.Hosting.Options;
using Harmony.Fleet.Operator.Hosting;
using Harmony.Fleet.Operator.Options;
using Harmony.Fleet.Operator.Sessions;
using Harmony.Fleet.Ports.Bus;
using Harmony.Fleet.Ports.Resources;
using Harmony.Fleet.Tests.Conformance;
using Harmony.Fleet.Tests.Harness.Bus;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;

namespace Harmony.Fleet.Tests.Operator.Api;

/// <summary>The operator's real HTTP server on a free port, over the stores that a test gives it.</summary>
internal sealed class OperatorUnderTest : IAsyncDisposable
{
    public const string Token = "a-token-for-tests-only";
    private readonly WebApplication app;

    private OperatorUnderTest(WebApplication app, OperatorOptions options)
    {
        this.app = app;
        Options = options;
        Client = NewClient();
        Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
    }

    /// <summary>Presents the token.</summary>
    public HttpClient Client { get; }

    public OperatorOptions Options { get; }

    public IServiceProvider Services => app.Services;

    public Uri Address => new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    public static async Task<OperatorUnderTest> StartAsync(
        IResourceStore? store = null, IBus? bus = null, Action<IServiceCollection>? more = null, TelemetryOptions? telemetry = null, MasterKey? master = null, string? dataFolder = null,
        int? maxConnections = null)
    {
        var options = OptionsOnAFreePort() with { Telemetry = telemetry };
        options = options with { MasterKey = master ?? options.MasterKey, DataDirectory = dataFolder ?? options.DataDirectory, MaxConnections = maxConnections ?? options.MaxConnections };
        var built = OperatorHost.Build(options, services =>
        {
            services.AddSingleton(store ?? new InMemoryResourceStore(TimeProvider.System));
            services.AddSingleton(bus ?? new FakeBroker().Connect());
            services.AddSingleton<IDeviceCommands, FakeDeviceCommands>();
            more?.Invoke(services);
        });
        await built.StartAsync();
        return new OperatorUnderTest(built, options);
    }

    public static OperatorOptions OptionsOnAFreePort()
    {
        ListenAddress.TryParse("http://127.0.0.1:0", out var listen, out _).ShouldBeTrue();
        BearerToken.TryParse(Token, out var token).ShouldBeTrue();
        return new OperatorOptions
        {
            DataDirectory = "/nowhere",
            Listen = listen!,
            Token = token!,
            MasterKey = MasterKey.Parse(Convert.ToBase64String(RandomNumberGenerator.GetBytes(MasterKey.Length))),
            KeyEpoch = 1,
            Nats = new NatsAccess { Servers = [new Uri("nats://127.0.0.1:4222")], Seed = string.Empty },
        };
    }

    /// <summary>A client without the token.</summary>
    public HttpClient NewClient() => new() { BaseAddress = Address };

    public Task StopAsync() => app.StopAsync();

    public async Task<(int Code, JsonElement Body)> SendAsync(HttpMethod method, string path, string? json = null)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Content = json is null ? null : new StringContent(json, Encoding.UTF8, "application/json");
        return await SendAsync(request);
    }

    public async Task<(int Code, JsonElement Body)> SendAsync(HttpRequestMessage request)
    {
        using var response = await Client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return ((int)response.StatusCode, text.Length == 0 ? default : JsonDocument.Parse(text).RootElement);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await app.StopAsync();
        await app.DisposeAsync();
    }
}
