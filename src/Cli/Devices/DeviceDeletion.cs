using Harmony.Fleet.Cli.Hosting;
using Harmony.Fleet.Cli.Output;
using Harmony.Fleet.Cli.Server;
using Harmony.Fleet.Contracts.Json;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Outcomes;

namespace Harmony.Fleet.Cli.Devices;

/// <summary>What goes with a device that is deleted.</summary>
internal sealed class DeviceDeletion(CliHost host, FleetClient client)
{
    /// <summary>Says what is deleted, and asks; null where the answer is yes.</summary>
    public async Task<Fault?> ConfirmAsync(string name, CancellationToken cancellationToken)
    {
        if (!host.Console.IsInTerminal)
        {
            return Confirmation.NobodyToAsk(Confirmation.OfDeletion);
        }

        var present = await client.GetAsync(ResourceTypes.Devices, null, name, cancellationToken);
        if (!present.IsOk)
        {
            return present.Fault;
        }

        host.Console.Say($"Device {name} {await LeavesAsync(name, cancellationToken)}.{Labels(present.Value.Resource)} Where its agent runs, it makes itself known again within twelve minutes, and is given what matches it then.");
        return await Confirmation.AskAsync(host, $"Delete device {name}?", Confirmation.OfDeletion, $"device {name} was not deleted", cancellationToken);
    }

    /// <summary>By its manifest, which counts what is held as well. Where that is not to be had, it is not known how many.</summary>
    private async Task<string> LeavesAsync(string name, CancellationToken cancellationToken)
    {
        const string Stay = "whose containers stay on it";
        var desired = client.Parse(ContractsJson.Api.DesiredState, await client.DesiredAsync(name, cancellationToken));
        return desired switch
        {
            { IsOk: true, Value.Entries: { IsEmpty: false } entries } => $"leaves {CountText.Of(entries.Length, "deployment")}, {Stay}",
            { IsOk: true } => "is in no deployment",
            { Fault.Kind: FaultKind.NotFound } => $"leaves all deployments, {Stay}; how many these are is not known, for no manifest of it is on the bus",
            _ => $"leaves all deployments, {Stay}; how many these are is not known, for its manifest cannot be read: {desired.Fault.What}",
        };
    }

    private static string Labels(Device device) => device.Spec.Labels is { IsEmpty: false } labels
        ? $" The administrator's labels of it are lost: {string.Join(", ", labels.Select(label => $"{label.Key}={label.Value}"))}."
        : string.Empty;
}
