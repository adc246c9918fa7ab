using System.Collections.Immutable;
using Harmony.Fleet.Hosting.Options;
using Harmony.Fleet.Hosting.SelfTests;
using Harmony.Fleet.Hosting.Services;

namespace Harmony.Fleet.Tests.Hosting.Services;

public sealed class ServiceProgramTests
{
    [Theory]
    [InlineData("load")]
    [InlineData("load", "--self-test")]
    [InlineData("steps", "--self-test")]
    [InlineData("run")]
    public async Task Service_ThatBreaks_EndsWithAnExitCode(string where, params string[] more) =>
        (await ServiceProgram.RunAsync(new Broken(where), ["--config", "some.json", .. more])).ShouldBe(ExitCodes.Failed);

    [Fact]
    public async Task SelfTest_WhoseSettingsCannotBeReadForEver_SaysSoAndGoesOn()
    {
        using var never = new ManualResetEventSlim();
        var lines = new List<string>();
        var test = new SelfTest(line => { lines.Add(line); return Task.CompletedTask; }, TimeSpan.FromMilliseconds(200));
        (await ServiceProgram.TestAsync(new Hanging(never), "some.json", test, TestContext.Current.CancellationToken)).ShouldBeFalse();
        never.Set();
        lines.ShouldBe(
            [
                "FAIL  config  some.json, or a file that it names, could not be read within 0.2 s: look at the disk, or the network, that it is on.",
                "warn  disk    not looked at, for the settings are wrong.",
            ]);
    }

    private sealed class Hanging(ManualResetEventSlim never) : IService<string>
    {
        public string Name => "hanging";

        public string Purpose => "Hangs.";

        public string DefaultConfig => "/nowhere";

        public OptionsOutcome<string> Load(string file)
        {
            never.Wait(CancellationToken.None);
            return new OptionsOutcome<string>.Loaded(file);
        }

        public ImmutableArray<SelfTestStep> SelfTest(string? options) => [options is null ? SelfTestStep.Untried("disk") : SelfTestStep.Known("disk", new Finding.Right("x"))];

        public Task<int> RunAsync(string options, CancellationToken stop) => Task.FromResult(0);
    }

    private sealed class Broken(string where) : IService<string>
    {
        public string Name => "broken";

        public string Purpose => "Breaks.";

        public string DefaultConfig => "/nowhere";

        public OptionsOutcome<string> Load(string file) => new OptionsOutcome<string>.Loaded(BreakIn("load"));

        public ImmutableArray<SelfTestStep> SelfTest(string? options) => [SelfTestStep.Known(BreakIn("steps"), new Finding.Right("x"))];

        public Task<int> RunAsync(string options, CancellationToken stop) => Task.FromResult(BreakIn("run").Length);

        private string BreakIn(string place) => where == place ? throw new NotSupportedException("A bug.") : string.Empty;
    }
}
