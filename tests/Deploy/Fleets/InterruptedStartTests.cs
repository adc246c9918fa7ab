using Harmony.Fleet.Disks;
using Harmony.Fleet.Tests.Harness;

namespace Harmony.Fleet.Tests.Deploy.Fleets;

/// <summary>What ends a program from outside, at each step of a start: all that was begun is ended again, and nothing stays.</summary>
[Trait("Category", "Integration")]
public sealed class InterruptedStartTests
{
    private const int SigHup = 1;

    public static TheoryData<string, int, string> Moments => new(
        from verb in (string[])["up", "demo"]
        from signal in (int[])[CliCall.SigTerm, SigHup]
        from moment in (string[])["fleet.json", "nats.conf", "operator.json", "podman.sock", "agent.json"]
        select (verb, signal, moment));

    /// <summary>The moments: the folder is marked; then each part in the order in which they start, as soon as its process is there.</summary>
    [Theory]
    [MemberData(nameof(Moments))]
    public async Task Start_ThatIsEnded_LeavesNothing(string verb, int signal, string moment)
    {
        await using var folder = new FleetFolder();
        using var call = await BeginAsync(verb, folder);
        await Eventually.HoldsAsync(
            () => folder.Find(moment) is not null || (moment == "fleet.json" && File.Exists(Path.Combine(folder.Path, moment))) || call.HasExited, $"{moment}: {call.Said}");
        call.Signal(signal);
        var (code, _, errors) = await call.EndAsync();
        code.ShouldBe(130, errors);
        errors.ShouldNotContain("Unhandled");
        await folder.NobodyIsLeftAsync();
        Left(folder).ShouldBeEmpty();
    }

    /// <summary>As one that is impatient, or a shell that ends and a supervisor that has seen it: neither is the end at once while something must be cleared up.</summary>
    [Fact]
    public async Task Start_ThatIsEndedByAllSignalsAtOnce_LeavesNothing()
    {
        await using var folder = new FleetFolder();
        using var call = await BeginAsync("up", folder);
        await Eventually.HoldsAsync(() => folder.Find("agent.json") is not null || call.HasExited, call.Said);
        foreach (var signal in (int[])[SigHup, CliCall.SigTerm, CliCall.SigInt, SigHup, CliCall.SigTerm])
        {
            call.Signal(signal);
        }

        (await call.EndAsync()).Code.ShouldBe(130);
        await folder.NobodyIsLeftAsync();
        Left(folder).ShouldBeEmpty();
    }

    /// <summary>Whoever runs the tests may ignore SIGHUP, and what they start would inherit that.</summary>
    private static Task<CliCall> BeginAsync(string verb, FleetFolder folder) =>
        CliCall.BeginAsync([], "env", ["--default-signal=HUP", CliCall.Program, verb, "--data", folder.Path]);

    /// <summary>Sockets, mounts, and what tells of a running fleet.</summary>
    private static List<string> Left(FleetFolder folder)
    {
        var sockets = ((string[])[folder.Path, .. folder.Places()]).Where(Directory.Exists)
            .SelectMany(place => Directory.EnumerateFiles(place, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint }))
            .Where(path => FileEntry.At(path).Kind is FileKind.Pipe or FileKind.Socket or FileKind.Device && !path.Contains("/storage/overlay/", StringComparison.Ordinal)); // Whiteouts of images.
        var documents = ((string[])["run/stack.json", "run/state.json", "run/hurry"]).Select(name => Path.Combine(folder.Path, name)).Where(File.Exists);
        return [.. sockets, .. documents, .. folder.HasMounts() ? ["mounts"] : Array.Empty<string>()];
    }
}
