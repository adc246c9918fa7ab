using System.Collections.Immutable;
using Harmony.Fleet.Cli.Hosting;
using Harmony.Fleet.Cli.Output;
using Harmony.Fleet.Cli.Server;
using Harmony.Fleet.Contracts.Resources;

namespace Harmony.Fleet.Cli.Getting;

/// <summary>Shows resources once.</summary>
internal sealed class ResourceGetter<T>(CliHost host, FleetClient client, ResourceKind<T> kind)
    where T : class, IResource
{
    /// <summary>Shows what <paramref name="request"/> asks for.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(GetRequest request, CancellationToken cancellationToken) =>
        request.Name is { } name ? await OneAsync(request, name, cancellationToken) : await AllAsync(request, cancellationToken);

    private async Task<int> OneAsync(GetRequest request, string name, CancellationToken cancellationToken)
    {
        var fetched = await client.GetAsync(kind.Type, request.Scope.Namespace, name, cancellationToken);
        if (!fetched.IsOk)
        {
            return host.Fail(fetched.Fault);
        }

        switch (request.Format)
        {
            case OutputFormat.Json:
                host.Console.Out.WriteLine(JsonText.Pretty(fetched.Value.Raw));
                break;
            case OutputFormat.Yaml:
                host.Console.Out.Write(YamlText.Of(fetched.Value.Raw));
                break;
            default:
                await WriteTableAsync(request, [fetched.Value], cancellationToken);
                break;
        }

        return ExitCode.Done;
    }

    private async Task<int> AllAsync(GetRequest request, CancellationToken cancellationToken)
    {
        var listing = await client.ListAsync(kind.Type, request.Scope, cancellationToken);
        if (!listing.IsOk)
        {
            return host.Fail(listing.Fault);
        }

        var items = listing.Value.Items;
        switch (request.Format)
        {
            case OutputFormat.Json:
                host.Console.Out.WriteLine(JsonText.PrettyList(items.Select(item => item.Raw)));
                break;
            case OutputFormat.Yaml:
                host.Console.Out.Write(YamlText.OfList(items.Select(item => item.Raw)));
                break;
            default:
                await WriteTableAsync(request, items, cancellationToken);
                break;
        }

        return ExitCode.Done;
    }

    private async Task WriteTableAsync(GetRequest request, ImmutableArray<Fetched<T>> items, CancellationToken cancellationToken)
    {
        if (items.IsEmpty)
        {
            host.Console.Say(NothingFound(kind, request));
            return;
        }

        var heartbeats = kind.IsAlive ? await new HeartbeatReader(client, host.Time).ReadAsync(request.Name, cancellationToken) : HeartbeatReader.None;
        var facts = new TableFacts(host.Time.GetUtcNow(), heartbeats);
        var room = request.Format == OutputFormat.Table && host.Console.IsOutTerminal ? host.Console.OutSize().Columns : 0;
        var lines = new ResourceTable<T>(kind, request, host.Console).Lines(items.Select(item => item.Resource), facts, room);
        host.Console.Out.WriteLine(string.Join('\n', lines));
    }

    /// <summary>What is said of an empty list.</summary>
    public static string NothingFound(ResourceKind<T> kind, GetRequest request) =>
        $"No {kind.Type.Plural}"
        + (kind.Type.Namespaced && request.Scope.Namespace is { } space ? $" in the namespace {space}" : string.Empty)
        + (request.Scope.Selector is { } selector ? $" with the labels {selector}" : string.Empty) + ".";
}
