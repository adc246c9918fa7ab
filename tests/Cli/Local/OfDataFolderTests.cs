namespace Harmony.Fleet.Tests.Cli.Local;

/// <summary>Commands about the fleet of a data folder do not take it for one that was named by its server.</summary>
public sealed class OfDataFolderTests : IDisposable
{
    private readonly CliUnderTest cli = new();

    public static TheoryData<string> Lines => ["demo", "demo --auto", "up", "up --detach", "down", "status", "podman device-1 ps", "load-test", "backup x", "restore x"];

    public void Dispose() => cli.Dispose();

    [Theory]
    [MemberData(nameof(Lines))]
    public async Task Server_IsRefused(string line)
    {
        var words = line.Split(' ');
        foreach (var (option, value) in ((string, string)[])[("--server", "http://127.0.0.1:1"), ("--token-file", "token")])
        {
            var sentence = $"error: fleet {words[0]} is about the fleet of a data folder: leave {option} out, or name the folder with --data\nSee: fleet {words[0]} --help\n";
            (await cli.RunAsync([words[0], option, value, .. words[1..]])).ShouldBe(new CliRun(2, string.Empty, sentence));
        }

        Directory.EnumerateFileSystemEntries(cli.Folder).ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Lines))]
    public async Task Help_DoesNotShowIt(string line)
    {
        var help = (await cli.RunAsync(line.Split(' ')[0], "--help")).Out;
        help.ShouldNotContain("--server");
        help.ShouldNotContain("--token-file");
        help.ShouldContain("--data");
    }

    [Fact]
    public async Task Variable_ThatNamesAServer_IsForOtherCommands()
    {
        cli.Facing("http://127.0.0.1:1");
        (await cli.RunAsync("status", "--data", "data")).Code.ShouldBe(6);
        (await cli.RunAsync("down", "--data", "data")).Code.ShouldBe(0);
    }
}
