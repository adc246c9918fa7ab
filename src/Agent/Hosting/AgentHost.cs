using System.Security.Cryptography;
using Harmony.Fleet.Adapters.Files.AgentState;
using Harmony.Fleet.Adapters.Nats.Bus;
using Harmony.Fleet.Adapters.Nats.Connection;
using Harmony.Fleet.Adapters.Nats.Credentials;
using Harmony.Fleet.Adapters.Podman;
using Harmony.Fleet.Adapters.Podman.Http;
using Harmony.Fleet.Agent.Identity;
using Harmony.Fleet.Agent.Options;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Hosting.Services;
using Harmony.Fleet.Ports.Bus;
using Harmony.Fleet.Ports.Containers;
using Harmony.Fleet.Ports.State;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Harmony.Fleet.Agent.Hosting;

/// <summary>Puts the agent together.</summary>
internal static class AgentHost
{
    private const int InstanceCharacters = 22;

    /// <summary>Documents have 64 KiB at the most, commands less: a broker that sends more shall not fill a small machine's memory.</summary>
    private const int MaxMessageBytes = 4 * WireLimits.MaxDocumentBytes;
    private const int SubscriptionBytes = 4 * MaxMessageBytes;

    /// <summary>
    /// When a server is lost all of its agents lose it at the same moment, and each login takes it some processor: at the first try as at each later one they
    /// come spread over nearly this time. A small fleet waits as long, since an agent does not know how many there are; and no longer, however long it was away.
    /// </summary>
    private static readonly TimeSpan ReconnectWindow = TimeSpan.FromSeconds(6);

    /// <summary>What a server has too much to do for comes spread over twice the time at each try, up to this.</summary>
    private static readonly TimeSpan BusyWindow = TimeSpan.FromMinutes(1);

    /// <summary>What the server does late it has done all the same: who gives up sooner and asks again makes it do everything twice, just when it has the most to do.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <summary>The agent on the real bus, podman, and files.</summary>
    public static HostApplicationBuilder Prepare(AgentOptions options)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { ApplicationName = "Harmony.Fleet.Agent" });
        builder.Services.AddService();
        builder.Services.AddSingleton<IBus>(services => Connect(options, services.GetRequiredService<ILogger<NatsBus>>()));
        builder.Services.AddSingleton<IContainerRuntime>(_ => new PodmanRuntime(Podman(options), TimeProvider.System));
        builder.Services.AddSingleton<IAgentStateStore>(services => new AgentStateFiles(options.StateDirectory, services.GetRequiredService<ILogger<AgentStateFiles>>()));
        var instance = RandomNumberGenerator.GetHexString(InstanceCharacters, lowercase: true);
        var identity = new AgentIdentity(options.Device, options.Keys, instance, ServiceVersion.Text, TimeProvider.System);
        builder.Services.AddAgent(options, identity, new Random(RandomNumberGenerator.GetInt32(int.MaxValue)));
        return builder;
    }

    /// <summary>How podman is reached, and how long it may take.</summary>
    internal static PodmanOptions Podman(AgentOptions options) => new() { SocketPath = options.PodmanSocket, PullTimeout = options.PullTimeout };

    /// <summary>How NATS is reached.</summary>
    internal static NatsOptions Nats(AgentOptions options) => new()
    {
        Servers = options.Nats.Servers,
        StartsAnywhere = true,
        Name = $"agent {options.Device}",
        Login = new NatsLogin.NKey(NKeyPair.ParseSeed(options.Nats.Seed)),
        CaFile = options.Nats.CaFile,
        InboxPrefix = $"_INBOX_{options.Device}",
        MaxMessageBytes = MaxMessageBytes,
        SubscriptionBytes = SubscriptionBytes,
        ReconnectMin = ReconnectWindow,
        ReconnectCap = ReconnectWindow,
        BusyCap = BusyWindow,
        ConnectTimeout = Patience,
        JetStream = new() { RequestTimeout = Patience },
    };

    /// <summary>A connection that makes itself in the background, for ever: without a bus the device goes on as it is.</summary>
    private static NatsBus Connect(AgentOptions options, ILogger logger)
    {
        var bus = new NatsBus(Nats(options), TimeProvider.System, logger);
        bus.Start();
        return bus;
    }
}
