using System.Net;
using System.Net.Sockets;
using Harmony.Fleet.Deploy.Keys;
using Harmony.Fleet.Deploy.Stacks;
using Harmony.Fleet.Tests.Harness;

namespace Harmony.Fleet.Tests.Deploy.Fleets;

/// <summary>What can be wrong before a fleet stands: one clear sentence with what to do, the right exit code, and nothing is lost.</summary>
[Trait("Category", "Integration")]
public sealed class BadFolderTests
{
    [Fact]
    public async Task Up_WithAPortInUse_SaysSo()
    {
        await using var folder = new FleetFolder();
        using var squatter = new TcpListener(IPAddress.Loopback, 0);
        squatter.Start();
        var port = ((IPEndPoint)squatter.LocalEndpoint).Port;
        var up = await folder.RunAsync("up", "--nats-port", $"{port}");
        up.Code.ShouldBe(5);
        Sentence(up.Errors).ShouldBe($"error: port {port} of 127.0.0.1 is in use by process {Environment.ProcessId} ({Path.GetFileName(File.ReadAllText("/proc/self/cmdline").Split('\0')[0])}): end what listens there, or leave --nats-port out to have a free one chosen");
        await folder.NobodyIsLeftAsync();
    }

    [Fact]
    public async Task Up_WithTheApisPortInUse_SaysSoBeforeAnythingIsStarted()
    {
        await using var folder = new FleetFolder();
        using var squatter = new TcpListener(IPAddress.Loopback, 0);
        squatter.Start();
        var up = await folder.RunAsync("up", "--api-port", $"{((IPEndPoint)squatter.LocalEndpoint).Port}");
        up.Code.ShouldBe(5);
        Sentence(up.Errors).ShouldEndWith("): end what listens there, or leave --api-port out to have a free one chosen");
        Directory.Exists(Path.Combine(folder.Path, "nats")).ShouldBeFalse();
    }

    [Fact]
    public async Task Up_InAFolderThatCannotBe_SaysSo()
    {
        var up = await CliCall.RunAsync("up", "--data", "/proc/fleet");
        up.Code.ShouldBe(1);
        Sentence(up.Errors).ShouldContain("--data");
    }

    [Fact]
    public async Task Up_WithADamagedKey_SaysSoAndKeepsIt()
    {
        await using var folder = new FleetFolder();
        await folder.UpAsync("--devices", "0");
        (await folder.RunAsync("down")).Code.ShouldBe(0);
        var key = Path.Combine(folder.Path, KeyPaths.Master);
        await File.WriteAllTextAsync(key, "half a ke", TestContext.Current.CancellationToken);
        var up = await folder.RunAsync("up");
        up.Code.ShouldBe(1);
        Sentence(up.Errors).ShouldBe($"error: {key} holds no master key: the file is damaged: put it back from a backup: fleet restore --data {folder.Path} FILE --replace");
        (await File.ReadAllTextAsync(key, TestContext.Current.CancellationToken)).ShouldBe("half a ke");
        await folder.NobodyIsLeftAsync();
    }

    [Theory]
    [InlineData("100000")]
    [InlineData("-1")]
    [InlineData("\"2\"")]
    public async Task Up_WithANumberOfDevicesThatMakesNoSense_SaysSoAndMakesNone(string devices)
    {
        await using var folder = new FleetFolder();
        (await new StackMark(folder.Path).SetAsync(TestContext.Current.CancellationToken)).ShouldBeNull();
        var wish = Path.Combine(folder.Path, "fleet.json");
        var text = (await File.ReadAllTextAsync(wish, TestContext.Current.CancellationToken)).Replace("\"devices\": 0", $"\"devices\": {devices}", StringComparison.Ordinal);
        await File.WriteAllTextAsync(wish, text, TestContext.Current.CancellationToken);
        var up = await folder.RunAsync("up");
        up.Code.ShouldBe(2);
        Sentence(up.Errors).ShouldBe($"error: {wish} has devices {devices}, where a number from 0 to 32 should be: mend the file, or restore it from a backup");
        Directory.Exists(Path.Combine(folder.Path, "devices")).ShouldBeFalse();
    }

    [Fact]
    public async Task Up_WithALostKey_MakesNoOther()
    {
        await using var folder = new FleetFolder();
        await folder.UpAsync("--devices", "0");
        (await folder.RunAsync("down")).Code.ShouldBe(0);
        var key = Path.Combine(folder.Path, KeyPaths.Master);
        File.Delete(key);
        var up = await folder.RunAsync("up");
        up.Code.ShouldBe(1);
        Sentence(up.Errors).ShouldContain("is missing, though this fleet was set up before");
        File.Exists(key).ShouldBeFalse();
    }

