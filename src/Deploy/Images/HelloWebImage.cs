using System.Collections.Immutable;
using System.Text;
using Harmony.Fleet.Adapters.Podman;
using Harmony.Fleet.Core.Outcomes;

namespace Harmony.Fleet.Deploy.Images;

/// <summary>
/// A small web server to show the fleet with, built on the device without a registry. Its page tells its version, and the
/// variable <c>HELLO</c> where it is set. It listens on port 8080, or on the one that <c>PORT</c> names.
/// </summary>
public static class HelloWebImage
{
    /// <summary>The port in the container.</summary>
    public const int Port = 8080;

    private const string RepositoryName = "localhost/hello-web";

    /// <summary>The reference of <paramref name="version"/>.</summary>
    public static string Reference(int version) => $"{RepositoryName}:{version}";

    /// <summary>What the page of <paramref name="version"/> contains.</summary>
    public static string Greeting(int version) => $"hello from version {version}";

    /// <summary>Builds the image and loads it into <paramref name="runtime"/>. Built again, it has the same id.</summary>
    /// <returns>Its reference.</returns>
    public static async Task<Outcome<string>> EnsureAsync(PodmanRuntime runtime, int version, CancellationToken cancellationToken)
    {
        var busybox = StaticBusybox.Read();
        if (!busybox.IsOk)
        {
            return busybox.Fault;
        }

        using var archive = ImageArchive.Write(Content(version, busybox.Value));
        return await ImageLoad.LoadAsync(runtime.SocketPath, archive, cancellationToken).ConfigureAwait(false) is { } fault ? fault : Reference(version);
    }

    private static ImageContent Content(int version, byte[] busybox) => new()
    {
        Tags = [Reference(version)],
        Entrypoint = ["/bin/hello-web"],
        Env = ["PATH=/bin"],
        Folders = ["bin", "tmp", "www"],
        Programs = ImmutableSortedDictionary.CreateRange<string, ReadOnlyMemory<byte>>(StringComparer.Ordinal,
        [
            new("bin/busybox", busybox),
            new("bin/hello-web", Encoding.UTF8.GetBytes(Script(version))),
        ]),
        Links = ImmutableSortedDictionary.CreateRange(
            StringComparer.Ordinal,
            ((string[])["cat", "httpd", "kill", "ls", "sed", "sh", "sleep"]).Select(name => KeyValuePair.Create("bin/" + name, "busybox"))),
    };

    /// <summary>As process 1 the web server itself would ignore SIGTERM, hence the trap.</summary>
    private static string Script(int version) =>
        $$"""
        #!/bin/sh
        trap 'kill "$server"; exit 0' TERM INT
        greeting=$(echo "$HELLO" | sed 's/&/\&amp;/g; s/</\&lt;/g; s/>/\&gt;/g')
        cat >/www/index.html <<EOF
        <!doctype html>
        <title>hello-web {{version}}</title>
        <h1>{{Greeting(version)}}</h1>
        <p>$greeting</p>
        EOF
        echo "hello-web {{version}} listens on port ${PORT:-{{Port}}}"
        httpd -f -v -p "${PORT:-{{Port}}}" -h /www &
        server=$!
        wait "$server"

        """;
}
