using System.Text.Json;
using Harmony.Fleet.Cli.Hosting;
using Harmony.Fleet.Cli.Output;
using Harmony.Fleet.Cli.Server;
using Harmony.Fleet.Contracts.Api;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Json;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Contracts.Texts;

namespace Harmony.Fleet.Cli.Buckets;

/// <summary>Shows what the bus holds.</summary>
internal sealed class BucketReader(CliHost host, FleetClient client)
{
    /// <summary>Shows the buckets.</summary>
    public async Task<int> ListAsync(OutputFormat format, CancellationToken cancellationToken)
    {
        var buckets = await client.BucketsAsync(cancellationToken);
        if (!buckets.IsOk)
        {
            return host.Fail(buckets.Fault);
        }

        if (format == OutputFormat.Json)
        {
            WriteJson(JsonSerializer.SerializeToElement(buckets.Value, ContractsJson.Api.BucketList));
            return ExitCode.Done;
        }

        var table = new Table(["BUCKET", new("KEYS") { IsNumber = true }]);
        var rows = buckets.Value.Items.Select(bucket => new Cell[] { bucket.Name, $"{bucket.Keys}" }).ToList();
        rows.ForEach(table.Fit);
        host.Console.Out.WriteLine(table.Header(host.Console));
        rows.ForEach(row => host.Console.Out.WriteLine(table.Line(row, host.Console)));
        return ExitCode.Done;
    }

    /// <summary>Shows the keys of a bucket, one a line.</summary>
    public async Task<int> KeysAsync(string bucket, OutputFormat format, CancellationToken cancellationToken)
    {
        var keys = await client.KeysAsync(bucket, cancellationToken);
        if (!keys.IsOk)
        {
            return host.Fail(keys.Fault);
        }

        if (format == OutputFormat.Json)
        {
            WriteJson(JsonSerializer.SerializeToElement(keys.Value, ContractsJson.Api.BucketKeys));
            return ExitCode.Done;
        }

        foreach (var key in keys.Value.Items.Order(NaturalOrder.Names))
        {
            host.Console.Out.WriteLine(Printable.Line(key));
        }

        return ExitCode.Done;
    }

    /// <summary>Shows a value: JSON indented, other bytes as base64; what is known of it goes to stderr.</summary>
    public async Task<int> GetAsync(string bucket, string key, bool reveal, OutputFormat format, CancellationToken cancellationToken)
    {
        var read = await client.ValueAsync(bucket, key, reveal, cancellationToken);
        if (!read.IsOk)
        {
            return host.Fail(read.Fault);
        }

        var value = read.Value;
        if (format == OutputFormat.Json)
        {
            WriteJson(JsonSerializer.SerializeToElement(value, ContractsJson.Api.BucketValue));
            return ExitCode.Done;
        }

        host.Console.Say(About(value) + (bucket == BucketNames.DesiredState && !reveal ? ", keys hidden (--reveal shows them)" : string.Empty));
        if (value.Value is { } json)
        {
            WriteJson(json);
        }
        else
        {
            host.Console.Out.WriteLine(Convert.ToBase64String(value.Base64 ?? []));
        }

        return ExitCode.Done;
    }

    private string About(BucketValue value) =>
        $"{value.Key}: revision {value.Revision}, stored {Age.Of(value.Created, host.Time.GetUtcNow())} ago, {(value.Mac is null ? "without" : "with")} a MAC"
        + (value.Value is null ? $", {Bytes(value)} as base64" : string.Empty);

    private void WriteJson(JsonElement element) => host.Console.Out.WriteLine(JsonText.Pretty(element));

    /// <summary>How much it is, in words.</summary>
    public static string Bytes(BucketValue value) => value.Base64 is { Length: 1 } ? "1 byte" : $"{value.Base64?.Length ?? 0} bytes";
}
