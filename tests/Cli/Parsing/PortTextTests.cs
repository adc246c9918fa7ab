using Harmony.Fleet.Cli.Parsing;
using Harmony.Fleet.Contracts.Scores;
using Harmony.Fleet.Core.Outcomes;

namespace Harmony.Fleet.Tests.Cli.Parsing;

public sealed class PortTextTests
{
    [Theory]
    [InlineData("8080:80", null, 8080, 80, null)]
    [InlineData("8080:80/tcp", null, 8080, 80, null)]
    [InlineData("53:53/udp", null, 53, 53, "UDP")]
    [InlineData("53:53/UDP", null, 53, 53, "UDP")]
    [InlineData("127.0.0.1:8080:80", "127.0.0.1", 8080, 80, null)]
    [InlineData("[::1]:8080:80/udp", "::1", 8080, 80, "UDP")]
    [InlineData("1:65535", null, 1, 65535, null)]
    public void Port_AsTyped_IsParsed(string text, string? address, int host, int container, string? protocol) =>
        PortText.Parse(text).Value.ShouldBe(new ContainerPort { HostIp = address, HostPort = host, Port = container, Protocol = protocol });

    [Theory]
    [InlineData("")]
    [InlineData(":")]
    [InlineData("80")]
    [InlineData(":80")]
    [InlineData("80:")]
    [InlineData("0:80")]
    [InlineData("80:65536")]
    [InlineData("-1:80")]
    [InlineData("a:b")]
    [InlineData("8080:80/")]
    [InlineData("8080:80/sctp")]
    [InlineData("1:2:3")]
    [InlineData("localhost:8080:80")]
    [InlineData("::1:8080:80")]
    [InlineData("[127.0.0.1]:8080:80")]
    [InlineData("[fe80::1%eth0]:8080:80")]
    [InlineData("999.0.0.1:8080:80")]
    public void Port_ThatIsNone_SaysHowOneIsWritten(string text)
    {
        var error = PortText.Parse(text).Fault.ShouldNotBeNull();
        error.Kind.ShouldBe(FaultKind.Invalid);
        error.ToString().ShouldBe($"--port '{text}' is no port: write HOST:CONTAINER, for example 8080:80, 127.0.0.1:8080:80 or 53:53/udp");
    }
}
