using System.Collections.Immutable;
using System.CommandLine;
using System.Text.Json;
using Harmony.Fleet.Cli.Hosting;
using Harmony.Fleet.Cli.Manifests;
using Harmony.Fleet.Cli.Options;
using Harmony.Fleet.Cli.Output;
using Harmony.Fleet.Cli.Server;
using Harmony.Fleet.Cli.Waiting;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Outcomes;

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
            return host.Fail(documents.Fault);
        }

        var manifests = new ManifestReader(request.Namespace).Read(documents.Value);
        if (!manifests.IsOk)
        {
            return host.Fail(manifests.Fault);
        }

        if (TooWide(request, manifests.Value) is { } fault)
        {
            return host.Fail(fault);
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
                : Fault.Invalid("-f and typed flags exclude each other", "put everything into the file, or leave out -f");
        }

        var built = DeploymentBuilder.Build(request.Flags ?? new DeploymentFlags { Namespace = NamespaceOptions.Default });
        return built.IsOk ? new List<SourceDocument> { built.Value } : built.Fault;
    }

    /// <summary>Everywhere is never meant by omission: it is said in the file, and again in the command.</summary>
    private static Fault? TooWide(ApplyRequest request, List<Manifest> manifests)
    {
        var wide = manifests.Find(manifest => manifest.IsForAllDevices);
        return (wide, request.AllDevices) switch
        {
            (not null, false) => Fault.Invalid($"{wide.Origin}: spec.targetSelector: {{}} means every device", "say --all-devices as well, or name labels"),
            (null, true) => Fault.Invalid("--all-devices is said, and no file has the selector {}", "leave it out, or write targetSelector: {}"),
            _ => null,
        };
    }

    private void Print(List<Manifest> manifests)
    {
        var elements = manifests.Select(manifest => JsonElement.Parse(manifest.Content.ToJsonString())).ToList();
        host.Console.Out.WriteLine(elements.Count == 1 ? JsonText.Pretty(elements[0]) : JsonText.PrettyList(elements));
    }

    private async Task<int> ApplyAsync(FleetClient client, List<Manifest> manifests, TimeSpan? wait, CancellationToken cancellationToken)
    {
        var applier = new Applier(host, client);
        var standing = new List<Manifest>();
        foreach (var manifest in manifests)
        {
            var applied = await applier.ApplyAsync(manifest, cancellationToken);
            if (!applied.IsOk)
            {
                return host.Fail(applied.Fault);
            }

            host.Console.Out.WriteLine($"{manifest.Title} {applied.Value.Verb.ToString().ToLowerInvariant()}");
            if (applied.Value.Verb == ApplyVerb.Released)
            {
                host.Console.Say($"{manifest.Title} is being deleted: only its finalizers were taken from {manifest.Origin}. Apply it again once it is gone, to have it anew.");
            }
            else
            {
                standing.Add(manifest);
            }
        }

        return wait is { } timeout ? await WaitAsync(client, standing, timeout, cancellationToken) : ExitCode.Done;
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
                return host.Fail(waited.Fault);
            }

            host.Console.Out.WriteLine($"{manifest.Title} converged");
        }

        return ExitCode.Done;
    }
}

/// <summary>What <c>fleet apply</c> was asked for.</summary>
internal sealed record ApplyRequest
{
    /// <summary><c>--file</c>.</summary>
    public ImmutableArray<string> Files { get; init; } = [];

    /// <summary>The typed flags; null where none is there.</summary>
    public DeploymentFlags? Flags { get; init; }

    /// <summary><c>--all-devices</c>.</summary>
    public bool AllDevices { get; init; }

    /// <summary>What <c>--namespace</c> says; null without it.</summary>
    public string? Namespace { get; init; }

    /// <summary>Whether to show instead of to send.</summary>
    public bool Print { get; init; }

    /// <summary>How long to wait for convergence; null for not at all.</summary>
    public TimeSpan? Wait { get; init; }
}
