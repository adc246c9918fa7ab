using System.Security.Cryptography;
using Harmony.Fleet.Adapters.Files.AgentState;
using Harmony.Fleet.Adapters.Nats.Bus;
using Harmony.Fleet.Adapters.Nats.Connection;
using Harmony.Fleet.Adapters.Nats.Credentials;
using Harmony.Fleet.Adapters.Podman;
using Harmony.Fleet.Agent.Identity;
using Harmony.Fleet.Agent.Manifests;
using Harmony.Fleet.Ports.Bus;
using Harmony.Fleet.Ports.Containers;
using Harmony.Fleet.Ports.State;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Harmony.Fleet.Agent.Hosting;

/// <summary>Puts the agent together and runs it until it is told to stop.</summary>
internal static class AgentHost
{
    private const int InstanceCharacters = 22;

    /// <summary>How long a stop may take before what still runs is cut off. Containers go on in any case.</summary>
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(10);

    /// <summary>Runs the agent; says what its process ends with.</summary>
    public static async Task<int> RunAsync(AgentOptions options, TextWriter errors)
    {
        var host = Prepare(options).Build();
        await using var disposing = (IAsyncDisposable)host;
        try
        {
            await host.StartAsync();
            await host.WaitForShutdownAsync(); // Not RunAsync, which disposes the host and with it what is asked below.
        }
        catch (AgentStartException cannot)
        {
            await errors.WriteLineAsync(cannot.Message);
            return ExitCodes.Failed;
        }

        var broke = host.Services.GetServices<IHostedService>().OfType<BackgroundService>().Any(service => service.ExecuteTask is { IsFaulted: true });
        return broke ? ExitCodes.Failed : ExitCodes.Done;
    }

    /// <summary>The agent on the real bus, podman, and files.</summary>
    public static HostApplicationBuilder Prepare(AgentOptions options)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { ApplicationName = "Harmony.Fleet.Agent" });
        AddLogging(builder.Logging);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = StopLimit);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<IBus>(services => Connect(options, services.GetRequiredService<ILogger<NatsBus>>()));
        builder.Services.AddSingleton<IContainerRuntime>(_ => new PodmanRuntime(Podman(options), TimeProvider.System));
        builder.Services.AddSingleton<IAgentStateStore>(services => new AgentStateFiles(options.StateDirectory, services.GetRequiredService<ILogger<AgentStateFiles>>()));
        var instance = RandomNumberGenerator.GetHexString(InstanceCharacters, lowercase: true);
        var identity = new AgentIdentity(options.Device, options.Keys, instance, AgentVersion.Text, TimeProvider.System);
        builder.Services.AddAgent(options, identity, new Random(RandomNumberGenerator.GetInt32(int.MaxValue)));
        return builder;
    }

    /// <summary>How podman is reached, and how long it may take.</summary>
    internal static PodmanOptions Podman(AgentOptions options) => new() { SocketPath = options.PodmanSocket, PullTimeout = options.PullTimeout };

    /// <summary>A connection that makes itself in the background, for ever: without a bus the device goes on as it is.</summary>
    private static NatsBus Connect(AgentOptions options, ILogger logger)
    {
        var nats = NatsOptions.For(options.NatsUrl) with
        {
            Name = $"agent {options.Device}",
            Login = new NatsLogin.NKey(NKeyPair.ParseSeed(options.NKeySeed)),
            CaFile = options.CaFile,
            InboxPrefix = $"_INBOX_{options.Device}",
        };
        var bus = new NatsBus(nats, TimeProvider.System, logger);
        bus.Start();
        return bus;
    }

    private static void AddLogging(ILoggingBuilder logging)
    {
        logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z' ";
            console.UseUtcTimestamp = true;
            console.ColorBehavior = LoggerColorBehavior.Disabled;
        });
        logging.SetMinimumLevel(LogLevel.Information);
        logging.AddFilter("Microsoft", LogLevel.Warning);
    }
}
