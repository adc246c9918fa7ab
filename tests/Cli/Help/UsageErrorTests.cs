namespace Harmony.Fleet.Tests.Cli.Help;

public sealed class UsageErrorTests : IDisposable
{
    private readonly CliUnderTest cli = new();

    public void Dispose() => cli.Dispose();

    [Theory]
    [InlineData("gte", "fleet knows no command 'gte': did you mean 'get'?", "fleet --help")]
    [InlineData("frobnicate", "fleet knows no command 'frobnicate'", "fleet --help")]
    [InlineData("get deploymnets", "fleet get knows no command 'deploymnets': did you mean 'deployments'?", "fleet get --help")]
    [InlineData("gte --help", "fleet knows no command 'gte': did you mean 'get'?", "fleet --help")]
    [InlineData("get", "fleet get needs to be told what: deployments or devices", "fleet get --help")]
    [InlineData("completion", "fleet completion needs to be told what: bash, zsh or fish", "fleet completion --help")]
    [InlineData("--data", "--data needs a value: --data DIR", "fleet --help")]
    [InlineData("get --server", "--server needs a value: --server URL", "fleet get --help")]
    [InlineData("apply --iamge x", "fleet apply knows no option '--iamge': did you mean '--image'?", "fleet apply --help")]
    [InlineData("apply --iamge=x", "fleet apply knows no option '--iamge=x': did you mean '--image'?", "fleet apply --help")]
    [InlineData("get devices --severr x", "fleet get devices knows no option '--severr': did you mean '--server'?", "fleet get devices --help")]
    [InlineData("get device --otput json", "fleet get devices knows no option '--otput': did you mean '--output'?", "fleet get devices --help")]
    [InlineData("label device pi-1 a=b --sevrer x", "fleet label device knows no option '--sevrer': did you mean '--server'?", "fleet label device --help")]
    [InlineData("version more", "fleet version knows no argument 'more'", "fleet version --help")]
    [InlineData("ping", "fleet ping needs DEVICE", "fleet ping --help")]
    [InlineData("kv get", "fleet kv get needs BUCKET and KEY", "fleet kv get --help")]
    [InlineData("kv get device-info", "fleet kv get needs KEY", "fleet kv get --help")]
    [InlineData("label device pi-1", "fleet label device needs LABELS", "fleet label device --help")]
    [InlineData("ping pi-1 --server", "--server needs a value: --server URL", "fleet ping --help")]
    [InlineData("apply --name", "--name needs a value: --name NAME", "fleet apply --help")]
    [InlineData("apply --name a --name b", "--name is there more than once, and takes one value", "fleet apply --help")]
    [InlineData("wait deployment a", "fleet wait deployment needs --for converged|deleted|completed", "fleet wait deployment --help")]
    [InlineData("apply --wait=perhaps", "--wait takes no value 'perhaps': say --wait alone, or leave it out", "fleet apply --help")]
    [InlineData("get devices --watch=maybe", "--watch takes no value 'maybe': say --watch alone, or leave it out", "fleet get devices --help")]
    [InlineData("get devices -w:maybe", "-w takes no value 'maybe': say -w alone, or leave it out", "fleet get devices --help")]
    [InlineData("-- get devices", "after '--' no word is a command: leave it out before 'get'", "fleet --help")]
    [InlineData("get -- devices", "after '--' no word is a command: leave it out before 'devices'", "fleet get --help")]
    [InlineData("wait web --for=converged", "fleet wait knows no command 'web': did you mean 'fleet wait deployment web'?", "fleet wait --help")]
    [InlineData("delete web", "fleet delete knows no command 'web': use deployment or device", "fleet delete --help")]
    [InlineData("delete", "fleet delete needs to be told what: deployment or device", "fleet delete --help")]
    [InlineData("delete device --yes", "fleet delete device needs NAME", "fleet delete device --help")]
    [InlineData("delete device pi-1 pi-2 --yes", "fleet delete device knows no argument 'pi-2'", "fleet delete device --help")]
    [InlineData("delete device Pi_1 --yes", "'Pi_1' is no device's name: use 1 to 63 characters of a-z, 0-9 and '-', beginning and ending with a letter or digit", "fleet delete device --help")]
    [InlineData("delete device pi-1 -n plant", "fleet delete device knows no option '-n'", "fleet delete device --help")]
    [InlineData("label pi-1 a=b", "fleet label knows no command 'pi-1': did you mean 'fleet label device pi-1'?", "fleet label --help")]
    [InlineData("get web", "fleet get knows no command 'web': use deployments or devices", "fleet get --help")]
    [InlineData("kv device-info", "fleet kv knows no command 'device-info': use ls, get or watch", "fleet kv --help")]
    [InlineData("get --version x", "fleet get knows no option '--version'", "fleet get --help")]
    [InlineData("--nope", "fleet knows no option '--nope'", "fleet --help")]
    public async Task CommandLine_ThatIsWrong_IsToldOnStderr_WithExit2(string line, string message, string help)
    {
        var run = await cli.RunAsync(line.Split(' '));
        run.Code.ShouldBe(2);
        run.Out.ShouldBeEmpty();
        run.Error.ShouldContain($"error: {message}\n");
        run.Error.ShouldEndWith($"See: {help}\n");
    }

