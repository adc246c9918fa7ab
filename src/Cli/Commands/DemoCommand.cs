using System.CommandLine;
using Harmony.Fleet.Cli.Demo;
using Harmony.Fleet.Cli.Help;
using Harmony.Fleet.Cli.Hosting;
using Harmony.Fleet.Cli.Local;
using Harmony.Fleet.Cli.Options;
using Harmony.Fleet.Cli.Parsing;
using Harmony.Fleet.Deploy.Stacks;

namespace Harmony.Fleet.Cli.Commands;

/// <summary><c>fleet demo</c>.</summary>
internal static class DemoCommand
{
    private const string Description =
        "From a bare machine to a container that answers: sets up what is missing, starts a fleet, deploys a small web page. Stays until Ctrl-C.";

    /// <summary>The command.</summary>
    public static Command Create(CliHost host, GlobalOptions global)
    {
        var options = new UpOptions();
        var auto = new Option<bool>("--auto")
        {
            Description = "Play the regression instead, on a fleet of its own: apply, upgrade, apply again, delete; then stop everything. The exit code is 0 only if all of it went well.",
        };
        var port = UpOptions.Number("--port", "PORT", "The port of the page. Default: a free one.", 1, ushort.MaxValue);
        var command = new CliCommand("demo", Description, "demo", "demo --auto") { auto, port };
        foreach (var option in options.All)
        {
            command.Options.Add(option);
        }

        options.RefuseEqualPorts(command, port);
        options.RefuseProtocolAlone(command);
        command.Check(result =>
        {
            if (options.Devices(result) == 0)
            {
                result.AddError("the demo needs a device: --devices takes 1 or more here");
            }
        });
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var request = options.Read(host, global, parsed);
            if (!request.IsOk)
            {
                return host.Fail(request.Fault);
            }

            var asked = request.Value with { PagePort = parsed.GetValue(port) };
            return parsed.GetValue(auto)
                ? await AutoAsync(host, asked, isTemporary: global.Data(parsed) is null, cancellationToken)
                : await new DemoAction(host).TourAsync(asked, cancellationToken);
        });
        return global.OfDataFolder(command);
    }

    /// <summary>Unless the command line names a data folder, the regression has one of its own, for the time that it takes.</summary>
    private static async Task<int> AutoAsync(CliHost host, UpRequest request, bool isTemporary, CancellationToken cancellationToken)
    {
        if (new DemoPort(host, request.PagePort).Refusal(isTemporary ? [] : new StackLeftovers(request.DataFolder, host.Time).Find()) is { } busy)
        {
            return host.Fail(busy);
        }

        var own = isTemporary ? request with { DataFolder = Directory.CreateTempSubdirectory("fleet-demo-").FullName, IsUsualFolder = false } : request;
        return await new DemoAction(host).RegressionAsync(own, isTemporary, cancellationToken);
    }
}
