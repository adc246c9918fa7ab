using System.Text.RegularExpressions;

namespace Harmony.Fleet.Tests.Architecture;

/// <summary>docs/architecture.md shows the rooms inside each project: all of them, and in the order in which they may name each other.</summary>
public sealed partial class RoomDocumentTests
{
    private const string Ordered = "Each line may name those above it, and no others.";

    public static TheoryData<string> Projects => [.. ReferenceTests.Names];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Rooms_OfAProject_AreAllInTheDocument(string name)
    {
        var section = SectionOf(name);
        var rooms = Directory.EnumerateDirectories(Path.Combine(SourceTree.Root, "src", name.Replace('.', '/'))).Select(folder => Path.GetFileName(folder)).ToArray();
        Rows(section).SelectMany(row => row).Order(StringComparer.Ordinal).ShouldBe(rooms.Order(StringComparer.Ordinal), $"the rooms of {name} in docs/architecture.md");
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Rooms_OfAProject_NameOnlyThoseAboveThem(string name)
    {
        var section = SectionOf(name);
        if (!section.Contains(Ordered, StringComparison.Ordinal))
        {
            return;
        }

        var line = Rows(section).SelectMany((row, index) => row.Select(room => (room, index))).ToDictionary(pair => pair.room, pair => pair.index, StringComparer.Ordinal);
        RoomTests.Arrows(name).Where(arrow => arrow.From != RoomTests.Root && (arrow.To == RoomTests.Root || line[arrow.To] >= line[arrow.From]))
            .Select(arrow => $"{arrow.From} -> {arrow.To}: {string.Join(", ", arrow.Names.Take(5))}").ShouldBeEmpty($"arrows of {name} that docs/architecture.md does not show");
    }

    /// <summary>What stands under the project's heading; empty for a project with one room alone.</summary>
    private static string SectionOf(string name)
    {
        var text = File.ReadAllText(Path.Combine(SourceTree.Root, "docs", "architecture.md"));
        var heading = $"### Inside `src/{name.Replace('.', '/')}`\n";
        var start = text.IndexOf(heading, StringComparison.Ordinal);
        return start < 0 ? string.Empty : text[start..].Split("\n##")[0];
    }

    private static IEnumerable<string[]> Rows(string section) => section.Split('\n')
        .Where(row => row.StartsWith("| `", StringComparison.Ordinal))
        .Select(row => Rooms().Matches(row.Split('|')[1]).Select(match => match.Groups["room"].Value).ToArray());

    [GeneratedRegex("`(?<room>[A-Za-z]+)`", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Rooms();
}
