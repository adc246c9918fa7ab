using System.Collections.Immutable;
using Harmony.Fleet.Agent.Options;
using Harmony.Fleet.Hosting.Options;
using Harmony.Fleet.Hosting.SelfTests;
using Harmony.Fleet.Hosting.Services;

namespace Harmony.Fleet.Agent.Hosting;

/// <summary>The agent as a program.</summary>
internal sealed class AgentService : IService<AgentOptions>
{
    /// <inheritdoc/>
    public string Name => "fleet-agent";

    /// <inheritdoc/>
    public string Purpose => """
        Runs on a device: makes the containers stand that the control plane wants there, and reports on them.
        Stopping it stops no container.
        """;

    /// <inheritdoc/>
    public string DefaultConfig => "/etc/harmony-fleet/agent.json";

    /// <inheritdoc/>
    public OptionsOutcome<AgentOptions> Load(string file) => AgentOptionsReader.Read(file);

    /// <inheritdoc/>
    public ImmutableArray<SelfTestStep> SelfTest(AgentOptions? options) => AgentSelfTest.Steps(options);

    /// <inheritdoc/>
    public async Task<int> RunAsync(AgentOptions options, CancellationToken stop)
    {
        var host = AgentHost.Prepare(options).Build();
        await using var disposing = (IAsyncDisposable)host;
        return await ServiceHost.RunAsync(host, stop);
    }
}
