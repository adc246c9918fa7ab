using System.Net.Sockets;
using Harmony.Fleet.Hosting.Systemd;

namespace Harmony.Fleet.Tests.Hosting.Systemd;

public sealed class JournalStreamTests
{
    [Theory]
    [InlineData("8:12345", "socket:[12345]", true)]
    [InlineData("8:12345", "socket:[2345]", false)]
    [InlineData("8:12345", "/var/log/agent.log", false)]
    [InlineData("8:12345", "pipe:[12345]", false)]
    [InlineData("8:12345", null, false)]
    [InlineData("12345", "socket:[12345]", false)]
    [InlineData("8:", "socket:[]", false)]
    [InlineData("", "socket:[]", false)]
    [InlineData(null, "socket:[12345]", false)]
    public void Stream_IsTheJournals_WhereTheVariableNamesIt(string? variable, string? target, bool isIt) => JournalStream.Is(variable, target).ShouldBe(isIt);

    [Fact]
    public void Socket_AsTheKernelShowsIt_IsOfThatForm()
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        var target = new FileInfo($"/proc/self/fd/{socket.Handle}").LinkTarget.ShouldNotBeNull();
        JournalStream.Is($"8:{target["socket:[".Length..^1]}", target).ShouldBeTrue();
    }
}
