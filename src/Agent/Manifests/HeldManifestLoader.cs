using Microsoft.Extensions.Hosting;

namespace Harmony.Fleet.Agent.Manifests;

/// <summary>Takes up the held manifest before anything else starts.</summary>
internal sealed class HeldManifestLoader(ManifestStore manifests) : IHostedService
{
    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => manifests.LoadAsync(cancellationToken);

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
