using Harmony.Fleet.Cli.Hosting;
using Harmony.Fleet.Cli.Local;
using Harmony.Fleet.Cli.Server;

namespace Harmony.Fleet.Cli.Demo;

/// <summary>What a first-time user sees: one version deployed, and what can be done next.</summary>
internal sealed class DemoTour(DemoSite site, DemoDeployment deployment, CliHost host)
{
    /// <summary>Whether there is a deployment that one can look at.</summary>
    public bool IsApplied { get; private set; }

    /// <summary>Deploys version 1; version 2 is built for the user to apply.</summary>
    public async Task DeployAsync(DemoSteps steps, CancellationToken cancellationToken)
    {
        await steps.DoAsync("hello-web image", () => deployment.BuildAsync(1, cancellationToken), reference => $"{reference}, built on {DemoSite.Device} itself");
        await steps.DoAsync("hello-web image, version 2", () => deployment.BuildAsync(2, cancellationToken), reference => reference);
        await steps.DoAsync("apply", () => deployment.ApplyAsync(1, cancellationToken), verb => $"deployment {DemoDeployment.Name} {verb.ToString().ToLowerInvariant()}");
        IsApplied = steps.Fault is null;
        await steps.DoAsync("wait", () => deployment.RunningAsync(steps.Note, cancellationToken), _ => $"{DemoSite.Device} says Running");
        await steps.DoAsync("fetch the page", () => deployment.FetchAsync(1, steps.Note, cancellationToken), status => $"{deployment.Url} answers {status}");
    }

    /// <summary>What was done, the URLs and the menu.</summary>
    public IEnumerable<string> Explanation() =>
    [
        string.Empty,
        WhatWasDone(site.RanBefore),
        string.Empty,
        "Try, in another terminal:",
        .. Lines([.. Menu(), .. Afterwards(site.RanBefore)], host, site.Request),
        string.Empty,
        $"  API       {site.Endpoint.Address}",
        $"  token     {Path.Combine(site.Request.DataFolder, "keys/api.token")}",
        $"  OpenAPI   {site.Endpoint.Address}/openapi/v1.json",
        $"  NATS      {site.NatsUrl}",
        $"  data      {site.Request.DataFolder}",
        $"  page      {deployment.Url}",
        string.Empty,
    ];

    /// <summary>What was done, on a fleet that <paramref name="ranBefore"/> or was started for the demo.</summary>
    internal static string WhatWasDone(bool ranBefore) => ranBefore
        ? $"What was done: nothing was started, the fleet ran already. The image hello-web was built in the podman of {DemoSite.Device} where it was missing, a Deployment of it was applied where there was none as it is, its container runs, and its page answered."
        : $"What was done: a NATS server, the operator and an agent were started on this machine. The image hello-web was built in the podman of {DemoSite.Device}, a Deployment of it was applied, the agent brought its container up, and its page answered.";

    /// <summary>Where to look after a demo that failed: at the deployment too, where it <paramref name="isApplied"/>.</summary>
    public static IEnumerable<string> LookAround(CliHost host, UpRequest request, bool isApplied) =>
    [
        string.Empty,
        "The fleet stays up, so that you can look, in another terminal:",
        .. Lines(
            [
                .. isApplied ? [($"describe deployment {DemoDeployment.Name}", "what the device says"), ($"logs {DemoDeployment.Name}", "what the container printed")] : Array.Empty<(string, string)>(),
                ("get devices", "the fleet"),
                .. Afterwards(ranBefore: false),
            ],
            host,
            request),
        string.Empty,
        $"  logs      {Path.Combine(request.DataFolder, "logs")}",
        string.Empty,
    ];

    /// <summary>How it ends: what was there before the demo goes on after it.</summary>
    internal static (string Command, string Meaning)[] Afterwards(bool ranBefore) =>
    [
        ranBefore ? ("down", "later: end the fleet; its data stays") : ("up", "later: start it again as it was"),
        ("down --purge", "later: remove all of it"),
    ];

    /// <summary>Each command below what it is for. Both are copied: a terminal breaks them itself where it must, and copies them whole.</summary>
    internal static IEnumerable<string> Lines(IEnumerable<(string Command, string Meaning)> menu, CliHost host, UpRequest request) =>
        menu.SelectMany(entry => (string[])[$"  {host.Console.KeepWhole($"# {entry.Meaning}")}", $"  {host.Line(entry.Command, request.DataFlag)}"]);

    private (string Command, string Meaning)[] Menu() =>
    [
        ("get devices", "the fleet"),
        ("describe deployment hello-web", "how the deployment is doing, device by device"),
        (deployment.ApplyLine(2), $"upgrade to version 2, then look at {deployment.Url} again"),
        ("wait deployment hello-web --for=converged", "wait until it has arrived everywhere"),
        ("logs hello-web --tail 20", "what the container prints"),
        ($"ping {DemoSite.Device}", "ask the device for a sign of life"),
        ("kv ls", "the buckets on the bus"),
        ($"kv get desired-state {DemoSite.Device}", "the device's manifest as it travels"),
        ($"desired {DemoSite.Device}", "the same with its scores decrypted"),
        ("kv watch device-state", "reports as they come in"),
        ("delete deployment hello-web --yes", "take it away again"),
    ];
}

/// <summary>The fleet that a demo plays on.</summary>
/// <param name="Request">How it was started, or found.</param>
/// <param name="Endpoint">Its operator.</param>
/// <param name="NatsUrl">Its bus.</param>
/// <param name="PodmanSocket">The podman of the device that the demo deploys to.</param>
/// <param name="RanBefore">Whether it ran before the demo.</param>
internal sealed record DemoSite(UpRequest Request, ServerEndpoint Endpoint, string NatsUrl, string PodmanSocket, bool RanBefore)
{
    /// <summary>The device that the demo deploys to.</summary>
    public const string Device = "device-1";
}
