using Harmony.Fleet.Cli.Parsing;
using Harmony.Fleet.Contracts.Scores;
using Harmony.Fleet.Core.Outcomes;

namespace Harmony.Fleet.Tests.Cli.Parsing;

public sealed class VolumeTextTests
{
    [Theory]
    [InlineData("/srv/data:/data", "/srv/data", null, "/data", false)]
    [InlineData("/srv/data:/data:ro", "/srv/data", null, "/data", true)]
    [InlineData("/srv/data:/data:rw", "/srv/data", null, "/data", false)]
    [InlineData("cache:/var/cache", null, "cache", "/var/cache", false)]
    [InlineData("cache:/var/cache:ro", null, "cache", "/var/cache", true)]
    public void Volume_AsTyped_IsParsed(string text, string? path, string? volume, string mount, bool readOnly) =>
        VolumeText.Parse(text).Value.ShouldBe(new VolumeMount { HostPath = path, Volume = volume, MountPath = mount, ReadOnly = readOnly });

    [Theory]
    [InlineData("")]
    [InlineData("/srv/data")]
    [InlineData("/srv/data:")]
    [InlineData(":/data")]
    [InlineData("cache:data")]
    [InlineData("/a:/b:rx")]
    [InlineData("/a:/b:ro:z")]
    [InlineData("./here:/data")]
    [InlineData("~/here:/data")]
    public void Volume_ThatIsNone_IsAUsageError(string text) => VolumeText.Parse(text).Fault.ShouldNotBeNull().Kind.ShouldBe(FaultKind.Invalid);
}
