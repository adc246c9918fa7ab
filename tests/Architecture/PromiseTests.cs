using System.Text.RegularExpressions;

namespace Harmony.Fleet.Tests.Architecture;

/// <summary>The documentation names tests: every one of them exists.</summary>
public sealed partial class PromiseTests
{
    [Theory]
    [InlineData("promises.md")]
    [InlineData("operator-recovery.md")]
    public void EveryTestInTheLastColumn_Exists(string document)
    {
        var rows = File.ReadLines(Path.Combine(SourceTree.Root, "docs", document)).Where(line => line.StartsWith("| ", StringComparison.Ordinal) && line.Contains('`', StringComparison.Ordinal)).ToArray();
        rows.Length.ShouldBeGreaterThan(20);
        rows.SelectMany(row => Missing(row.TrimEnd('|', ' ').Split('|')[^1])).ShouldBeEmpty($"docs/{document} names tests that are not there");
    }

    /// <summary>Elsewhere a test is known by the folder that is named with it.</summary>
    [Fact]
    public void EveryTestThatIsNamedWithItsFolder_Exists()
    {
        string[] pages = ["README.md", "CHANGELOG.md", "bench/README.md", .. Directory.EnumerateFiles(Path.Combine(SourceTree.Root, "docs"), "*.md", SearchOption.AllDirectories)];
        var named = pages.SelectMany(page => WithFolders().Matches(File.ReadAllText(Path.Combine(SourceTree.Root, page)))).Select(match => match.Value).ToArray();
        named.Length.ShouldBeGreaterThan(50);
        named.SelectMany(Missing).Distinct().ShouldBeEmpty();
    }

    [Theory]
    [InlineData("`Core/Reconciling/ManifestGateTests`", 0)]
    [InlineData("`Core/Trust/*`, `./fleet test --tier vm`", 0)]
    [InlineData("`Core/Trust/NoSuchTests`", 1)]
    [InlineData("`Nowhere/*`", 1)]
    [InlineData("`Core/Reconciling/PhasesTests.AtRest_EndedJustNow_SaysSo`, `AtRest_StartedAgainByTheRuntime_RunsOnceItSettled`", 0)]
    [InlineData("`Core/Reconciling/PhasesTests.AtRest_EndedJustNow_SaysSo`, `AtRest_NoSuchTest`", 1)]
    [InlineData("`Core/Reconciling/PhasesTests.No_SuchTest`", 1)]
    [InlineData("`Core/Reconciling/PhasesTests`, `NoSuchTests`", 1)]
    public void Tests_ThatAreNotThere_AreFound(string cell, int missing) => Missing(cell).Count().ShouldBe(missing);

    /// <summary>A name without a folder is in the folder of the one before; one with an underscore is a test of the class before.</summary>
    private static IEnumerable<string> Missing(string cell)
    {
        var (folder, file) = (string.Empty, string.Empty);
        foreach (var name in Names().Matches(cell).Select(match => match.Groups["name"].Value).Where(name => !name.Contains(' ', StringComparison.Ordinal)))
        {
            var rest = name;
            if (name.LastIndexOf('/') is >= 0 and var slash)
            {
                (folder, rest) = (Path.Combine(SourceTree.Root, "tests", name[..slash]), name[(slash + 1)..]);
            }

            var parts = rest.Split('.');
            if (!parts[0].Contains('_', StringComparison.Ordinal))
            {
                file = Path.Combine(folder, parts[0] + ".cs");
            }

            var test = parts[^1].Contains('_', StringComparison.Ordinal) ? parts[^1] : null;
            var isThere = rest == "*" ? Directory.Exists(folder) && SourceTree.Files(folder).Any()
                : File.Exists(file) && (test is null || File.ReadAllText(file).Contains($" {test}(", StringComparison.Ordinal));
            if (!isThere)
            {
                yield return name;
            }
        }
    }

    [GeneratedRegex("`(\\w+/)+\\w+(Tests|Properties|Conformance)(\\.\\w+)?`", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex WithFolders();

    [GeneratedRegex("`(?<name>[^`]+)`", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Names();
}
