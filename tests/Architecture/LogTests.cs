using System.Globalization;
using System.Text.RegularExpressions;

namespace Harmony.Fleet.Tests.Architecture;

/// <summary>An event id means one thing: each project has a range of its own, which docs/services.md tells.</summary>
public sealed partial class LogTests
{
    private static readonly Dictionary<string, (int From, int To)> Ranges = new(StringComparer.Ordinal)
    {
        ["Operator"] = (2000, 2999),
        ["Adapters/Sqlite"] = (3000, 3099),
        ["Adapters/Nats"] = (3100, 3199),
        ["Adapters/Files"] = (3200, 3299),
        ["Agent"] = (4000, 4999),
        ["Hosting"] = (5000, 5999),
    };

    private static readonly (string File, int Id)[] Events =
        [.. SourceTree.Files(Path.Combine(SourceTree.Root, "src")).SelectMany(file => Ids().Matches(File.ReadAllText(file))
            .Select(match => (Path.GetRelativePath(Path.Combine(SourceTree.Root, "src"), file), int.Parse(match.Groups["id"].Value, CultureInfo.InvariantCulture))))];

    [Fact]
    public void EveryEvent_HasAnIdOfItsOwn() => Events.GroupBy(one => one.Id).Where(same => same.Count() > 1).Select(same => $"{same.Key}: {string.Join(", ", same.Select(one => one.File))}").ShouldBeEmpty();

    [Fact]
    public void EveryEvent_IsInTheRangeOfItsProject() =>
        Events.Where(one => !Ranges.Any(range => one.File.StartsWith(range.Key + "/", StringComparison.Ordinal) && one.Id >= range.Value.From && one.Id <= range.Value.To)).ShouldBeEmpty();

    [Fact]
    public void EveryMessage_IsSeenHere() =>
        Events.Length.ShouldBe(SourceTree.Files(Path.Combine(SourceTree.Root, "src")).Sum(file => File.ReadAllText(file).Split("[LoggerMessage(").Length - 1));

    [Fact]
    public void Ranges_AreTold()
    {
        var document = File.ReadAllText(Path.Combine(SourceTree.Root, "docs", "services.md"));
        Ranges.Where(range => !document.Contains($"| {range.Value.From} to {range.Value.To} | `src/{range.Key}`", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [GeneratedRegex(@"\[LoggerMessage\((EventId = )?(?<id>[0-9]+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Ids();
}
