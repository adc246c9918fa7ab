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
