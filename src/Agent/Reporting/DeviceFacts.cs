using System.Collections.Immutable;
using Harmony.Fleet.Agent.Health;
using Harmony.Fleet.Agent.Timing;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Ports.Containers;

namespace Harmony.Fleet.Agent.Reporting;

/// <summary>What can be told of the device. For one reader.</summary>
internal sealed class DeviceFacts(InventoryReader inventory, IContainerRuntime runtime, DeviceHealth health, AgentSignals signals, TimeProvider time)
{
    /// <summary>How long podman is waited for: the nonce that commands need travels with what is asked here.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private Task asking = Task.CompletedTask;
    private volatile RuntimeInfo? podman;

    /// <summary>What is not well on it.</summary>
    public ImmutableArray<string> HealthFlags => health.Names;

    /// <summary>What it is made of. Of podman it tells what is known already while that is slow, and nothing when that is away.</summary>
    public async Task<Inventory> InventoryAsync(CancellationToken cancellationToken)
    {
        var before = podman;
        if (asking.IsCompleted)
        {
            asking = AskAsync(cancellationToken);
        }

        try
        {
            await asking.WaitAsync(Patience, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            _ = SignalAfterAsync(asking, before);
        }

        var known = podman;
        return inventory.Read(known?.StorageRoot ?? "/") with { PodmanVersion = known?.Version ?? string.Empty };
    }

    private async Task AskAsync(CancellationToken cancellationToken)
    {
        var answer = await runtime.InfoAsync(cancellationToken);
        podman = answer.IsOk ? answer.Value : null;
    }

    /// <summary>What came too late is told with another info, if it is news.</summary>
    private async Task SignalAfterAsync(Task late, RuntimeInfo? told)
    {
        await late;
        if (podman != told)
        {
            signals.Info.Set();
        }
    }
}
