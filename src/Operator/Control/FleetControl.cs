using System.Security.Cryptography;
using Harmony.Fleet.Core.Desired;
using Harmony.Fleet.Core.Trust;
using Harmony.Fleet.Hosting.Services;
using Harmony.Fleet.Operator.Control.Buckets;
using Harmony.Fleet.Operator.Control.Deployments;
using Harmony.Fleet.Operator.Control.Desired;
using Harmony.Fleet.Operator.Control.Devices;
using Harmony.Fleet.Operator.Control.Feeds;
using Harmony.Fleet.Operator.Control.Keys;
using Harmony.Fleet.Operator.Control.Loop;
using Harmony.Fleet.Operator.Control.Reports;
using Harmony.Fleet.Operator.Control.Work;
using Harmony.Fleet.Operator.Hosting;
using Harmony.Fleet.Operator.Sessions;

namespace Harmony.Fleet.Operator.Control;

/// <summary>Puts the control loop together.</summary>
internal static class FleetControl
{
    /// <summary>Adds the control loop. The caller adds a resource store, a source of terms, a bus with its administration, and a clock.</summary>
    public static IServiceCollection AddFleetControl(this IServiceCollection services, MasterKey masterKey, int keyEpoch, ControlOptions? options = null)
    {
        services.AddLoopLiveness().AddSingleton(options ?? new ControlOptions());
        services.AddSingleton(new DeviceKeyRing(masterKey, keyEpoch));
        services.AddSingleton(new LoopRandom(RandomNumberGenerator.GetInt32(int.MaxValue)));
        services.AddSingleton<DeviceDirectory>();
        services.AddSingleton<IDeviceDirectory>(provider => provider.GetRequiredService<DeviceDirectory>());
        services.AddSingleton<IReadinessCheck, ControlCheck>();
        services.AddSingleton<FleetModel>().AddSingleton<FrozenEntries>().AddSingleton<EffectRunners>().AddSingleton<LoopContext>().AddSingleton<LogGate>().AddSingleton<AnswerCount>();
        services.AddSingleton<BucketKeeper>().AddSingleton<BucketGate>();
        services.AddSingleton<ScoreWriter>().AddSingleton<ScoreBook>().AddSingleton<ScoreSweep>().AddSingleton<SweepTimer>();
        services.AddSingleton<ManifestWriter>().AddSingleton<ManifestLog>().AddSingleton<ManifestBook>();
        services.AddSingleton<DeploymentWriter>().AddSingleton<DeploymentBook>();
        services.AddSingleton<DeviceContacts>().AddSingleton<DeviceResources>().AddSingleton<DeviceBook>();
        services.AddSingleton<MessageReader>().AddSingleton<MessageDesk>();
        services.AddSingleton<FeedStarter>().AddSingleton<ControlState>();
        services.AddHostedService<ControlLoop>();
        return services;
    }
}
