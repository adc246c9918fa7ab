using System.CommandLine;
using System.CommandLine.Parsing;
using Harmony.Fleet.Cli.Help;
using Harmony.Fleet.Cli.Hosting;
using Harmony.Fleet.Cli.Options;
using Harmony.Fleet.Cli.Output;
using Harmony.Fleet.Cli.Parsing;
using Harmony.Fleet.Cli.Recovering;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Outcomes;
using Harmony.Fleet.Core.Selectors;

namespace Harmony.Fleet.Cli.Commands;

/// <summary><c>fleet recover [--adopt|--drop] [NAMESPACE/NAME...]</c>.</summary>
internal static class RecoverCommand
{
    private static readonly string[] Examples =
        ["recover", "recover --adopt", "recover --adopt default/web --selector site=lyon", "recover --drop default/old --yes"];

    /// <summary>The command.</summary>
    public static Command Create(CliHost host, GlobalOptions global)
    {
        var names = new Argument<string[]>("NAMES") { HelpName = "NAMESPACE/NAME", Description = "Which deployments; all that were lost without it. --drop without it leaves those of which devices alone say so.", Arity = ArgumentArity.ZeroOrMore, CustomParser = Check };
        var adopt = new Option<bool>("--adopt") { Description = "Take them back into the store as they stand on the devices. No container is touched." };
        var drop = new Option<bool>("--drop") { Description = "Count them as removed: their containers are removed from all devices." };
        var acknowledge = new Option<bool>("--acknowledge") { Description = "Take notice that the store lost acknowledged writes: it is told no more." };
        var selector = Selector();
        var yes = new Option<bool>("--yes", "-y") { Description = "Do not ask before --drop." };
        var output = OutputOption.Create(OutputFormat.Table, OutputFormat.Json);
        var command = new CliCommand("recover", "Show the deployments that devices run and the store has lost, and decide about them.", Examples) { names, adopt, drop, acknowledge, selector, yes, output };
        command.Check(result =>
        {
            if (result.GetResult(adopt) is not null && result.GetResult(drop) is not null)
            {
                result.AddError("--adopt and --drop exclude each other: say which is meant");
            }

            if (result.GetResult(acknowledge) is not null && (result.GetResult(adopt) ?? result.GetResult(drop) ?? (SymbolResult?)result.GetResult(names)) is not null and not ArgumentResult { Tokens.Count: 0 })
            {
                result.AddError("--acknowledge is about the store, and stands alone: leave the others out");
            }

            if (result.GetResult(selector) is not null && result.GetResult(adopt) is null)
            {
                result.AddError("--selector says for which devices --adopt takes them back: say --adopt as well, or leave it out");
            }

            if (result.GetResult(yes) is not null && result.GetResult(drop) is null)
            {
                result.AddError("--yes answers what --drop asks: say --drop as well, or leave it out");
            }
        });
        command.SetAction((parsed, cancellationToken) => new ServerSession(host, global, cancellationToken).RunAsync(parsed, async client =>
        {
            var recovery = new Recovery(host, client, parsed.GetValue(output));
            var wanted = parsed.GetValue(names)!;
            return parsed.GetValue(acknowledge) ? await recovery.AcknowledgeAsync(cancellationToken)
                : parsed.GetValue(adopt) ? await recovery.AdoptAsync(wanted, parsed.GetValue(selector), cancellationToken)
                : parsed.GetValue(drop) ? await recovery.DropAsync(wanted, parsed.GetValue(yes), cancellationToken)
                : await recovery.ListAsync(wanted, cancellationToken);
        }));
        return command;
    }

    private static Option<string?> Selector() => new("--selector", "-l")
    {
        Description = "With --adopt: which devices they are to be for. It must match all that have them. Default: exactly those.",
        HelpName = "SELECTOR",
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (SelectorText.Parse(text) is SelectorTextOutcome.Invalid invalid)
            {
                result.AddError(SelectorOption.Wrong(text, invalid));
            }

            return text;
        },
    };

    private static string[] Check(ArgumentResult result)
    {
        foreach (var token in result.Tokens)
        {
            var parts = token.Value.Split('/');
            if (parts.Length != 2 || !NamespaceName.TryParse(parts[0], out _) || !DeploymentName.TryParse(parts[1], out _))
            {
                result.AddError(Fault.Invalid($"'{token.Value}' names no deployment", "use NAMESPACE/NAME, as the list shows them").ToString());
            }
        }

        return [.. result.Tokens.Select(token => token.Value).Distinct(StringComparer.Ordinal)];
    }
}
