using System.CommandLine;
using System.Text.Json;
using Harmony.Fleet.Cli.Manifests;
using Harmony.Fleet.Cli.Outcomes;
using Harmony.Fleet.Cli.Output;
using Harmony.Fleet.Cli.Server;
using Harmony.Fleet.Cli.Waiting;
using Harmony.Fleet.Contracts.Resources;

namespace Harmony.Fleet.Cli.Applying;

/// <summary>Carries out <c>fleet apply</c>. Everything is checked before anything is sent.</summary>
internal sealed class ApplyAction(CliHost host, ServerSession session)
{
    /// <summary>Applies, or prints.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(ApplyRequest request, ParseResult parsed, CancellationToken cancellationToken)
    {
        var documents = await DocumentsAsync(request, cancellationToken);
        if (!documents.IsOk)
        {
            return host.Fail(documents.Error);
        }

        var manifests = new ManifestReader(request.Namespace).Read(documents.Value);
        if (!manifests.IsOk)
        {
            return host.Fail(manifests.Error);
        }

        if (request.Print)
        {
            Print(manifests.Value);
            return ExitCode.Done;
        }

        return await session.RunAsync(parsed, client => ApplyAsync(client, manifests.Value, request.Wait, cancellationToken));
    }

    private async Task<Outcome<List<SourceDocument>>> DocumentsAsync(ApplyRequest request, CancellationToken cancellationToken)
    {
        if (!request.Files.IsEmpty)
        {
            return request.Flags is null
                ? await new SourceLoader(host).LoadAsync(request.Files, cancellationToken)
                : CliError.Usage("-f and typed flags exclude each other", "put everything into the file, or leave out -f");
        }

        var built = DeploymentBuilder.Build(request.Flags ?? new DeploymentFlags { Namespace = NamespaceOptions.Default });
        return built.IsOk ? new List<SourceDocument> { built.Value } : built.Error;
    }

    private void Print(List<Manifest> manifests)
    {
        var elements = manifests.Select(manifest => JsonElement.Parse(manifest.Content.ToJsonString())).ToList();
        host.Console.Out.WriteLine(elements.Count == 1 ? JsonText.Pretty(elements[0]) : JsonText.PrettyList(elements));
    }

    private async Task<int> ApplyAsync(FleetClient client, List<Manifest> manifests, TimeSpan? wait, CancellationToken cancellationToken)
    {
        var applier = new Applier(client);
        foreach (var manifest in manifests)
        {
            var applied = await applier.ApplyAsync(manifest, cancellationToken);
            if (!applied.IsOk)
            {
                return host.Fail(applied.Error);
            }

            host.Console.Out.WriteLine($"{manifest.Title} {applied.Value.Verb.ToString().ToLowerInvariant()}");
        }

        return wait is { } timeout ? await WaitAsync(client, manifests, timeout, cancellationToken) : ExitCode.Done;
    }

    private async Task<int> WaitAsync(FleetClient client, List<Manifest> manifests, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var wait = new DeploymentWait(host, client);
        foreach (var manifest in manifests.Where(manifest => manifest.Resource is Deployment))
        {
            var metadata = manifest.Resource.Metadata;
            var waited = await wait.RunAsync(metadata.Namespace!, metadata.Name, WaitGoal.Converged, timeout, cancellationToken);
            if (!waited.IsOk)
            {
                return host.Fail(waited.Error);
            }

            host.Console.Out.WriteLine($"{manifest.Title} converged");
        }

        return ExitCode.Done;
    }
}