    [Fact]
    public async Task Down_WhereNothingEverRan_IsDone()
    {
        var down = await CliCall.RunAsync("down", "--data", "/tmp/there-is-no-such-fleet");
        down.Code.ShouldBe(0);
        down.Errors.ShouldBe("No fleet was ever set up in /tmp/there-is-no-such-fleet.\n");
    }

    [Theory]
    [InlineData("down")]
    [InlineData("down", "--purge")]
    public async Task Down_InAFolderThatIsNoFleets_SaysSoAndTouchesNothing(params string[] words)
    {
        using var folder = new TempFolder();
        var photo = folder.File("keys/photo.jpg");
        Directory.CreateDirectory(Path.GetDirectoryName(photo)!);
        await File.WriteAllTextAsync(photo, "smile", TestContext.Current.CancellationToken);
        var down = await CliCall.RunAsync([.. words, "--data", folder.Path]);
        down.ShouldBe((2, string.Empty, $"error: no fleet was ever set up in {folder.Path}, and nothing there was touched: name a fleet's data folder with --data\n"));
        Directory.GetFileSystemEntries(folder.Path, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).ShouldBe([folder.File("keys"), photo]);
    }

    [Fact]
    public async Task Up_ThatFailsEarly_HasMarkedTheFolder()
    {
        await using var folder = new FleetFolder();
        using var squatter = new TcpListener(IPAddress.Loopback, 0);
        squatter.Start();
        (await folder.RunAsync("up", "--nats-port", $"{((IPEndPoint)squatter.LocalEndpoint).Port}")).Code.ShouldBe(5);
        new StackMark(folder.Path).Owner().ShouldBeOfType<StackOwner.Fleet>();
        (await folder.RunAsync("down", "--purge")).Code.ShouldBe(0);
        Directory.Exists(folder.Path).ShouldBeFalse();
    }

    [Theory]
    [InlineData("up")]
    [InlineData("up", "--detach")]
    [InlineData("demo", "--auto")]
    [InlineData("down")]
    [InlineData("down", "--purge")]
    [InlineData("status")]
    [InlineData("get", "devices")]
    public async Task AnyCommand_InAFolderWithAForeignFleetFile_SaysSoAndTouchesNothing(params string[] words)
    {
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(folder.File("fleet.json"), """{"trucks":12}""", TestContext.Current.CancellationToken);
        Directory.CreateDirectory(folder.File("logs"));
        var call = await CliCall.RunAsync([.. words, "--data", folder.Path]);
        call.Code.ShouldBe(2, call.Errors);
        Sentence(call.Errors).ShouldBe(
            $"error: {folder.File("fleet.json")} is there, but no mark of a fleet (.harmony-fleet), so nothing there was touched: name a fleet's data folder with --data; what a version without marks left is to be removed by hand");
        Directory.GetFileSystemEntries(folder.Path, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).ShouldBe([folder.File("fleet.json"), folder.File("logs")]);
    }

    [Theory]
    [InlineData(":", "up")]
    [InlineData(",", "up", "--detach")]
    [InlineData("\\", "demo")]
    [InlineData("\n", "demo", "--auto")]
    public async Task Start_InAPathThatPodmanCannotTake_SaysSoAndMakesNothing(string character, params string[] words)
    {
        using var folder = new TempFolder();
        var call = await CliCall.RunAsync([.. words, "--data", folder.File($"a{character}b")]);
        call.Code.ShouldBe(2, call.Errors);
        Sentence(call.Errors).ShouldEndWith("choose another data folder: --data DIR");
        Directory.EnumerateFileSystemEntries(folder.Path).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("up")]
    [InlineData("down", "--purge")]
    [InlineData("status")]
    public async Task AnyCommand_WithAnEmptyDataFolder_IsNotTheUsualOne(params string[] words)
    {
        var call = await CliCall.RunAsync([.. words, "--data", string.Empty]);
        call.Code.ShouldBe(2);
        Sentence(call.Errors).ShouldBe("error: --data is empty: say DIR, or leave it out");
    }

    private static string Sentence(string errors) => errors.Split('\n').Where(line => line.StartsWith("error:", StringComparison.Ordinal)).ShouldHaveSingleItem();
}
