using System.Collections.Immutable;
using System.Diagnostics;
using Harmony.Fleet.Tests.Conformance.Podman;
using Harmony.Fleet.Tests.Harness;

namespace Harmony.Fleet.Tests.Adapters.Podman.Fixtures;

/// <summary>A private podman and a registry of one's own to pull from.</summary>
public sealed class RegistryFixture : PodmanFixture
{
    private readonly int port = FreePort.Next();
    private Process? registry;

    public string Host => $"127.0.0.1:{port}";

    protected override ImmutableArray<string> InsecureRegistries => [Host];

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await StartRegistryAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await StopRegistryAsync();
        await base.DisposeAsync();
    }

    public async Task StartRegistryAsync()
    {
        var settings = Folder.File("registry.yml");
        await File.WriteAllTextAsync(
            settings,
            $$"""
            version: 0.1
            log: {level: error}
            storage: { filesystem: { rootdirectory: "{{Folder.File("registry")}}" } }
            http: { addr: "{{Host}}" }

            """);
        registry = await Spawner.StartAsync(new ProcessStartInfo("setpriv", ["--pdeathsig", "KILL", "docker-registry", "serve", settings])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        });
        registry.BeginOutputReadLine();
        registry.BeginErrorReadLine();
        using var http = new HttpClient();
        await Eventually.HoldsAsync(async () => await AnswersAsync(http), "the registry answers");
    }

    public async Task StopRegistryAsync()
    {
        if (registry is not null)
        {
            registry.Kill();
            await registry.WaitForExitAsync();
            registry.Dispose();
            registry = null;
        }
    }

    /// <summary>Puts an image into the registry and takes it off the device.</summary>
    /// <returns>Its reference by tag, and by digest.</returns>
    public async Task<(string Tag, string Digest)> PublishAsync(string name)
    {
        var tag = $"{Host}/{name}:1";
        await LoadAsync(IdleImage(tag));
        await PodmanAsync("push", "--tls-verify=false", tag);
        await PodmanAsync("rmi", tag);
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Head, $"http://{Host}/v2/{name}/manifests/1");
        request.Headers.Accept.ParseAdd("application/vnd.oci.image.manifest.v1+json");
        request.Headers.Accept.ParseAdd("application/vnd.docker.distribution.manifest.v2+json");
        using var response = await http.SendAsync(request);
        return (tag, $"{Host}/{name}@{response.Headers.GetValues("Docker-Content-Digest").Single()}");
    }

    private async Task PodmanAsync(params string[] arguments)
    {
        using var podman = Process.Start(new ProcessStartInfo("podman", ["--remote", "--url", $"unix://{Service.SocketPath}", .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
        var error = await podman.StandardError.ReadToEndAsync();
        await podman.WaitForExitAsync();
        podman.ExitCode.ShouldBe(0, error);
    }

    private async Task<bool> AnswersAsync(HttpClient http)
    {
        try
        {
            using var response = await http.GetAsync(new Uri($"http://{Host}/v2/"));
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
