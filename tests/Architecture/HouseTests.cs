using System.Text.RegularExpressions;

namespace Harmony.Fleet.Tests.Architecture;

/// <summary>The rules of the house that a compiler does not know.</summary>
public sealed partial class HouseTests
{
    private const int MaxLines = 400;

    [Fact]
    public void EveryFile_IsShort() =>
        Sources("src", "tests", "bench").Where(file => File.ReadLines(file).Count() > MaxLines).ShouldBeEmpty();

    [Fact]
    public void EverySourceFile_DeclaresTheNamespaceOfItsFolder()
    {
        foreach (var file in Sources("src"))
        {
            var declared = File.ReadLines(file).FirstOrDefault(line => line.StartsWith("namespace ", StringComparison.Ordinal));
            if (declared is not null)
            {
                var folder = Path.GetRelativePath(Path.Combine(SourceTree.Root, "src"), Path.GetDirectoryName(file)!).Replace('/', '.');
                declared.ShouldBe($"namespace Harmony.Fleet.{folder};", file);
            }
        }
    }

    [Fact]
    public void NoFolder_IsADrawerForEverything() =>
        Directory.EnumerateDirectories(Path.Combine(SourceTree.Root, "src"), "*", SearchOption.AllDirectories)
            .Where(folder => Drawers().IsMatch(Path.GetFileName(folder))).ShouldBeEmpty();

    /// <summary>A name means one thing in the whole tree, in whichever namespace it stands.</summary>
    [Fact]
    public void EveryTypeOfANamespace_HasANameOfItsOwn() =>
        Sources("src").SelectMany(file => Types().Matches(File.ReadAllText(file)).Select(match => (Name: match.Groups["name"].Value, Folder: Path.GetDirectoryName(file)!))).Distinct()
            .GroupBy(type => type.Name, StringComparer.Ordinal).Where(same => same.Count() > 1)
            .Select(same => $"{same.Key}: {string.Join(", ", same.Select(type => Path.GetRelativePath(SourceTree.Root, type.Folder)))}").ShouldBeEmpty();

    [GeneratedRegex(@"^(public |internal )?((static|sealed|abstract|partial|readonly|ref) )*(class|record struct|record|struct|enum|interface) (?<name>\w+)", RegexOptions.ExplicitCapture | RegexOptions.Multiline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Types();

    [GeneratedRegex("^(Utils?|Helpers?|Common|Managers?|Misc|Shared)$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Drawers();

    private static IEnumerable<string> Sources(params string[] tops) =>
        tops.Select(top => Path.Combine(SourceTree.Root, top)).Where(Directory.Exists).SelectMany(SourceTree.Files);
}
