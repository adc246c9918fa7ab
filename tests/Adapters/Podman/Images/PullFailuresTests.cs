using Harmony.Fleet.Adapters.Podman.Images;
using Harmony.Fleet.Core.Images;

namespace Harmony.Fleet.Tests.Adapters.Podman.Images;

/// <summary>Podman's own words for pulls that failed, which name the image up to three times.</summary>
public sealed class PullFailuresTests
{
    [Theory]
    [InlineData(
        "nothing:1",
        "initializing source docker://nothing:1: pinging container registry registry-1.docker.io: Get \"https://registry-1.docker.io/v2/\": dial tcp: lookup registry-1.docker.io: no such host",
        "image docker.io/library/nothing:1 cannot be pulled: pinging container registry registry-1.docker.io: Get \"https://registry-1.docker.io/v2/\": dial tcp: lookup registry-1.docker.io: no such host")]
    [InlineData(
        "nothing:1",
        "initializing source docker://nothing:1: reading manifest 1 in docker.io/library/nothing: requested access to the resource is denied",
        "image docker.io/library/nothing:1 cannot be pulled: requested access to the resource is denied")]
    [InlineData(
        "127.0.0.1:5000/app:2",
        "initializing source docker://127.0.0.1:5000/app:2: reading manifest 2 in 127.0.0.1:5000/app: manifest unknown",
        "image 127.0.0.1:5000/app:2 cannot be pulled: manifest unknown")]
    [InlineData("app:2", "initializing source docker://app:2", "image docker.io/library/app:2 cannot be pulled: initializing source docker://app:2")]
    public void Of_PodmansWords_NamesTheImageOnce(string reference, string error, string sentence)
    {
        ImageReference.TryParse(reference, out var image, out _).ShouldBeTrue();
        PullFailures.Of(ImageName.Of(image!), error).What.ShouldBe(sentence);
    }
}