    [Theory]
    [InlineData("--data is empty: say DIR, or leave it out", "down", "--purge", "--data", "")]
    [InlineData("--data is empty: say what, or leave it out", "--data=", "status")]
    [InlineData("--server is empty: say URL, or leave it out", "get", "devices", "--server", "")]
    [InlineData("--file is empty: say FILE, or leave it out", "apply", "-f", "")]
    [InlineData("--selector is empty: say SELECTOR, or leave it out", "get", "devices", "-l", "")]
    [InlineData("--device is empty: say DEVICE, or leave it out", "logs", "hello", "--device", "")]
    [InlineData("--container is empty: say NAME, or leave it out", "logs", "hello", "--container", "")]
    [InlineData("BUCKET is empty: say which", "kv", "ls", "")]
    [InlineData("NAME is empty: say which", "get", "deployments", "")]
    public async Task EmptyWord_OfAnUnsetVariable_IsNotTakenForLeftOut(string message, params string[] arguments)
    {
        var run = await cli.RunAsync(arguments);
        run.Code.ShouldBe(2);
        run.Error.ShouldStartWith($"error: {message}\n");
    }

    /// <summary>Half of all secrets end so: they are neither empty nor to be shown.</summary>
    [Theory]
    [InlineData("--env=TOKEN=Zm9vYg==")]
    [InlineData("--env=EMPTY=")]
    public async Task Value_ThatEndsInAnEqualsSign_IsNotEmpty(string word)
    {
        cli.Facing("http://127.0.0.1:1");
        var run = await cli.RunAsync("apply", "--name", "x", "--image", "nginx:1", "--all-devices", word);
        run.Code.ShouldBe(6, run.Error);
        run.Error.ShouldNotContain(word.Split('=')[1]);
    }

    [Fact]
    public async Task Hints_NameTheProgramAsItWasCalled_AndTheFleetThatWasMeant()
    {
        cli.Environment["HARMONY_FLEET_NAME"] = "/opt/my tools/fleet";
        (await cli.RunAsync("gte")).Error.ShouldEndWith("See: '/opt/my tools/fleet' --help\n");
        (await cli.RunAsync("status", "--data", "it's here")).Error.ShouldEndWith(@"start one with '/opt/my tools/fleet' up --data 'it'\''s here'" + "\n");
        (await cli.RunAsync("down", "--help")).Out.ShouldContain("\n  '/opt/my tools/fleet' down --purge\n");
    }

    [Theory]
    [InlineData("")]
    [InlineData("--help")]
    [InlineData("-h")]
    public async Task NoCommand_ShowsHelp(string line)
    {
        var run = await cli.RunAsync(line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        run.Code.ShouldBe(0);
        run.Error.ShouldBeEmpty();
        run.Out.ShouldContain("\n  fleet [command] [options]\n");
        run.Out.ShouldNotContain("__complete");
        run.Out.ShouldNotContain("[default:");
    }

    [Fact]
    public async Task FaultOfTheProgram_IsOneSentence_AndItsTrace()
    {
        await using var server = await ScriptedServer.StartAsync();
        cli.Facing(server.Address).Time = new BrokenTime();
        var run = await cli.RunAsync("get", "devices");
        run.Code.ShouldBe(1);
        run.Error.ShouldStartWith("error: this is a fault of the program itself, please report it with these lines (InvalidOperationException: no timers here)\n   at ");
    }

    [Fact]
    public async Task ResponseFiles_AreNotRead()
    {
        cli.Write("args", "version");
        (await cli.RunAsync("@args")).Code.ShouldBe(2);
    }

    /// <summary>Not a clock, but a part that fails.</summary>
    private sealed class BrokenTime : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => throw new InvalidOperationException("no timers here");
    }
}
