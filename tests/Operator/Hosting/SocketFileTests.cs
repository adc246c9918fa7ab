using System.Net.Sockets;
using Harmony.Fleet.Operator.Hosting;
using Harmony.Fleet.Tests.Harness;

namespace Harmony.Fleet.Tests.Operator.Hosting;

public sealed class SocketFileTests : IDisposable
{
    private readonly TempFolder folder = new();

    private string Path => folder.File("run/api.sock");

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Room_WhereASocketWasLeft_IsMade()
    {
        SocketFile.MakeRoom(Path);
        using (var left = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            left.Bind(new UnixDomainSocketEndPoint(Path));
            left.Listen();
            Should.Throw<IOException>(() => SocketFile.MakeRoom(Path));
            File.Move(Path, folder.File("kept")); // Its end takes the name away.
        }

        File.Move(folder.File("kept"), Path);
        SocketFile.MakeRoom(Path);
        System.IO.Path.Exists(Path).ShouldBeFalse();
    }

    [Theory]
    [InlineData("")]
    [InlineData("dear")]
    public void File_InTheWay_IsToldAndKept(string content)
    {
        Directory.CreateDirectory(folder.File("run"));
        File.WriteAllText(Path, content);
        Should.Throw<IOException>(() => SocketFile.MakeRoom(Path)).Message.ShouldContain("is in the way");
        File.ReadAllText(Path).ShouldBe(content);
    }
}
