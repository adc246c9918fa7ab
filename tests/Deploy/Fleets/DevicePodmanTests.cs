namespace Harmony.Fleet.Tests.Deploy.Fleets;

/// <summary>The podman of one device, as people reach it.</summary>
[Trait("Category", "Integration")]
public sealed class DevicePodmanTests
{
    [Fact]
    public async Task Podman_OfADevice_SeesItsImages_WhateverLeadsOtherPodmansElsewhere()
    {
        await using var folder = new FleetFolder();
        await folder.UpAsync();
        using var call = await CliCall.BeginAsync([("CONTAINER_HOST", "unix:///nowhere.sock"), ("STORAGE_DRIVER", "none")], ["podman", "--data", folder.Path, "device-1", "images", "--format", "{{.Repository}}:{{.Tag}}"]);
        var images = await call.EndAsync();
        images.ShouldBe((0, "localhost/hello-web:1\nlocalhost/hello-web:2\n", string.Empty));

        var missing = await CliCall.RunAsync("podman", "--data", folder.Path, "device-1", "container", "exists", "nothing");
        missing.Code.ShouldBe(1, "it is podman's own exit code");
        (await CliCall.RunAsync("podman", "--data", folder.Path, "device-1", "tag", "localhost/hello-web:1", "localhost/shop:3")).Code.ShouldBe(0);
        (await folder.PodmanAsync("device-1", "image", "exists", "localhost/shop:3")).ShouldBeEmpty();
    }
}
