using Harmony.Fleet.Tests.Harness;

namespace Harmony.Fleet.Tests.Packaging.Packages;

/// <summary>How <c>eng/package.sh</c> answers what it cannot do.</summary>
public sealed class PackageScriptTests
{
    private static readonly string Script = RepositoryRoot.File("eng/package.sh");

    [Theory]
    [InlineData("", "what shall be packed? There is: agent")]
    [InlineData("operator --rid linux-x64", "'operator' cannot be packed: there is only agent")]
    [InlineData("agent", "for what machine? Give --rid linux-x64 or --rid linux-arm64")]
    [InlineData("agent --rid", "--rid needs linux-x64 or linux-arm64")]
    [InlineData("agent --rid win-x64", "'win-x64' is not supported: linux-x64 and linux-arm64 are")]
    [InlineData("agent --output", "--output needs a folder")]
    [InlineData("agent --fast", "'--fast' is no option")]
    public async Task Called_Wrongly_SaysWhatItTakes(string arguments, string sentence)
    {
        var answer = await Command.RunAsync([Script, .. arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
        answer.Code.ShouldBe(2);
        answer.Output.ShouldBeEmpty();
        answer.Errors.ShouldBe($"package.sh: {sentence}; see eng/package.sh --help\n");
    }

    /// <summary>What the package is made of is told apart by what every build reads, as the compiler finds it.</summary>
    [Fact]
    public async Task Settings_OfEveryBuild_AreAmongWhatThePackageIsMadeOf()
    {
        var settings = await Command.DoneAsync("bash", "-c", "root=\"$1\"; . \"$1/eng/lib/inputs.sh\"; build_settings", "bash", RepositoryRoot.Path);
        foreach (var pattern in (string[])["Directory.*.props", "Directory.*.targets", "global.json", "*.config", ".editorconfig"])
        {
            Directory.EnumerateFiles(RepositoryRoot.Path, pattern).Select(Path.GetFileName).ShouldBeSubsetOf(settings.Lines, pattern);
        }

        settings.Lines.ShouldContain("Directory.Build.targets");
        (await File.ReadAllTextAsync(Script, TestContext.Current.CancellationToken)).ShouldContain("eng/native.targets \"${settings[@]}\")");
    }

    [Fact]
    public async Task AskedForHelp_SaysWhatItMakes()
    {
        var answer = await Command.DoneAsync(Script, "--help");
        answer.Output.ShouldContain("--rid linux-x64|linux-arm64");
        answer.Output.ShouldContain("Exit codes: 0 done, 1 failed, 2 usage.");
    }
}
