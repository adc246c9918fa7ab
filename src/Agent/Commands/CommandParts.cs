using Microsoft.Extensions.DependencyInjection;

namespace Harmony.Fleet.Agent.Commands;

/// <summary>What answers commands.</summary>
internal static class CommandParts
{
    /// <summary>Registers the server and its verbs, over the bus, the runtime, the identity and the nonce that are there.</summary>
    public static IServiceCollection AddCommands(this IServiceCollection services)
    {
        services.AddSingleton<CommandVerifier>().AddSingleton<FrameSender>();
        services.AddSingleton<ICommandHandler, PingHandler>().AddSingleton<ICommandHandler, LogsHandler>();
        return services.AddHostedService<CommandServer>();
    }
}
