using Harmony.Fleet.Tests.Harness;

namespace Harmony.Fleet.Tests.Deploy.Fleets;

/// <summary>Whole fleets, from their start to a container that answers and to their removal, in folders with paths that programs stumble over.</summary>
[Trait("Category", "Integration")]
public sealed class DataPathFleetTests
{
    /// <summary>Longer than any socket's path may be, and than the kernel takes for an overlay's folders.</summary>
    private static readonly string Long = string.Join('/', Enumerable.Repeat("a-folder-with-a-long-name", 12));

    public static TheoryData<string> Names => ["flotte de données/日本語-Ω-🚀", Long];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Fleet_InSuchAFolder_RunsContainersAndIsRemoved(string name)
    {
        await using var folder = new FleetFolder(name);
        folder.Path.Length.ShouldBeGreaterThan(name == Long ? 300 : 0);
        await folder.UpAsync();
        await AnswersAsync((verb, words) => folder.RunAsync(verb, words));
        await RemoveAsync(folder, (verb, words) => folder.RunAsync(verb, words));
    }

    [Fact]
    public async Task Fleet_InARelativeFolder_RunsContainersAndIsRemoved()
    {
        await using var folder = new FleetFolder();
        var parent = Path.GetDirectoryName(folder.Path)!;
        async Task<(int Code, string Output, string Errors)> RunAsync(string verb, params string[] words)
        {
            using var call = await CliCall.BeginAsync([], "env", [$"--chdir={parent}", CliCall.Program, verb, .. words, "--data", "./data"]);
            return await call.EndAsync();
        }

        var up = await RunAsync("up", "--detach");
        up.Code.ShouldBe(0, up.Errors);
        up.Errors.ShouldContain($"--data {parent}/data", Case.Sensitive, "what is to be typed next works in any folder");
        await AnswersAsync(RunAsync);
        await RemoveAsync(folder, RunAsync);
    }

    private static async Task AnswersAsync(Func<string, string[], Task<(int Code, string Output, string Errors)>> runAsync)
    {
        var port = FreePort.Next();
        var applied = await runAsync("apply", ["--name", "web", "--image", "localhost/hello-web:1", "--all-devices", "--port", $"{port}:8080", "--wait"]);
        applied.Code.ShouldBe(0, applied.Errors);
        using var client = new HttpClient();
        (await client.GetStringAsync($"http://127.0.0.1:{port}", TestContext.Current.CancellationToken)).ShouldContain("hello from version 1");
        (await runAsync("logs", ["web"])).Output.ShouldContain("listens on port 8080");
    }

    private static async Task RemoveAsync(FleetFolder folder, Func<string, string[], Task<(int Code, string Output, string Errors)>> runAsync)
    {
        var places = folder.Places();
        var down = await runAsync("down", ["--purge"]);
        down.Code.ShouldBe(0, down.Errors);
        await folder.NobodyIsLeftAsync();
        places.ShouldNotBeEmpty();
        places.Where(Directory.Exists).ShouldBeEmpty();
        Directory.Exists(folder.Path).ShouldBeFalse();
        var mounts = await File.ReadAllTextAsync("/proc/self/mountinfo", TestContext.Current.CancellationToken);
        places.Where(place => mounts.Contains(place, StringComparison.Ordinal)).ShouldBeEmpty();
    }
}
