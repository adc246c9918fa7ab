using System.CommandLine;
using Harmony.Fleet.Cli.Help;
using Harmony.Fleet.Cli.Hosting;
using Harmony.Fleet.Cli.Parsing;
using Harmony.Fleet.Cli.Server;

namespace Harmony.Fleet.Cli.Options;

/// <summary>The options that every command knows.</summary>
internal sealed class GlobalOptions
{
    private readonly Option<string?> server = new("--server")
    {
        Description = "The operator's API: http://host:port or unix:/path. Default: the fleet that runs from the data folder.",
        HelpName = "URL",
        Recursive = true,
    };

    private readonly Option<string?> tokenFile = new("--token-file") { Description = "The file that holds the API's token.", HelpName = "FILE", Recursive = true };

    private readonly Option<string?> data = new("--data")
    {
        Description = "The data folder of a fleet on this machine. Default: HARMONY_FLEET_DATA, or ~/.local/share/harmony-fleet.",
        HelpName = "DIR",
        Recursive = true,
    };

    private readonly Option<bool> verbose = new("--verbose", "-v") { Description = "Print each request on stderr.", Recursive = true };

    /// <summary>All of them.</summary>
    public IEnumerable<Option> All => [server, tokenFile, data, verbose];

    /// <summary>
    /// Has <paramref name="command"/> refuse what names an operator: it is about the fleet of a data folder, and must not take that one for the fleet which
    /// <c>--server</c> names. A variable that names an operator is meant for other commands.
    /// </summary>
    public CliCommand OfDataFolder(CliCommand command)
    {
        command.Refused = [server, tokenFile];
        command.Check(result =>
        {
            foreach (var option in command.Refused.Where(option => result.GetResult(option) is not null))
            {
                result.AddError($"fleet {command.Name} is about the fleet of a data folder: leave {option.Name} out, or name the folder with {data.Name}");
            }
        });
        return command;
    }

    /// <summary>Whether <paramref name="word"/> of a command line is an option whose value is the next word.</summary>
    public bool TakesWord(string word) => word == server.Name || word == tokenFile.Name || word == data.Name;

    /// <summary>Which operator the command line means.</summary>
    public ServerChoice Stack(ParseResult parsed) => new(parsed.GetValue(server), parsed.GetValue(tokenFile), parsed.GetValue(data));

    /// <summary>The same as it has to be said again in another command line; empty where nothing was said.</summary>
    public string Repeated(ParseResult parsed) => string.Concat(
        new[] { server, tokenFile, data }.Where(option => parsed.GetValue(option) is not null).Select(option => $" {option.Name} {ShellText.Quote(parsed.GetValue(option)!)}"));

    /// <summary>What <c>--data</c> says; null without it.</summary>
    public string? Data(ParseResult parsed) => parsed.GetValue(data);

    /// <summary>Whether requests are printed.</summary>
    public bool Verbose(ParseResult parsed) => parsed.GetValue(verbose);
}
