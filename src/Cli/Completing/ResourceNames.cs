using System.CommandLine.Completions;
using Harmony.Fleet.Cli.Hosting;
using Harmony.Fleet.Cli.Options;
using Harmony.Fleet.Cli.Server;
using Harmony.Fleet.Contracts.Resources;

namespace Harmony.Fleet.Cli.Completing;

/// <summary>Completes names of resources by asking the operator, for a moment; nothing where it does not answer.</summary>
internal sealed class ResourceNames(CliHost host, GlobalOptions global)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);

    /// <summary>Names of deployments, in the namespace that the command line names.</summary>
    public IEnumerable<CompletionItem> Deployments(CompletionContext context)
    {
        var space = context.ParseResult.CommandResult.Command.Options.FirstOrDefault(option => option.Name == "--namespace");
        var named = space is not null && context.ParseResult.GetResult(space) is { Implicit: false, Tokens: [var token, ..] } ? token.Value : NamespaceOptions.Default;
        return Names(context, ResourceTypes.Deployments, new Scope(named));
    }

    /// <summary>Names of devices.</summary>
    public IEnumerable<CompletionItem> Devices(CompletionContext context) => Names(context, ResourceTypes.Devices, new Scope(null));

    private IEnumerable<CompletionItem> Names<T>(CompletionContext context, ResourceType<T> type, Scope scope)
        where T : class, IResource
    {
        // Completion has no asynchronous form, and nothing else runs in this process.
        var client = new ServerSession(host, global, CancellationToken.None).OpenAsync(context.ParseResult).GetAwaiter().GetResult();
        if (!client.IsOk)
        {
            return [];
        }

        using var open = client.Value;
        using var limit = new CancellationTokenSource(Limit, host.Time);
        try
        {
            var listing = open.ListAsync(type, scope, limit.Token).GetAwaiter().GetResult();
            return listing.IsOk ? [.. listing.Value.Items.Select(item => new CompletionItem(item.Resource.Metadata.Name))] : [];
        }
        catch (OperationCanceledException)
        {
            return [];
        }
    }
}
