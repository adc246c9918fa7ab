using System.CommandLine;
using Harmony.Fleet.Cli.Buckets;
using Harmony.Fleet.Cli.Completing;
using Harmony.Fleet.Cli.Help;
using Harmony.Fleet.Cli.Hosting;
using Harmony.Fleet.Cli.Options;
using Harmony.Fleet.Cli.Output;

namespace Harmony.Fleet.Cli.Commands;

/// <summary><c>fleet kv ls|get|watch</c>.</summary>
internal static class KvCommand
{
    /// <summary>The command.</summary>
    public static Command Create(CliHost host, GlobalOptions global)
    {
        var command = new CliCommand("kv", "Look at the bus: its buckets, their keys and values.", "kv ls", "kv get device-state pi-1", "kv watch device-state");
        command.Subcommands.Add(List(host, global));
        command.Subcommands.Add(Get(host, global));
        command.Subcommands.Add(Watch(host, global));
        return command;
    }

    // Without a name for help, help would ask for the candidates.
    private static Argument<string> Bucket(ResourceNames names) => new("BUCKET") { HelpName = "BUCKET", CompletionSources = { names.Buckets }, Description = "The bucket's name." };

    private static Option<bool> Reveal() => new("--reveal") { Description = "Show the keys of scores in manifests, which are hidden else." };

    private static CliCommand List(CliHost host, GlobalOptions global)
    {
        var bucket = new Argument<string?>("BUCKET") { HelpName = "BUCKET", CompletionSources = { new ResourceNames(host, global).Buckets }, Description = "A bucket, to list its keys; the buckets without it.", Arity = ArgumentArity.ZeroOrOne };
        var output = OutputOption.Create(OutputFormat.Table, OutputFormat.Json);
        var command = new CliCommand("ls", "List the buckets, or the keys of one.", "kv ls", "kv ls device-info") { bucket, output };
        command.SetAction((parsed, cancellationToken) => new ServerSession(host, global, cancellationToken).RunAsync(parsed, client => parsed.GetValue(bucket) is { } name
            ? new BucketReader(host, client).KeysAsync(name, parsed.GetValue(output), cancellationToken)
            : new BucketReader(host, client).ListAsync(parsed.GetValue(output), cancellationToken)));
        return command;
    }

    private static CliCommand Get(CliHost host, GlobalOptions global)
    {
        var names = new ResourceNames(host, global);
        var bucket = Bucket(names);
        var key = new Argument<string>("KEY") { HelpName = "KEY", CompletionSources = { names.Keys }, Description = "The key." };
        var output = OutputOption.Create(OutputFormat.Table, OutputFormat.Json);
        var reveal = Reveal();
        output.Description = "table: the value alone. json: with its revision, time and MAC. Default: table.";
        var command = new CliCommand("get", "Show a value.", "kv get device-info pi-1", "kv get desired-state pi-1 -o json") { bucket, key, reveal, output };
        command.SetAction((parsed, cancellationToken) => new ServerSession(host, global, cancellationToken).RunAsync(parsed, client =>
            new BucketReader(host, client).GetAsync(parsed.GetValue(bucket)!, parsed.GetValue(key)!, parsed.GetValue(reveal), parsed.GetValue(output), cancellationToken)));
        return command;
    }

    private static CliCommand Watch(CliHost host, GlobalOptions global)
    {
        var bucket = Bucket(new ResourceNames(host, global));
        var reveal = Reveal();
        var output = OutputOption.Create(OutputFormat.Table, OutputFormat.Json);
        var command = new CliCommand("watch", "Show the values of a bucket, then each change, until Ctrl-C.", "kv watch device-state", "kv watch device-heartbeat -o json") { bucket, reveal, output };
        command.SetAction((parsed, cancellationToken) => new ServerSession(host, global, cancellationToken).RunAsync(parsed, client =>
            host.FollowAsync(
                stop => new BucketWatcher(host, client, new Random(Environment.ProcessId)).RunAsync(parsed.GetValue(bucket)!, parsed.GetValue(reveal), parsed.GetValue(output), stop),
                cancellationToken)));
        return command;
    }
}
