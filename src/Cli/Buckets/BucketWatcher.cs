using System.Text.Json;
using Harmony.Fleet.Cli.Hosting;
using Harmony.Fleet.Cli.Output;
using Harmony.Fleet.Cli.Server;
using Harmony.Fleet.Contracts.Api;
using Harmony.Fleet.Contracts.Json;
using Harmony.Fleet.Contracts.Texts;
using Harmony.Fleet.Core.Outcomes;
using Harmony.Fleet.Core.Retries;

namespace Harmony.Fleet.Cli.Buckets;

/// <summary>Shows the values of a bucket, and then each change, until Ctrl-C. After a lost connection it shows what changed meanwhile.</summary>
internal sealed class BucketWatcher(CliHost host, FleetClient client, Random random)
{
    private static readonly BackOff Waits = new(TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(5));

    private readonly Dictionary<string, ulong> seen = new(StringComparer.Ordinal);

    /// <summary>Watches <paramref name="bucket"/>, its keys of scores shown with <paramref name="reveal"/>.</summary>
    /// <returns>The exit code, when the watch cannot go on.</returns>
    public async Task<int> RunAsync(string bucket, bool reveal, OutputFormat format, CancellationToken cancellationToken)
    {
        var hasBegun = false;
        var loss = new LossTeller(host.Console, client.Server);
        for (var failures = 0; ;)
        {
            var opened = await client.WatchBucketAsync(bucket, reveal, cancellationToken);
            if (!opened.IsOk && (!hasBegun || opened.Fault.Kind != FaultKind.Unreachable))
            {
                return host.Fail(opened.Fault);
            }

            loss.Tell(opened.Fault);
            var error = opened.IsOk ? await CopyAsync(opened.Value, format, cancellationToken) : opened.Fault;
            failures = opened.IsOk ? 1 : failures + 1;
            hasBegun = true;
            if (error is not null)
            {
                loss.Tell(error);
            }

            await Task.Delay(Waits.After(failures, random.NextDouble()), host.Time, cancellationToken);
        }
    }

    private async Task<Fault?> CopyAsync(LineStream opened, OutputFormat format, CancellationToken cancellationToken)
    {
        await using var lines = opened;
        while (true)
        {
            var line = await lines.NextAsync(cancellationToken);
            if (!line.IsOk || line.Value is null)
            {
                return line.Fault;
            }

            var value = client.Parse(ContractsJson.Api.BucketValue, line.Value);
            if (!value.IsOk)
            {
                return value.Fault;
            }

            // All values come again after a connection was lost; a bucket that was made anew counts from 1 again.
            if (!seen.TryGetValue(value.Value.Key, out var revision) || revision != value.Value.Revision)
            {
                seen[value.Value.Key] = value.Value.Revision;
                host.Console.Out.WriteLine(format == OutputFormat.Json ? JsonText.Line(JsonElement.Parse(line.Value)) : Line(value.Value));
            }
        }
    }

    private string Line(BucketValue value)
    {
        var what = value switch
        {
            { Deleted: true } => host.Console.Paint("deleted", Color.Red),
            { Value: { } json } => Printable.Line(JsonText.Line(json)),
            _ => BucketReader.Bytes(value),
        };
        return $"{value.Created.UtcDateTime:HH:mm:ss.fff} {value.Revision} {host.Console.Paint(Printable.Line(value.Key), Color.Cyan)} {what}";
    }
}
