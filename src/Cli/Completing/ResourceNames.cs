using System.CommandLine.Completions;
using Harmony.Fleet.Cli.Hosting;
using Harmony.Fleet.Cli.Options;
using Harmony.Fleet.Cli.Server;
using Harmony.Fleet.Contracts.Resources;

namespace Harmony.Fleet.Cli.Completing;

/// <summary>Completes names of resources, buckets and keys by asking the operator, for a moment; nothing where it does not answer.</summary>
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

    /// <summary>Names of the bus's buckets.</summary>
    public IEnumerable<CompletionItem> Buckets(CompletionContext context) => WordsBefore(context).Length > 0
        ? []
        : Asked(context, async (client, token) => await client.BucketsAsync(token) is { IsOk: true, Value: var buckets } ? [.. buckets.Items.Select(bucket => bucket.Name)] : []);

    /// <summary>Keys of the bucket that the command line names.</summary>
    public IEnumerable<CompletionItem> Keys(CompletionContext context) => WordsBefore(context) is not [var bucket]
        ? []
        : Asked(context, async (client, token) => await client.KeysAsync(bucket, token) is { IsOk: true, Value: var keys } ? [.. keys.Items] : []);

    private IEnumerable<CompletionItem> Names<T>(CompletionContext context, ResourceType<T> type, Scope scope)
        where T : class, IResource =>
        Asked(context, async (client, token) => await client.ListAsync(type, scope, token) is { IsOk: true, Value: var listing } ? [.. listing.Items.Select(item => item.Resource.Metadata.Name)] : []);

    /// <summary>The command's arguments before the word that is being completed: the parser asks all of its arguments, whichever is meant.</summary>
    private static string[] WordsBefore(CompletionContext context)
    {
        string[] words = [.. context.ParseResult.CommandResult.Command.Arguments.SelectMany(argument => context.ParseResult.GetResult(argument)?.Tokens ?? []).Select(token => token.Value)];
        return context.WordToComplete.Length > 0 && words.Length > 0 ? words[..^1] : words;
    }

    private IEnumerable<CompletionItem> Asked(CompletionContext context, Func<FleetClient, CancellationToken, Task<string[]>> ask)
    {
        using var limit = new CancellationTokenSource(Limit, host.Time);
        try
        {
            // Completion has no asynchronous form, and nothing else runs in this process.
            return [.. AskAsync(context, ask, limit.Token).GetAwaiter().GetResult().Select(name => new CompletionItem(name))];
        }
        catch (OperationCanceledException)
        {
            return [];
        }
    }

    private async Task<string[]> AskAsync(CompletionContext context, Func<FleetClient, CancellationToken, Task<string[]>> ask, CancellationToken cancellationToken)
    {
        var client = await new ServerSession(host, global, cancellationToken).OpenAsync(context.ParseResult);
        if (!client.IsOk)
        {
            return [];
        }

        using var open = client.Value;
        return await ask(open, cancellationToken);
    }
}
