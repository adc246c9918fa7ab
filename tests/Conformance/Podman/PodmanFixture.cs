using System.Collections.Immutable;
using System.Text;
using Harmony.Fleet.Adapters.Podman;
using Harmony.Fleet.Adapters.Podman.Http;
using Harmony.Fleet.Core.Containers;
using Harmony.Fleet.Core.Outcomes;
using Harmony.Fleet.Deploy.Images;
using Harmony.Fleet.Deploy.Podman;
using Harmony.Fleet.Tests.Harness;

namespace Harmony.Fleet.Tests.Conformance.Podman;

/// <summary>A private podman with a small image, for one class of tests. Nothing of it is left afterwards.</summary>
public class PodmanFixture : IAsyncLifetime
{
    public const string Label = "test.example/owner";
    public const string Image = "localhost/idle:1";

    private readonly TempFolder folder = new();
    private PodmanService? service;
    private PodmanRuntime? runtime;
    private int counter;

    public PodmanService Service => service ?? throw new InvalidOperationException("Not started.");

    public PodmanRuntime Runtime => runtime ?? throw new InvalidOperationException("Not started.");

    public TempFolder Folder => folder;

    public static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Registries without TLS.</summary>
    protected virtual ImmutableArray<string> InsecureRegistries => [];

    public virtual async ValueTask InitializeAsync()
    {
        await EngScript.RunAsync("eng/podman.sh", "--tests");
        await StartServiceAsync();
        await LoadAsync(IdleImage(Image));
    }

    public virtual async ValueTask DisposeAsync()
    {
        runtime?.Dispose();
        if (service is not null)
        {
            await service.DisposeAsync();
        }

        var purged = await PodmanPurge.PurgeAsync(folder.File("podman"), CancellationToken.None);
        purged.IsOk.ShouldBeTrue(purged.Fault?.ToString());
        HostNetwork.TracesOf(folder.File("podman")).ShouldBeEmpty();
        folder.Dispose();
    }

    /// <summary>Starts the service, again too.</summary>
    public async Task StartServiceAsync()
    {
        runtime?.Dispose();
        var options = new PodmanServiceOptions { Folder = folder.File("podman"), InsecureRegistries = InsecureRegistries };
        service = Must(await PodmanService.StartAsync(options, TimeProvider.System, CancellationToken.None));
        runtime = new PodmanRuntime(new PodmanOptions { SocketPath = service.SocketPath }, TimeProvider.System);
    }

    /// <summary>A spec that lasts until it is stopped, with a name and an owner of its own.</summary>
    public ContainerSpec Spec(string? owner = null)
    {
        var name = $"ns.app.c{Interlocked.Increment(ref counter)}";
        return new ContainerSpec
        {
            Name = name,
            Image = Image,
            Labels = ImmutableSortedDictionary.CreateRange(StringComparer.Ordinal, [KeyValuePair.Create(Label, owner ?? name)]),
            StopTimeoutSeconds = 2,
        };
    }

    public async Task<ObservedContainer> ObserveAsync(ContainerSpec spec) =>
        Must(await Runtime.ObserveAsync(Label, spec.Labels[Label], Cancel)).ShouldHaveSingleItem();

    public async Task<string> RunAsync(ContainerSpec spec)
    {
        var id = Must(await Runtime.CreateAsync(spec, Cancel));
        Must(await Runtime.StartAsync(id, Cancel));
        return id;
    }

    public static T Must<T>(Outcome<T> result) =>
        result.IsOk ? result.Value : throw new InvalidOperationException($"{result.Fault.Kind}: {result.Fault.ToString()}");

    public async Task LoadAsync(ImageContent content)
    {
        using var archive = ImageArchive.Write(content);
        (await ImageLoad.LoadAsync(Runtime.SocketPath, archive, CancellationToken.None)).ShouldBeNull();
    }

    /// <summary>An image that brings along one of everything: environment, labels, a volume, entrypoint and command.</summary>
    public static ImageContent IdleImage(string tag) => new()
    {
        Tags = [tag],
        Entrypoint = ["/bin/sh", "-c"],
        Command = ["trap 'exit 0' TERM; while :; do sleep 0.1; done"],
        Env = ["PATH=/bin", "FROM_IMAGE=yes", "EMPTY="],
        Labels = ImmutableSortedDictionary.CreateRange(StringComparer.Ordinal, [KeyValuePair.Create("image.example/label", "of the image")]),
        Volumes = ["/scratch"],
        Folders = ["bin", "tmp"],
        Programs = ImmutableSortedDictionary.CreateRange<string, ReadOnlyMemory<byte>>(
            StringComparer.Ordinal,
            [new("bin/busybox", Must(StaticBusybox.Read())), new("bin/marker", Encoding.UTF8.GetBytes(tag))]),
        Links = ImmutableSortedDictionary.CreateRange(
            StringComparer.Ordinal, ((string[])["sh", "sleep", "cat", "echo", "env"]).Select(name => KeyValuePair.Create("bin/" + name, "busybox"))),
    };
}
