using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Harmony.Fleet.Disks;
using Harmony.Fleet.Tests.Harness;

namespace Harmony.Fleet.Tests.Deploy.Fleets;

/// <summary>A user without any rights, with a folder and programs that it may run. Root makes one and removes it again; anybody else is one.</summary>
internal sealed class OrdinaryUser : IAsyncDisposable
{
    private readonly TempFolder folder = new();
    private readonly string? name = Environment.IsPrivilegedProcess ? "hf-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4)) : null;
    private uint id = FileEntry.Self;

    private OrdinaryUser()
    {
    }

    /// <summary>Where its fleet is.</summary>
    public string Data => folder.File("home/data");

    /// <summary>The folder in which its podmans keep what a reboot ends.</summary>
    public string RuntimeFolder => $"/tmp/harmony-fleet-{id}";

    public static async Task<OrdinaryUser> CreateAsync()
    {
        var user = new OrdinaryUser();
        foreach (var program in (string[])["Harmony.Fleet.Cli", "Harmony.Fleet.Operator", "Harmony.Fleet.Agent"])
        {
            await RunAsync("cp", ["-r", "-T", FleetPrograms.FolderOf(program), user.folder.File(program)]);
        }

        Directory.CreateDirectory(user.folder.File("home"));
        await RunAsync("cp", [await EngScript.RunAsync("eng/nats-server.sh", NatsVersions.Newest), user.folder.File("nats-server")]);
        await RunAsync("chmod", ["-R", "a+rX", user.folder.Path]);
        if (user.name is not null)
        {
            await RunAsync("useradd", ["--no-create-home", "--home-dir", user.folder.File("home"), user.name]);
            user.id = uint.Parse(await RunAsync("id", ["-u", user.name]), CultureInfo.InvariantCulture);
            await RunAsync("chown", ["-R", user.name, user.folder.File("home")]);
        }

        return user;
    }

    /// <summary>Begins a call of the command line, in an environment with nothing in it: no XDG_RUNTIME_DIR either, as after <c>su</c>.</summary>
    public Task<CliCall> BeginAsync(params string[] words) =>
        CliCall.BeginAsync([], "env", ["--ignore-environment", "NO_COLOR=1", $"HOME={folder.File("home")}", $"PATH={folder.Path}:{Environment.GetEnvironmentVariable("PATH")}",
            .. name is null ? Array.Empty<string>() : ["setpriv", "--reuid", name, "--regid", name, "--clear-groups"],
            folder.File("Harmony.Fleet.Cli/Harmony.Fleet.Cli"), .. words]);

    /// <summary>What of it lives that has <paramref name="word"/> in its command line.</summary>
    public List<string> Living(string word = "") =>
    [
        .. Directory.EnumerateDirectories("/proc").Where(path => char.IsAsciiDigit(Path.GetFileName(path)[0])).Where(IsItsOwn)
            .Select(path => Read(path, "cmdline").Replace('\0', ' ')).Where(command => name is null ? command.Contains(folder.Path, StringComparison.Ordinal) : true)
            .Where(command => command.Contains(word, StringComparison.Ordinal)),
    ];

    public async ValueTask DisposeAsync()
    {
        using (var purge = await BeginAsync("down", "--purge", "--now", "--data", Data))
        {
            await purge.EndAsync();
        }

        if (name is not null)
        {
            using (var kill = await Spawner.StartAsync(new ProcessStartInfo("pkill", ["-KILL", "-U", $"{id}"])))
            {
                await kill.WaitForExitAsync();
            }

            // Forced, for what has ended may still wait for its parent to hear of it.
            await RunAsync("userdel", ["--force", name]);
        }

        folder.Dispose();
    }

    private bool IsItsOwn(string process)
    {
        var lines = Read(process, "status").Split('\n');
        return Array.Exists(lines, line => line.StartsWith("Uid:", StringComparison.Ordinal) && line.Split('\t')[1] == id.ToString(CultureInfo.InvariantCulture))
            && !Array.Exists(lines, line => line.StartsWith("State:\tZ", StringComparison.Ordinal));
    }

    private static string Read(string process, string file)
    {
        try
        {
            return File.ReadAllText(Path.Combine(process, file));
        }
        catch (IOException)
        {
            return string.Empty; // It has ended.
        }
    }

    private static async Task<string> RunAsync(string program, string[] words)
    {
        using var process = await Spawner.StartAsync(new ProcessStartInfo(program, words) { UseShellExecute = false, RedirectStandardOutput = true });
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? output.Trim() : throw new InvalidOperationException($"{program} {string.Join(' ', words)} ended with {process.ExitCode}.");
    }
}
