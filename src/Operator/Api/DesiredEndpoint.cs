using System.Collections.Immutable;
using System.Text.Json;
using Harmony.Fleet.Contracts.Api;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Json;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Contracts.Scores;
using Harmony.Fleet.Core.Fields;
using Harmony.Fleet.Core.Trust;
using Harmony.Fleet.Operator.Options;
using Harmony.Fleet.Ports.Bus;
using Harmony.Fleet.Ports.Resources;

namespace Harmony.Fleet.Operator.Api;

/// <summary>What the bus tells a device to run, read as the device reads it: MAC first, then the manifest, then each score.</summary>
/// <param name="bus">The bus.</param>
/// <param name="store">Which devices there are.</param>
/// <param name="options">The keys.</param>
internal sealed class DesiredEndpoint(IBus bus, IResourceStore store, OperatorOptions options)
{
    /// <summary>Adds the path.</summary>
    public void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/api/v1/devices/{name}/desired", (HttpContext context, string name) => GetAsync(name, context.RequestAborted))
        .WithSummary("A device's manifest as it stands on the bus, its scores decrypted").Produces<DesiredState>().Fails(400, 404, 502, 503);

    private async Task<IResult> GetAsync(string name, CancellationToken cancellationToken)
    {
        if (!DeviceId.TryParse(name, out var device))
        {
            return ApiResults.Failure(ApiFailure.NotFound(ResourceTypes.Devices.NotFound(name)));
        }

        return await bus.Bucket(BucketNames.DesiredState).GetAsync(name, cancellationToken) switch
        {
            GetOutcome.Found found => await ShowAsync(device, found.Entry, cancellationToken),
            GetOutcome.Missing => ApiResults.Failure(ApiFailure.NotFound(await MissingAsync(name, cancellationToken))),
            GetOutcome.Unavailable away => ApiResults.Failure(ApiFailure.Unavailable(away.Reason)),
            var other => throw new InvalidOperationException($"The outcome {other} is not handled."),
        };
    }

    private async Task<string> MissingAsync(string name, CancellationToken cancellationToken) =>
        await store.GetAsync(ResourceTypes.Devices, new ResourceKey(null, name), cancellationToken) is StoreOutcome<Device>.NotFound
            ? ResourceTypes.Devices.NotFound(name)
            : $"There is no manifest for the device \"{name}\" on the bus.";

    private async Task<IResult> ShowAsync(DeviceId device, BucketEntry entry, CancellationToken cancellationToken)
    {
        var keys = options.MasterKey.DeviceKeys(device, options.KeyEpoch);
        if (!MessageMac.Verify(keys.Down, keys.Epoch, MessageKinds.Manifest, device, entry.Value.Span, entry.Headers.Mac))
        {
            return Untrusted($"The manifest of {device} on the bus does not carry this control plane's MAC: the device refuses it.");
        }

        try
        {
            var manifest = JsonSerializer.Deserialize(entry.Value.Span, ContractsJson.Bus.DeviceManifest) ?? throw new JsonException("It is null.");
            var entries = ImmutableArray.CreateBuilder<DesiredEntry>();
            foreach (var item in manifest.Entries.Select(item => item ?? throw new JsonException("One of its entries is null.")))
            {
                entries.Add(await OpenAsync(item, cancellationToken));
            }

            return ApiResults.Document(
                new DesiredState
                {
                    Device = device, Generation = manifest.Generation, Digest = Digest.Of(entry.Value.Span), Entries = entries.ToImmutable(),
                },
                ContractsJson.Api.DesiredState);
        }
        catch (JsonException error)
        {
            return Untrusted($"The manifest of {device} on the bus is not readable: {JsonProblem.Of(error)}.");
        }
    }

    private async Task<DesiredEntry> OpenAsync(ManifestEntry item, CancellationToken cancellationToken)
    {
        var shown = new DesiredEntry
        {
            Namespace = item.Namespace, Name = item.Name, Uid = item.Uid, ScoreDigest = item.ScoreDigest, Address = item.Address,
        };
        return await bus.Bucket(BucketNames.Scores).GetAsync(item.Address.Value, cancellationToken) switch
        {
            GetOutcome.Found found => Open(item, shown, found.Entry.Value),
            GetOutcome.Missing => shown with { Error = "The score is not on the bus." },
            GetOutcome.Unavailable away => shown with { Error = away.Reason },
            var other => throw new InvalidOperationException($"The outcome {other} is not handled."),
        };
    }

    private static DesiredEntry Open(ManifestEntry item, DesiredEntry shown, ReadOnlyMemory<byte> ciphertext)
    {
        switch (ScoreSealer.Open(item, ciphertext.Span))
        {
            case UnsealOutcome.Opened opened:
                return Parse(opened.Plain) is { } score ? shown with { Score = score } : shown with { Error = "The score is no JSON that this version knows." };
            case UnsealOutcome.Refused refused:
                return shown with { Error = refused.Reason };
            case var other:
                throw new InvalidOperationException($"The outcome {other} is not handled.");
        }
    }

    private static ReconcileScore? Parse(byte[] plain)
    {
        try
        {
            return JsonSerializer.Deserialize(plain, ContractsJson.Scores.ReconcileScore);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static IResult Untrusted(string message) =>
        ApiResults.Failure(new ApiFailure(StatusCodes.Status502BadGateway, StatusReasons.InternalError, message));
}
