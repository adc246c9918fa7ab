using Harmony.Fleet.Contracts.Json;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Operator.Control.Loop;
using Harmony.Fleet.Operator.Options;
using Harmony.Fleet.Operator.Readiness;
using Harmony.Fleet.Operator.Recovery;
using Harmony.Fleet.Operator.Sessions;
using Harmony.Fleet.Ports.Bus;
using Harmony.Fleet.Ports.Resources;
using Microsoft.OpenApi;

namespace Harmony.Fleet.Operator.Api;

/// <summary>The operator's HTTP API.</summary>
internal static class OperatorApi
{
    /// <summary>Adds what the API needs.</summary>
    public static void AddServices(IServiceCollection services)
    {
        services.AddSingleton<RefusalTally>();
        services.AddSingleton<RefusalPace>();
        services.AddSingleton<ConnectionGate>();
        services.AddSingleton(_ => ListGate.OfThisMachine());
        services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.TypeInfoResolverChain.Insert(0, ResourceJson.Default);
            json.SerializerOptions.TypeInfoResolverChain.Insert(1, ApiJson.Default);
        });
        services.AddOpenApi("v1", openApi => openApi.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo { Title = "Harmony Fleet operator", Version = "v1", Description = "Deployments and devices of a fleet." };
            return Task.CompletedTask;
        }));
    }

    /// <summary>Adds the paths, behind the token.</summary>
    public static void Map(WebApplication app)
    {
        var services = app.Services;
        var (store, bus, options) = (
            services.GetRequiredService<IResourceStore>(), services.GetRequiredService<IBus>(), services.GetRequiredService<OperatorOptions>());
        app.UseMiddleware<SpareConnectionGuard>();
        app.UseMiddleware<RequestLog>();
        app.UseMiddleware<StatusPages>();
        app.UseMiddleware<TokenGuard>();
        app.UseRouting();
        app.UseMiddleware<ConditionGuard>();
        app.UseMiddleware<QueryGuard>();
        var view = services.GetService<EngineView>() ?? new EngineView();
        HealthEndpoints.Map(app, services.GetServices<IReadinessCheck>(), view);
        new StatusEndpoint(view).Map(app);
        var lists = services.GetRequiredService<ListGate>();
        new ResourceEndpoints<Deployment>(ResourceTypes.Deployments, store, new DeploymentRules(), lists).MapNamespaced(app);
        new ResourceEndpoints<Device>(ResourceTypes.Devices, store, new DeviceRules(), lists).MapClusterScoped(app);
        new DesiredEndpoint(bus, store, options).Map(app);
        new BucketEndpoints(bus).Map(app);
        new CommandEndpoints(services.GetRequiredService<IDeviceCommands>(), store, services.GetRequiredService<TimeProvider>()).Map(app);
        var lost = new LostIntent(bus, store, options, view);
        new RecoveryEndpoints(lost, new Adoption(bus, store, options, services.GetRequiredService<TimeProvider>()), store, services.GetService<IStoreHistory>()).Map(app);
        new BackupEndpoint(services.GetService<IStoreBackup>(), options).Map(app);
        app.MapOpenApi("/openapi/{documentName}.json");
    }
}
