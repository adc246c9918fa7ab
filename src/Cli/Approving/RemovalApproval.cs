using System.Text;
using System.Text.Json.Nodes;
using Harmony.Fleet.Cli.Hosting;
using Harmony.Fleet.Cli.Output;
using Harmony.Fleet.Cli.Server;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Outcomes;

namespace Harmony.Fleet.Cli.Approving;

/// <summary>Approves that a deployment is removed from the devices from which that is held: of the generation and of the hold that the user saw, and from no more devices.</summary>
internal sealed class RemovalApproval(CliHost host, FleetClient client)
{
    private const int MaxTries = 5;

    /// <summary>Shows what is held, asks, and approves it.</summary>
    public async Task<int> RunAsync(string space, string name, bool isSure, CancellationToken cancellationToken)
    {
        var shown = await client.GetAsync(ResourceTypes.Deployments, space, name, cancellationToken);
        if (!shown.IsOk)
        {
            return host.Fail(shown.Fault);
        }

        if (HeldOf(shown.Value.Resource) is not { } held)
        {
            host.Console.Say($"Nothing is held of deployment {space}/{name}.");
            return ExitCode.Done;
        }

        // What the condition tells may be of the change before the last one: other devices.
        if (held.Generation != shown.Value.Resource.Metadata.Generation)
        {
            return host.Fail(Changed(shown.Value.Resource.Metadata));
        }

        var devices = CountText.Of(held.Count, "device");
        if (!isSure)
        {
            host.Console.Error.WriteLine(held.Message);
            var question = $"Remove the containers of deployment {space}/{name} from {devices}?";
            if (await Confirmation.AskAsync(host, question, "say --yes to approve it without a question", "nothing was approved", cancellationToken) is { } refusal)
            {
                return host.Fail(refusal);
            }
        }

        var approved = await ApproveAsync(shown.Value, held, cancellationToken);
        if (!approved.IsOk)
        {
            return host.Fail(approved.Fault);
        }

        host.Console.Out.WriteLine($"deployment {space}/{name}: its removal from {devices} is approved");
        return ExitCode.Done;
    }

    private async Task<Outcome<bool>> ApproveAsync(Fetched<Deployment> shown, Held held, CancellationToken cancellationToken)
    {
        var (present, metadata) = (shown, shown.Resource.Metadata);
        for (var tries = 1; ; tries++)
        {
            var written = await client.UpdateAsync(ResourceTypes.Deployments, metadata.Namespace, metadata.Name, Body(present, held), cancellationToken);
            if (written.IsOk)
            {
                return true;
            }

            if (written.Fault.Kind != FaultKind.Conflict || tries == MaxTries)
            {
                return written.Fault;
            }

            // The operator may have written its status. What the user did not see is not approved.
            var next = await client.GetAsync(ResourceTypes.Deployments, metadata.Namespace, metadata.Name, cancellationToken);
            if (!next.IsOk)
            {
                return next.Fault;
            }

            present = next.Value;
            if (present.Resource.Metadata.Generation != metadata.Generation || HeldOf(present.Resource) is not { } shownNow || shownNow.Count > held.Count || shownNow.Hold != held.Hold)
            {
                return Changed(metadata);
            }
        }
    }

    private static Fault Changed(ObjectMeta metadata) =>
        new(FaultKind.Conflict, $"deployment {metadata.Namespace}/{metadata.Name} has changed, and the operator has not said yet what it holds of it", "look at it and approve it again");

    private static byte[] Body(Fetched<Deployment> present, Held held)
    {
        var body = JsonNode.Parse(present.Raw.GetRawText())!.AsObject();
        body.Remove("status");
        var metadata = body["metadata"]!.AsObject();
        var annotations = metadata["annotations"] as JsonObject ?? [];
        annotations[ApiGroup.ApproveRemovalAnnotation] = held.Approval(present.Resource.Metadata.Generation);
        metadata["annotations"] = annotations.Parent is null ? annotations : annotations.DeepClone();
        return Encoding.UTF8.GetBytes(body.ToJsonString());
    }

    private static Held? HeldOf(Deployment deployment) =>
        deployment.Status is { RemovalHeldCount: > 0 and var count } status && status.Conditions.Find(ConditionTypes.RemovalHeld) is { Status: ConditionStatus.True } condition
            ? new Held(count, status.RemovalHold, condition.ObservedGeneration, condition.Message)
            : null;

    private sealed record Held(int Count, long Hold, long Generation, string Message)
    {
        // An operator that does not number what it holds takes an approval without a number.
        public string Approval(long generation) => Hold == 0 ? $"{generation}/{Count}" : $"{generation}/{Count}/{Hold}";
    }
}
