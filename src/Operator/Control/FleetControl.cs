using System.Security.Cryptography;
using Harmony.Fleet.Core.Engine;
using Harmony.Fleet.Core.Trust;
using Harmony.Fleet.Hosting.Services;
using Harmony.Fleet.Operator.Control.Executors;
using Harmony.Fleet.Operator.Control.Informers;
using Harmony.Fleet.Operator.Documents;
using Harmony.Fleet.Operator.Keys;
using Harmony.Fleet.Operator.Control.Loop;
using Harmony.Fleet.Operator.Readiness;
using Harmony.Fleet.Operator.Telemetry;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Harmony.Fleet.Operator.Control;

/// <summary>Puts the control loop together.</summary>
internal static class FleetControl
{
    /// <summary>Adds the control loop. The caller adds a resource store, a source of terms, a bus with its administration, and a clock.</summary>
    /// <param name="services">What it is added to.</param>
    /// <param name="masterKey">Of which the devices' keys are made.</param>
    /// <param name="keyEpoch">The epoch of those.</param>
    /// <param name="options">How it decides; null for how it does.</param>
    /// <param name="bucketReplicas">How many servers hold each bucket; null for one, whatever an administrator made of it.</param>
    public static IServiceCollection AddFleetControl(
        this IServiceCollection services, MasterKey masterKey, int keyEpoch, ControlOptions? options = null, int? bucketReplicas = null)
    {
        var chosen = options ?? new ControlOptions();
        var random = new RandomSource(RandomNumberGenerator.GetInt32(int.MaxValue));
        services.AddMetrics().TryAddSingleton<FleetMeter>();
        services.AddLoopLiveness().AddSingleton(chosen).AddSingleton(random);
        services.AddSingleton(new DeviceKeyRing(masterKey, keyEpoch)).AddSingleton<DeviceDirectory>().AddSingleton<DeviceContacts>();
        services.AddSingleton<IDeviceDirectory>(provider => provider.GetRequiredService<DeviceDirectory>());
        services.AddSingleton<LogGate>().AddSingleton<TextCache>().AddSingleton<FailureLog>().AddSingleton(new BucketPlan(bucketReplicas)).AddSingleton<BucketVerifier>();
        services.AddSingleton<ScoreWriter>().AddSingleton<StoreExecutor>();
        services.AddSingleton<EngineView>().AddSingleton<IReadinessCheck, ControlCheck>().AddSingleton<IReadinessCheck, IntentCheck>();
        services.AddSingleton<InformerCheck>().AddSingleton<IReadinessCheck>(provider => provider.GetRequiredService<InformerCheck>());
        services.AddSingleton<ManifestLog>().AddSingleton<DeviceLog>().AddSingleton<NoticeLog>().AddSingleton<TurnMeter>();

        // One engine knows what its own manifests name, and the next one does not.
        services.AddScoped<OwnManifests>().AddScoped<StoredManifestReader>().AddScoped<DocumentReader>().AddScoped<ManifestWriter>().AddScoped<BusExecutor>();
        services.AddScoped(_ => new FleetEngine(chosen, masterKey, random.Next())).AddScoped<FleetInformers>().AddScoped<EffectExecutor>().AddScoped<ControlRun>();
        services.AddHostedService<ControlLoop>().AddSingleton<MarkerSweeper>().AddHostedService(provider => provider.GetRequiredService<MarkerSweeper>());
        return services;
    }
}
