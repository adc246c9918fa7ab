using Harmony.Fleet.Agent.Commands;
using Harmony.Fleet.Agent.Health;
using Harmony.Fleet.Agent.Identity;
using Harmony.Fleet.Agent.Manifests;
using Harmony.Fleet.Agent.Options;
using Harmony.Fleet.Agent.Reconciling;
using Harmony.Fleet.Agent.Reporting;
using Harmony.Fleet.Agent.Scores;
using Harmony.Fleet.Agent.Timing;
using Harmony.Fleet.Hosting.Services;
using Microsoft.Extensions.DependencyInjection;

namespace Harmony.Fleet.Agent.Hosting;

/// <summary>The agent's parts. What they stand on (bus, runtime, state, clock) is registered by whoever runs them.</summary>
internal static class AgentParts
{
    /// <summary>Registers the parts. Hosted ones start in this order: the held manifest is there before anything compares with it.</summary>
    public static IServiceCollection AddAgent(this IServiceCollection services, AgentOptions options, AgentIdentity identity, Random random)
    {
        services.AddLoopLiveness().AddSingleton(options).AddSingleton(identity).AddSingleton(new Jitter(random));
        services.AddSingleton<AgentSignals>().AddSingleton<BusPace>().AddSingleton<CommandNonce>().AddSingleton<DeviceHealth>();
        services.AddSingleton<ManifestStore>().AddSingleton<ScoreCache>().AddSingleton<DeploymentStatuses>();
        services.AddSingleton<DesiredSource>().AddSingleton<EffectRunner>().AddSingleton<Workers>().AddSingleton<Dispatcher>();
        services.AddSingleton(provider => new RetrySchedule(options.BackOff, provider.GetRequiredService<Jitter>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<DocumentCounter>().AddSingleton<SignedBucket>().AddSingleton<DeviceFacts>().AddSingleton(new InventoryReader("/"));
        services.AddSingleton<StateDocument>().AddSingleton<InfoDocument>();
        services.AddHostedService<HeldManifestLoader>();
        services.AddHostedService<Reconciler>();
        services.AddHostedService<RuntimeWatcher>();
        services.AddHostedService<ManifestListener>();
        services.AddHostedService<ScoreFetcher>();
        services.AddHostedService<DocumentReporter<StateDocument>>();
        services.AddHostedService<DocumentReporter<InfoDocument>>();
        services.AddHostedService<HeartbeatReporter>();
        services.AddCommands();
        return services.AddHostedService<LinkWatcher>();
    }
}
