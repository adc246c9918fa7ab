using System.Net.Sockets;
using Harmony.Fleet.Adapters.Podman.Http;

namespace Harmony.Fleet.Tests.Adapters.Podman.Http;

public sealed class SocketConnectionTests
{
    [Theory]
    [InlineData("/run/podman/podman.sock", "start podman's service (systemctl restart podman.socket)")]
    [InlineData("/run/user/1000/podman/podman.sock", "start podman's service (systemctl --user restart podman.socket)")]
    [InlineData("/run/user/1000/harmony-fleet-local/1a/podman/podman.sock", "a fleet up starts the podman of its devices again by itself; any other is started by podman system service")]
    [InlineData("/run/harmony-fleet-local/1a/device-1/podman.sock", "a fleet up starts the podman of its devices again by itself; any other is started by podman system service")]
    public void Explain_OfASocketThatNobodyListensAt_NamesAUnitOnlyWhereThereIsOne(string path, string remedy) =>
        SocketConnection.Explain(path, SocketError.ConnectionRefused).ShouldBe($"nothing answers at podman's socket {path}: {remedy}");
}
