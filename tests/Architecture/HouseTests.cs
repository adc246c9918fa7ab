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
        var root = Root();
        foreach (var file in Sources("src"))
        {
            var declared = File.ReadLines(file).FirstOrDefault(line => line.StartsWith("namespace ", StringComparison.Ordinal));
            if (declared is not null)
            {
                var folder = Path.GetRelativePath(Path.Combine(root, "src"), Path.GetDirectoryName(file)!).Replace('/', '.');
                declared.ShouldBe($"namespace Harmony.Fleet.{folder};", file);
            }
        }
    }

    [Fact]
    public void NoFolder_IsADrawerForEverything() =>
        Directory.EnumerateDirectories(Path.Combine(Root(), "src"), "*", SearchOption.AllDirectories)
            .Where(folder => Drawers().IsMatch(Path.GetFileName(folder))).ShouldBeEmpty();

    [GeneratedRegex("^(Utils?|Helpers?|Common|Managers?|Misc|Shared)$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Drawers();

    private static IEnumerable<string> Sources(params string[] tops) =>
        tops.Where(top => Directory.Exists(Path.Combine(Root(), top))).SelectMany(top => Directory.EnumerateFiles(Path.Combine(Root(), top), "*.cs", SearchOption.AllDirectories));

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Harmony.Fleet.slnx")))
        {
            folder = Path.GetDirectoryName(folder.TrimEnd('/')) ?? throw new InvalidOperationException("The tests do not run inside the repository.");
        }

        return folder;
    }
}
