using Harmony.Fleet.Adapters.Podman.Images;
using Harmony.Fleet.Core.Images;

namespace Harmony.Fleet.Tests.Adapters.Podman.Images;

public sealed class ImageNameTests
{
    private const string Digest = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    [Theory]
    [InlineData("alpine", "docker.io/library/alpine:latest", false)]
    [InlineData("alpine:3", "docker.io/library/alpine:3", false)]
    [InlineData("team/app:1", "docker.io/team/app:1", false)]
    [InlineData("docker.io/alpine", "docker.io/library/alpine:latest", false)]
    [InlineData("index.docker.io/alpine:3", "docker.io/library/alpine:3", false)]
    [InlineData("quay.io/app", "quay.io/app:latest", false)]
    [InlineData("registry.example:5000/a/b:1", "registry.example:5000/a/b:1", false)]
    [InlineData("localhost/hello-web:1", "localhost/hello-web:1", true)]
    [InlineData("localhost:5000/hello-web:1", "localhost:5000/hello-web:1", false)]
    [InlineData("127.0.0.1:5000/app@" + Digest, "127.0.0.1:5000/app@" + Digest, false)]
    [InlineData("alpine:3@" + Digest, "docker.io/library/alpine@" + Digest, false)]
    public void Of_AReference_IsTheNameInFull(string text, string full, bool isLocal)
    {
        ImageReference.TryParse(text, out var reference, out _).ShouldBeTrue();

        ImageName.Of(reference!).ShouldBe(new ImageName(full, isLocal));
    }
}
