using Harmony.Fleet.Tests.Harness;

namespace Harmony.Fleet.Tests.EndToEnd.VirtualMachines;

/// <summary>A virtual arm64 device of <c>eng/arm64-vm.sh</c>. Disposing switches it off, and so does the end of the test process.</summary>
public sealed class VirtualMachine : IAsyncDisposable
{
    /// <summary>Where the guest finds this machine's 127.0.0.1.</summary>
    public const string Host = "10.0.2.2";

    // Everything is emulated, on a machine that may be busy: this only ends what hangs.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(8);

    private readonly RunningProgram program;
    private readonly string console;

    private VirtualMachine(RunningProgram program, string console)
    {
        this.program = program;
        this.console = console;
    }

    /// <summary>What the guest said so far.</summary>
    public string Console => File.Exists(console) ? File.ReadAllText(console) : string.Empty;

    /// <summary>Boots one that runs <c>run.sh</c> of <paramref name="payload"/>. Its port 8080 is this machine's <paramref name="port"/>.</summary>
    public static async Task<VirtualMachine> BootAsync(TempFolder payload, TempFolder place, int port)
    {
        var folder = await EngScript.RunAsync("eng/arm64-vm.sh");
        await using (var tar = await RunningProgram.StartAsync("tar", "-C", payload.Path, "-cf", place.File("payload.tar"), "."))
        {
            (await tar.EndAsync()).ShouldBe(0);
        }

        var log = place.File("console.log");
        var qemu = await RunningProgram.StartAsync(
            Path.Combine(folder, "boot"),
            place.File("payload.tar"),
            log,
            "-netdev",
            $"user,id=net,hostfwd=tcp:127.0.0.1:{port}-:8080",
            "-device",
            "virtio-net-pci,netdev=net,romfile=");
        return new VirtualMachine(qemu, log);
    }

    /// <summary>Waits until the guest says a line that begins with <paramref name="words"/>.</summary>
    /// <returns>The line.</returns>
    public async Task<string> UntilAsync(string words)
    {
        string? line = null;
        await Eventually.HoldsAsync(
            () =>
            {
                var lines = Console.Split('\n', StringSplitOptions.TrimEntries);
                line = Array.Find(lines, one => one.StartsWith(words, StringComparison.Ordinal));
                if (line is null && (program.HasExited || Array.Exists(lines, one => one.StartsWith("== failed", StringComparison.Ordinal))))
                {
                    throw new InvalidOperationException($"The device did not come to '{words}'. {program.Output}\n{Console}");
                }

                return line is not null;
            },
            $"the device says '{words}'; so far:\n{Console}",
            Patience);
        return line!;
    }

    public ValueTask DisposeAsync() => program.DisposeAsync();
}
