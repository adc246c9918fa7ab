using System.Diagnostics;
using Harmony.Fleet.Bench.Reconcile;

// What a reconcile with nothing to do costs: processor time of the agent's part and of podman's, for each deployment.
var deployments = args.Length > 0 ? int.Parse(args[0]) : 10;
var rounds = args.Length > 1 ? int.Parse(args[1]) : 200;
await using var device = await Device.StartAsync(deployments);
for (var warm = 0; warm < 50; warm++)
{
    await device.ReconcileAsync();
}

var (own, podman, watch) = (ProcessorTime.Own(), ProcessorTime.Of(device.PodmanProcess), Stopwatch.StartNew());
for (var round = 0; round < rounds; round++)
{
    await device.ReconcileAsync();
}

watch.Stop();
var each = (double)(rounds * deployments);
own = ProcessorTime.Own() - own;
podman = ProcessorTime.Of(device.PodmanProcess) - podman;
Console.WriteLine($"deployments {deployments}, reconciles {rounds}");
Console.WriteLine($"agent's processor time  {own.TotalMilliseconds / each:F2} ms a deployment");
Console.WriteLine($"podman's processor time {podman.TotalMilliseconds / each:F2} ms a deployment");
Console.WriteLine($"together                {(own + podman).TotalMilliseconds / each:F2} ms a deployment (target: below 5)");
Console.WriteLine($"wall clock              {watch.Elapsed.TotalMilliseconds / rounds:F1} ms a reconcile");
