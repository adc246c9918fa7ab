using System.CommandLine;
using Harmony.Fleet.Cli.Hosting;
using Harmony.Fleet.Cli.Local;
using Harmony.Fleet.Cli.Options;
using Harmony.Fleet.Cli.Parsing;
using Harmony.Fleet.Core.Outcomes;
using Harmony.Fleet.Deploy.NatsServers;
using Harmony.Fleet.Deploy.Scores;
using Harmony.Fleet.Deploy.Stacks;

namespace Harmony.Fleet.Cli.Commands;

/// <summary>The options of commands that put a fleet in place.</summary>
internal sealed class UpOptions
{
    private readonly Option<int?> devices = Number("--devices", "N", $"How many virtual devices, 0 to {StackWish.MaxDevices}, each with a podman of its own. Default: as many as there were, or 1.", 0, StackWish.MaxDevices);

    private readonly Option<int?> apiPort = Number("--api-port", "PORT", "The port of the operator's API. Default: a free one, kept for later starts.", 1, ushort.MaxValue);

    private readonly Option<int?> natsPort = Number("--nats-port", "PORT", "The port of NATS, of its first server. Default: a free one, kept for later starts.", 1, ushort.MaxValue);

    private readonly Option<int?> natsNodes = new("--nats-nodes")
    {
        Description = "How many NATS servers: 1, or 3 or 5 as a cluster of which a minority may be lost. Default: as many as there were, or 1.",
        HelpName = "N",
        CustomParser = result =>
        {
            if (int.TryParse(result.Tokens[0].Value, out var number) && NatsNode.Counts.Contains(number))
            {
                return number;
            }

            result.AddError($"--nats-nodes takes {NatsNode.CountRule}; not '{result.Tokens[0].Value}'");
            return null;
        },
    };

    private readonly Option<bool> prometheus = new("--prometheus") { Description = "Serve the operator's metrics for Prometheus: /metrics of the API, behind its token." };

    private readonly Option<string?> otlpEndpoint = new("--otlp-endpoint")
    {
        Description = "Send the operator's metrics and traces to this collector, by OTLP: http://host:4317. Default: nowhere.",
        HelpName = "URL",
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.UserInfo.Length == 0)
            {
                return text;
            }

            result.AddError($"--otlp-endpoint '{text}' is no address of a collector: write http://host:4317 or https://host:4317");
            return null;
        },
    };

    private readonly Option<string?> otlpProtocol = Protocol();

    /// <summary>All of them.</summary>
    public IEnumerable<Option> All => [devices, apiPort, natsPort, natsNodes, prometheus, otlpEndpoint, otlpProtocol];

    /// <summary>How many devices were asked for.</summary>
    public int? Devices(System.CommandLine.Parsing.CommandResult result) => result.GetValue(devices);

    /// <summary>Has <paramref name="command"/> refuse a protocol of OTLP where nothing is sent.</summary>
    public void RefuseProtocolAlone(Command command) => command.Check(result =>
    {
        if (result.GetValue(otlpProtocol) is not null && result.GetValue(otlpEndpoint) is null)
        {
            result.AddError($"{otlpProtocol.Name} says how {otlpEndpoint.Name} is spoken to: say that as well, or leave it out");
        }
    });

    /// <summary>Has <paramref name="command"/> refuse one port for two of its options, <paramref name="others"/> of its own included.</summary>
    public void RefuseEqualPorts(Command command, params Option<int?>[] others) => command.Check(result =>
    {
        Option<int?>[] ports = [apiPort, natsPort, .. others];
        foreach (var equal in ports.Where(option => result.GetValue(option) is not null).GroupBy(result.GetValue).Where(group => group.Count() > 1))
        {
            result.AddError($"{string.Join(" and ", equal.Select(option => option.Name))} take two ports, not {equal.Key} both");
        }
    });

    /// <summary>What was asked for.</summary>
    public Outcome<UpRequest> Read(CliHost host, GlobalOptions global, ParseResult parsed)
    {
        var folder = DataFolder.Locate(host, global.Data(parsed));
        return folder.IsOk
            ? new UpRequest(folder.Value, DataFolder.IsBuiltIn(host, global.Data(parsed)), parsed.GetValue(devices), parsed.GetValue(apiPort), parsed.GetValue(natsPort))
            {
                NatsNodes = parsed.GetValue(natsNodes),
                Telemetry = Telemetry(parsed),
            }
            : folder.Fault;
    }

    private OperatorTelemetry? Telemetry(ParseResult parsed) => parsed.GetValue(prometheus) || parsed.GetValue(otlpEndpoint) is not null
        ? new() { Prometheus = parsed.GetValue(prometheus), OtlpEndpoint = parsed.GetValue(otlpEndpoint), OtlpProtocol = parsed.GetValue(otlpProtocol) }
        : null;

    private static Option<string?> Protocol()
    {
        string[] known = [.. OperatorTelemetry.OtlpProtocols];
        var option = new Option<string?>("--otlp-protocol")
        {
            Description = $"How OTLP is spoken: {string.Join(" or ", known)}, to which /v1/metrics and /v1/traces are added. Default: {known[0]}.",
            HelpName = string.Join('|', known),
            CustomParser = result =>
            {
                if (known.Contains(result.Tokens[0].Value))
                {
                    return result.Tokens[0].Value;
                }

                result.AddError($"--otlp-protocol knows no '{result.Tokens[0].Value}': use {string.Join(" or ", known)}");
                return null;
            },
        };
        option.CompletionSources.Add(known);
        return option;
    }

    /// <summary>An option that takes a number from <paramref name="min"/> to <paramref name="max"/>.</summary>
    public static Option<int?> Number(string name, string help, string description, int min, int max)
    {
        var option = new Option<int?>(name)
        {
            Description = description,
            HelpName = help,
            CustomParser = result =>
            {
                if (int.TryParse(result.Tokens[0].Value, out var number) && number >= min && number <= max)
                {
                    return number;
                }

                result.AddError($"{name} takes a number from {min} to {max}, not '{result.Tokens[0].Value}'");
                return null;
            },
        };
        return option;
    }
}
