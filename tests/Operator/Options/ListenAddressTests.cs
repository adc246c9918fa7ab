using Harmony.Fleet.Operator.Options;

namespace Harmony.Fleet.Tests.Operator.Options;

public sealed class ListenAddressTests
{
    [Theory]
    [InlineData("http://127.0.0.1:8080", "127.0.0.1:8080")]
    [InlineData("http://127.0.0.1:8080/", "127.0.0.1:8080")]
    [InlineData("http://127.9.9.9:1", "127.9.9.9:1")]
    [InlineData("http://localhost:0", "127.0.0.1:0")]
    [InlineData("http://[::1]:8080", "[::1]:8080")]
    public void Tcp_OfLoopback_IsTaken(string text, string expected)
    {
        ListenAddress.TryParse(text, out var address, out _).ShouldBeTrue();

        address.ShouldBeOfType<ListenAddress.Tcp>().EndPoint.ToString().ShouldBe(expected);
    }

    [Fact]
    public void UnixSocket_IsTaken()
    {
        ListenAddress.TryParse("unix:/run/fleet/operator.sock", out var address, out _).ShouldBeTrue();

        address.ShouldBe(new ListenAddress.UnixSocket("/run/fleet/operator.sock"));
    }

    [Theory]
    [InlineData("http://0.0.0.0:8080", "users cannot log in yet")]
    [InlineData("http://[::]:8080", "users cannot log in yet")]
    [InlineData("http://192.168.1.5:8080", "users cannot log in yet")]
    [InlineData("http://fleet.example:8080", "users cannot log in yet")]
    [InlineData("http://127.0.0.1.example.com:80", "users cannot log in yet")]
    [InlineData("http://*:8080", "no address")]
    [InlineData("https://127.0.0.1:8080", "no address")]
    [InlineData("http://127.0.0.1:8080/api", "no address")]
    [InlineData("http://user@127.0.0.1:8080", "no address")]
    [InlineData("127.0.0.1:8080", "no address")]
    [InlineData("8080", "no address")]
    [InlineData("unix:run/fleet.sock", "no socket")]
    [InlineData("unix:", "no socket")]
    [InlineData("unix:/run/", "no socket")]
    [InlineData("unix:/run/a\0b", "no socket")]
    public void Anything_Else_IsRefused(string text, string problem)
    {
        ListenAddress.TryParse(text, out var address, out var told).ShouldBeFalse();

        address.ShouldBeNull();
        told.ShouldContain(problem);
    }

    [Fact]
    public void UnixSocket_TooLongForTheKernel_IsRefused()
    {
        ListenAddress.TryParse("unix:/" + new string('a', 110), out _, out var told).ShouldBeFalse();

        told.ShouldContain("too long");
    }
}
