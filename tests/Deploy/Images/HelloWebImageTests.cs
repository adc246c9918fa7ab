using System.Collections.Immutable;
using Harmony.Fleet.Core.Containers;
using Harmony.Fleet.Deploy.Images;
using Harmony.Fleet.Tests.Conformance.Podman;
using Harmony.Fleet.Tests.Harness;
using static Harmony.Fleet.Tests.Conformance.Podman.PodmanFixture;

namespace Harmony.Fleet.Tests.Deploy.Images;

[Trait("Category", "Integration")]
public sealed class HelloWebImageTests(PodmanFixture podman) : IClassFixture<PodmanFixture>
{
    [Fact]
    public async Task Ensure_TwoVersions_GiveTwoPagesWithTheGreeting()
    {
        var pages = new List<string>();
        foreach (var version in (int[])[1, 2])
        {
            var port = FreePort.Next();
            var spec = podman.Spec() with
            {
                Image = Must(await HelloWebImage.EnsureAsync(podman.Runtime, version, Cancel)),
                Env = ImmutableSortedDictionary.CreateRange(StringComparer.Ordinal, [KeyValuePair.Create("HELLO", "grüß <b> & \"you\"")]),
                Ports = [new(HelloWebImage.Port, port, "127.0.0.1", "tcp")],
            };
            await podman.RunAsync(spec);
            pages.Add(await PageAsync(port));
        }

        pages[0].ShouldContain(HelloWebImage.Greeting(1));
        pages[1].ShouldContain(HelloWebImage.Greeting(2));
        pages.ShouldAllBe(page => page.Contains("grüß &lt;b&gt; &amp; \"you\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Ensure_Again_GivesTheSameImage()
    {
        var reference = Must(await HelloWebImage.EnsureAsync(podman.Runtime, 7, Cancel));
        var id = Must(await podman.Runtime.EnsureImageAsync(reference, Cancel));

        Must(await HelloWebImage.EnsureAsync(podman.Runtime, 7, Cancel)).ShouldBe(reference);

        Must(await podman.Runtime.EnsureImageAsync(reference, Cancel)).ShouldBe(id);
    }

    [Fact]
    public async Task Stop_EndsItAtOnceAndWell()
    {
        var spec = podman.Spec() with { Image = Must(await HelloWebImage.EnsureAsync(podman.Runtime, 1, Cancel)) };
        var id = await podman.RunAsync(spec);
        await Eventually.HoldsAsync(async () => (await LogAsync(id)).Contains("listens on port 8080", StringComparison.Ordinal), "it listens");

        Must(await podman.Runtime.StopAsync(id, TimeSpan.FromSeconds(60), Cancel));

        var ended = await podman.ObserveAsync(spec);
        ended.State.ShouldBe(ContainerState.Exited);
        ended.ExitCode.ShouldBe(0);
    }

    private static async Task<string> PageAsync(int port)
    {
        using var http = new HttpClient();
        var page = string.Empty;
        await Eventually.HoldsAsync(
            async () =>
            {
                try
                {
                    page = await http.GetStringAsync(new Uri($"http://127.0.0.1:{port}/"), Cancel);
                    return true;
                }
                catch (HttpRequestException)
                {
                    return false;
                }
            },
            "the page comes");
        return page;
    }

    private async Task<string> LogAsync(string id)
    {
        var text = string.Empty;
        await foreach (var chunk in podman.Runtime.LogsAsync(id, 10, follow: false, Cancel))
        {
            text += System.Text.Encoding.UTF8.GetString(chunk.Bytes.Span);
        }

        return text;
    }
}
