using System.Net.Http.Headers;
using System.Net.Sockets;
using Harmony.Fleet.Core.Outcomes;

namespace Harmony.Fleet.Deploy.Images;

/// <summary>Brings images to a podman without a registry, which an agent never does.</summary>
public static class ImageLoad
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    /// <summary>Loads a docker archive; its tags move to the images in it.</summary>
    /// <returns>Null, or why it was not loaded.</returns>
    public static async Task<Fault?> LoadAsync(string socketPath, Stream archive, CancellationToken cancellationToken)
    {
        using var client = new HttpClient(new SocketsHttpHandler { ConnectCallback = (_, stop) => ConnectAsync(socketPath, stop), UseProxy = false })
        {
            BaseAddress = new Uri("http://d/v4.0.0/libpod/"),
            Timeout = Limit,
        };
        using var body = new StreamContent(archive);
        body.Headers.ContentType = new MediaTypeHeaderValue("application/x-tar");
        try
        {
            using var answer = await client.PostAsync("images/load", body, cancellationToken).ConfigureAwait(false);
            return answer.IsSuccessStatusCode
                ? null
                : new Fault(FaultKind.Transient, $"podman does not load an image: {await answer.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false)}");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new Fault(FaultKind.TimedOut, $"podman did not load an image within {Limit.TotalMinutes:0.#} min");
        }
        catch (HttpRequestException broken)
        {
            return Fault.Unreachable($"podman at {socketPath} does not load an image: {broken.Message}");
        }
    }

    private static async ValueTask<Stream> ConnectAsync(string socketPath, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(socketPath), cancellationToken).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
