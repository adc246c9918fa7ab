using Harmony.Fleet.Tests.Harness.Terminals;

namespace Harmony.Fleet.Tests.Cli.Screens;

/// <summary>What stands on a real terminal around questions and Ctrl-C.</summary>
[Trait("Category", "Integration")]
public sealed class PromptTests : IAsyncLifetime
{
    private const string CtrlD = "\x04";
    private const string Question = "Delete deployment default/hello and its containers on all devices? [y/N] ";
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "Harmony.Fleet.Cli");

    private readonly CliUnderTest files = new();
    private OperatorServer server = null!;

    public async ValueTask InitializeAsync()
    {
        server = await OperatorServer.StartAsync();
        await server.AddDeviceAsync(Samples.Device("pi-1"));
        await files.Facing(server.Address).RunAsync("apply", "--name", "hello", "--image", "nginx:1", "--all-devices");
        await server.ReleaseAsync("hello");
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        files.Dispose();
    }

    [Theory]
    [InlineData(CtrlD, 1, "\r\nerror: deployment default/hello was not deleted\r\n")]
    [InlineData(PseudoTerminal.CtrlC, 130, "^C\r\n")]
    [InlineData("n\n", 1, "n\r\nerror: deployment default/hello was not deleted\r\n")]
    [InlineData("y\n", 0, "y\r\ndeployment default/hello deleted\r\n")]
    public async Task Question_LeavesTheTerminalAsItWas_AndNothingBehindItself(string keys, int code, string after)
    {
        await using var terminal = await StartAsync("delete", "deployment", "hello");
        await terminal.ShowsAsync(Question);
        terminal.Type(keys);
        (await terminal.EndAsync()).ShouldBe(code);
        terminal.Shown.ShouldBe(Question + after);
    }

    [Theory]
    [InlineData("kv watch device-state -o json", "")]
    [InlineData("get devices -w -o json", "pi-1")]
    public async Task CtrlC_InLinesThatGoOn_LeavesTheShellALineOfItsOwn(string line, string shown)
    {
        await using var terminal = await StartAsync([.. line.Split(' '), "-v"]);
        await terminal.ShowsAsync("watch=true");
        await terminal.ShowsAsync(shown);
        terminal.Type(PseudoTerminal.CtrlC);
        (await terminal.EndAsync()).ShouldBe(130);
        terminal.Shown.ShouldEndWith("^C\r\n");
    }

    [Fact]
    public async Task CtrlC_UnderATable_LeavesNoEmptyLine()
    {
        await using var terminal = await StartAsync("get", "devices", "-w");
        await terminal.ShowsAsync("pi-1");
        terminal.Type(PseudoTerminal.CtrlC);
        (await terminal.EndAsync()).ShouldBe(130);
        terminal.Shown.ShouldEndWith("\r\n");
        terminal.Shown.ShouldNotEndWith("\r\n\r\n");
    }

    private Task<PseudoTerminal> StartAsync(params string[] words) =>
        PseudoTerminal.StartAsync(100, Program, [.. words, "--server", server.Address, "--token-file", files.Write("token", ScriptedServer.Token)]);
}
