using System.Collections.Concurrent;
using System.Text.Json;
using Harmony.Fleet.Adapters.Podman.Http;
using Harmony.Fleet.Adapters.Podman.Json;
using Harmony.Fleet.Core.Containers;
using Harmony.Fleet.Core.Outcomes;

namespace Harmony.Fleet.Adapters.Podman.Images;

/// <summary>Images on the device.</summary>
internal sealed class ImageStore(PodmanHttp http, PodmanOptions options)
{
    private const int MaxCached = 512;

    /// <summary>By image id, which is a digest of the content: what is here stays true.</summary>
    private readonly ConcurrentDictionary<string, ImageDefaults> defaults = new(StringComparer.Ordinal);

    /// <summary>The id of the image; NotFound where it is not there.</summary>
    public async Task<Outcome<string>> FindAsync(ImageName name, CancellationToken cancellationToken)
    {
        var there = await InspectAsync(name.Text, cancellationToken).ConfigureAwait(false);
        return there.IsOk ? ImageReader.ImageId(there.Value.Id) : there.Fault;
    }

    /// <summary>The id of the image, pulled where it was not there.</summary>
    public async Task<Outcome<string>> EnsureAsync(ImageName name, CancellationToken cancellationToken)
    {
        var there = await FindAsync(name, cancellationToken).ConfigureAwait(false);
        if (there.IsOk || there.Fault.Kind != FaultKind.NotFound)
        {
            return there;
        }

        return name.IsLocal
            ? new Fault(FaultKind.Permanent, $"image {name} is not on the device, and images of localhost are never pulled: load it there (podman load; on a device of fleet up: fleet podman DEVICE load)")
            : await PullAsync(name, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>What the image of that id brings along; nothing, where it is gone from the device.</summary>
    public async Task<Outcome<ImageDefaults>> DefaultsAsync(string imageId, CancellationToken cancellationToken)
    {
        if (defaults.TryGetValue(imageId, out var known))
        {
            return known;
        }

        var image = await InspectAsync(imageId, cancellationToken).ConfigureAwait(false);
        if (!image.IsOk)
        {
            return image.Fault.Kind == FaultKind.NotFound ? new ImageDefaults() : image.Fault;
        }

        if (defaults.Count >= MaxCached)
        {
            defaults.Clear();
        }

        return defaults[imageId] = ImageReader.Defaults(image.Value.Config);
    }

    private async Task<Outcome<ImageDocument>> InspectAsync(string name, CancellationToken cancellationToken)
    {
        var answer = await http
            .SendAsync(HttpMethod.Get, $"images/{Uri.EscapeDataString(name)}/json", content: null, options.CallTimeout, cancellationToken)
            .ConfigureAwait(false);
        if (!answer.IsOk)
        {
            return answer.Fault;
        }

        if (!answer.Value.IsDone)
        {
            return answer.Value.IsNotFound ? new Fault(FaultKind.NotFound, $"image {name} is not on the device") : Failures.Of(answer.Value);
        }

        var image = answer.Value.Read(PodmanJson.Default.ImageDocument);
        return image.IsOk && image.Value.Id is not { Length: > 0 }
            ? new Fault(FaultKind.Unreachable, $"podman shows no id of image {name}")
            : image;
    }

    private async Task<Outcome<string>> PullAsync(ImageName name, CancellationToken cancellationToken)
    {
        string? id = null;
        string? error = null;
        var ended = await http.SendForLinesAsync(
            HttpMethod.Post,
            $"images/pull?policy=missing&reference={Uri.EscapeDataString(name.Text)}",
            options.PullTimeout,
            line => (id, error) = JsonSerializer.Deserialize(line.Span, PodmanJson.Default.PullLine) is { } read ? (read.Id ?? id, read.Error ?? error) : (id, error),
            cancellationToken).ConfigureAwait(false);
        if (!ended.IsOk)
        {
            return ended.Fault;
        }

        // The status was 200 whatever happened: only the lines tell.
        return error is not null ? PullFailures.Of(name, error)
            : id is null ? new Fault(FaultKind.Unreachable, $"podman broke off while it pulled {name}")
            : ImageReader.ImageId(id);
    }
}
