using System.CommandLine;

namespace Harmony.Fleet.Cli.Applying;

/// <summary>The typed flags of <c>fleet apply</c>.</summary>
internal sealed class ApplyFlags
{
    private static readonly string[] Policies = ["always", "on-failure", "never"];

    private readonly Option<string?> name = new("--name") { Description = "The deployment's name, and its container's.", HelpName = "NAME" };
    private readonly Option<string?> image = new("--image") { Description = "The container's image.", HelpName = "IMAGE" };
    private readonly Option<string[]> ports = new("--port") { Description = "Publish a port: [IP:]HOST:CONTAINER[/udp]. Repeatable.", HelpName = "H:C" };
    private readonly Option<string[]> env = new("--env") { Description = "Set a variable. Repeatable.", HelpName = "K=V" };
    private readonly Option<string[]> volumes = new("--volume")
    {
        Description = "Mount a folder of the device (/path:/path) or a named volume (name:/path); :ro makes it read-only. Repeatable.",
        HelpName = "H:C[:ro]",
    };

    private readonly Option<string[]> selectors = new("--selector") { Description = "Which devices, by their labels: 'a=b', 'a in (b,c)', '!d'. Repeatable; all must hold.", HelpName = "k=v" };
    private readonly Option<bool> allDevices = new("--all-devices") { Description = "Every device; a file says it as well, by targetSelector: {}." };
    private readonly Option<string[]> labels = new("--label") { Description = "Label the deployment itself. Repeatable.", HelpName = "k=v" };
    private readonly Option<string?> restart = new("--restart") { Description = "When an ended container is started again. Default: always.", HelpName = string.Join('|', Policies) };
    private readonly Option<string[]> command = new("--command") { Description = "Replace the image's entrypoint. Repeatable, one word each.", HelpName = "WORD" };
    private readonly Option<string[]> args = new("--arg") { Description = "Replace the image's command. Repeatable, one word each; --arg=-c for one with a dash.", HelpName = "WORD" };
    private readonly Option<string?> memory = new("--memory") { Description = "The most memory: 64Mi, 1Gi, 500M.", HelpName = "AMOUNT" };
    private readonly Option<string?> cpu = new("--cpu") { Description = "The most processor: 250m, 0.5, 2.", HelpName = "AMOUNT" };
    private readonly Option<string?> grace = new("--grace") { Description = "How long a container may take to end. Default: 10s.", HelpName = "TIME" };

    public ApplyFlags() => restart.CompletionSources.Add(Policies);

    /// <summary>All of them.</summary>
    public IEnumerable<Option> All => [name, image, selectors, allDevices, ports, env, volumes, restart, command, args, memory, cpu, grace, labels];

    /// <summary>Whether the command line has any of them, but for the one that files need as well.</summary>
    public bool IsUsed(ParseResult parsed) => All.Any(option => option != allDevices && parsed.GetResult(option) is { Implicit: false });

    /// <summary>Whether all devices are meant.</summary>
    public bool AllDevices(ParseResult parsed) => parsed.GetValue(allDevices);

    /// <summary>What they say.</summary>
    public DeploymentFlags Read(ParseResult parsed, string space) => new()
    {
        Name = parsed.GetValue(name),
        Namespace = space,
        Image = parsed.GetValue(image),
        Ports = [.. parsed.GetValue(ports) ?? []],
        Env = [.. parsed.GetValue(env) ?? []],
        Volumes = [.. parsed.GetValue(volumes) ?? []],
        Selectors = [.. parsed.GetValue(selectors) ?? []],
        AllDevices = parsed.GetValue(allDevices),
        Labels = [.. parsed.GetValue(labels) ?? []],
        Restart = parsed.GetValue(restart),
        Command = [.. parsed.GetValue(command) ?? []],
        Args = [.. parsed.GetValue(args) ?? []],
        Memory = parsed.GetValue(memory),
        Cpu = parsed.GetValue(cpu),
        Grace = parsed.GetValue(grace),
    };
}
