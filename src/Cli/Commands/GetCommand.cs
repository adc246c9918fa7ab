using System.CommandLine;
using Harmony.Fleet.Cli.Completing;
using Harmony.Fleet.Cli.Getting;
using Harmony.Fleet.Cli.Help;
using Harmony.Fleet.Cli.Hosting;
using Harmony.Fleet.Cli.Options;
using Harmony.Fleet.Cli.Output;
using Harmony.Fleet.Cli.Parsing;
using Harmony.Fleet.Cli.Server;
using Harmony.Fleet.Contracts.Resources;

namespace Harmony.Fleet.Cli.Commands;

/// <summary><c>fleet get deployments|devices</c>.</summary>
internal static class GetCommand
{
    private static readonly string[] DeploymentExamples =
        ["get deployments", "get deployment hello -o yaml", "get deployments -A -o json", "get deployments -w"];

    private static readonly string[] DeviceExamples =
        ["get devices", "get devices -l 'site=lyon,tier in (edge,core)'", "get device pi-1 -o json", "get devices -w"];

    /// <summary>The command.</summary>
    public static Command Create(CliHost host, GlobalOptions global)
    {
        var command = new CliCommand("get", "Show deployments or devices.", "get deployments", "get devices -o json");
        command.Subcommands.Add(Deployments(host, global));
        command.Subcommands.Add(Devices(host, global));
        return command;
    }

    private static CliCommand Deployments(CliHost host, GlobalOptions global)
    {
        var space = NamespaceOptions.Create();
        var all = new Option<bool>("--all-namespaces", "-A") { Description = "Of all namespaces." };
        var command = Kind(host, global, ResourceKinds.Deployments, new CliCommand("deployments", "Show deployments.", DeploymentExamples), parsed => parsed.GetValue(all) ? null : parsed.GetValue(space));
        command.Aliases.Add("deployment");
        command.Options.Add(space);
        command.Options.Add(all);
        command.Check(result =>
        {
            if (result.GetValue(all) && result.GetValue<string?>(ResourceArguments.Name) is not null)
            {
                result.AddError("--all-namespaces shows lists only: name the namespace of one deployment with --namespace");
            }
        });
        return command;
    }

    private static CliCommand Devices(CliHost host, GlobalOptions global)
    {
        var command = Kind(host, global, ResourceKinds.Devices, new CliCommand("devices", "Show devices.", DeviceExamples), _ => null);
        command.Aliases.Add("device");
        return command;
    }

    private static CliCommand Kind<T>(CliHost host, GlobalOptions global, ResourceKind<T> kind, CliCommand command, Func<ParseResult, string?> space)
        where T : class, IResource
    {
        var name = ResourceArguments.OptionalName(kind.Type.Kind.ToLowerInvariant(), kind.Type.Namespaced ? new ResourceNames(host, global).Deployments : new ResourceNames(host, global).Devices);
        var output = OutputOption.Create(OutputFormat.Table, OutputFormat.Wide, OutputFormat.Json, OutputFormat.Yaml);
        var watch = new Option<bool>("--watch", "-w") { Description = "Go on showing changes until Ctrl-C." };
        var selector = SelectorOption.Create();
        command.Arguments.Add(name);
        command.Options.Add(output);
        command.Options.Add(watch);
        command.Options.Add(selector);
        command.Check(result =>
        {
            if (result.GetValue(selector) is not null && result.GetValue(name) is { } named)
            {
                result.AddError($"--selector picks from a list, and '{named}' names one {kind.Type.Kind.ToLowerInvariant()}: leave one of them out");
            }
        });
        command.SetAction((parsed, cancellationToken) => new ServerSession(host, global, cancellationToken).RunAsync(parsed, client =>
        {
            var scope = new Scope(space(parsed), parsed.GetValue(selector));
            var request = new GetRequest(parsed.GetValue(name), scope, parsed.GetValue(output), kind.Type.Namespaced && scope.Namespace is null);
            return parsed.GetValue(watch)
                ? host.FollowAsync(stop => new ResourceWatcher<T>(host, client, kind).RunAsync(request, stop), cancellationToken)
                : new ResourceGetter<T>(host, client, kind).RunAsync(request, cancellationToken);
        }));
        return command;
    }
}
