using Harmony.Fleet.Core.Outcomes;
using Harmony.Fleet.Tests.Adapters.Podman.Fixtures;
using static Harmony.Fleet.Tests.Conformance.Podman.PodmanFixture;

namespace Harmony.Fleet.Tests.Adapters.Podman.Images;

[Trait("Category", "Integration")]
public sealed class PullTests(RegistryFixture podman) : IClassFixture<RegistryFixture>
{
    [Fact]
    public async Task EnsureImage_ByTag_PullsItOnceAndNotAgain()
    {
        var (tag, _) = await podman.PublishAsync("by-tag");

        var id = Must(await podman.Runtime.EnsureImageAsync(tag, Cancel));

        id.ShouldMatch("^[0-9a-f]{64}$");
        await podman.StopRegistryAsync();
        Must(await podman.Runtime.EnsureImageAsync(tag, Cancel)).ShouldBe(id);
        await podman.StartRegistryAsync();
    }

    [Fact]
    public async Task EnsureImage_ByDigest_GivesTheImageOfTheTag()
    {
        var (tag, digest) = await podman.PublishAsync("by-digest");

        var id = Must(await podman.Runtime.EnsureImageAsync(digest, Cancel));

        Must(await podman.Runtime.EnsureImageAsync(digest, Cancel)).ShouldBe(id);
        Must(await podman.Runtime.EnsureImageAsync(tag, Cancel)).ShouldBe(id);
    }

    [Fact]
    public async Task EnsureImage_ByTagAndDigest_Pulls()
    {
        var (tag, digest) = await podman.PublishAsync("by-both");

        var id = Must(await podman.Runtime.EnsureImageAsync(tag + digest[digest.IndexOf('@', StringComparison.Ordinal)..], Cancel));

        var spec = podman.Spec() with { Image = digest };
        await podman.RunAsync(spec);
        (await podman.ObserveAsync(spec)).ImageId.ShouldBe(id);
    }

    [Theory]
    [InlineData("nobody:1")]
    [InlineData("by-name:none")]
    [InlineData("by-name@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef")]
    public async Task EnsureImage_ThatTheRegistryHasNot_IsPermanentAndNamesIt(string name)
    {
        await podman.PublishAsync("by-name");

        var failure = (await podman.Runtime.EnsureImageAsync($"{podman.Host}/{name}", Cancel)).Fault!;

        failure.Kind.ShouldBe(FaultKind.Permanent, failure.What);
        failure.What.ShouldStartWith($"image {podman.Host}/{name} cannot be pulled: ");
        failure.What.Split($"{podman.Host}/{name.Split(':', '@')[0]}").Length.ShouldBe(2, $"the image is named once: {failure.What}");
    }

    [Fact]
    public async Task EnsureImage_FromARegistryThatIsAway_IsTransient()
    {
        var failure = (await podman.Runtime.EnsureImageAsync("127.0.0.1:1/app:1", Cancel)).Fault!;

        failure.Kind.ShouldBe(FaultKind.Transient, failure.What);
    }

    [Fact]
    public async Task EnsureImage_OfLocalhost_IsNeverPulled()
    {
        var failure = (await podman.Runtime.EnsureImageAsync("localhost/nope:1", Cancel)).Fault!;

        failure.Kind.ShouldBe(FaultKind.Permanent);
        failure.What.ShouldContain("podman load");
    }

    [Fact]
    public async Task EnsureImage_ThatIsThere_GivesItsId() =>
        Must(await podman.Runtime.EnsureImageAsync(Image, Cancel)).ShouldMatch("^[0-9a-f]{64}$");
}
