using System.Reflection;

namespace Harmony.Fleet.Tests.Architecture;

/// <summary>The rooms of a project are its folders. Arrows between them point one way: read from what the compiled types name.</summary>
public sealed class RoomTests
{
    internal const string Root = "(root)";

    public static TheoryData<string> Projects => [.. ReferenceTests.Names];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Rooms_OfAProject_NameEachOtherInOneDirection(string name)
    {
        var arrows = Arrows(name);
        var circling = arrows.Where(arrow => Reaches(arrows, arrow.To, arrow.From))
            .Select(arrow => $"{arrow.From} -> {arrow.To}: {string.Join(", ", arrow.Names.Order(StringComparer.Ordinal).Take(5))}").Order(StringComparer.Ordinal).ToList();
        circling.ShouldBeEmpty($"rooms of {name} name each other in a circle");
    }

    internal static List<Arrow> Arrows(string name)
    {
        var assembly = ReferenceTests.Load(name);
        var pairs = assembly.GetTypes()
            .SelectMany(type => TypeReferences.Of(type).Select(named => (Namer: Outermost(type), Named: Outermost(named))))
            .Select(pair => (Text: $"{pair.Namer.Name} names {pair.Named.Name}", From: Room(assembly, name, pair.Namer), To: Room(assembly, name, pair.Named)))
            .Where(pair => pair.From is not null && pair.To is not null && pair.From != pair.To)
            .GroupBy(pair => (From: pair.From!, To: pair.To!), pair => pair.Text);
        return [.. pairs.Select(pair => new Arrow(pair.Key.From, pair.Key.To, [.. pair.Distinct(StringComparer.Ordinal)]))];
    }

    /// <summary>The room in which <paramref name="type"/>, nested in no other, is declared; null where it is not the project's own.</summary>
    private static string? Room(Assembly assembly, string name, Type type)
    {
        var space = type.Namespace ?? $"Harmony.Fleet.{name}";
        var prefix = $"Harmony.Fleet.{name}";
        return type.Assembly != assembly || IsGenerated(type) ? null
            : space == prefix ? Root
            : space.StartsWith(prefix + '.', StringComparison.Ordinal) ? space[(prefix.Length + 1)..].Split('.')[0] : null;
    }

    private static bool IsGenerated(Type type) => type.Name.StartsWith('<');

    private static Type Outermost(Type type) => type.DeclaringType is { } owner ? Outermost(owner) : type;

    private static bool Reaches(List<Arrow> arrows, string from, string to)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal) { from };
        var open = new Queue<string>(seen);
        while (open.TryDequeue(out var next))
        {
            foreach (var arrow in arrows.Where(arrow => arrow.From == next && seen.Add(arrow.To)))
            {
                open.Enqueue(arrow.To);
            }
        }

        return seen.Contains(to);
    }

    internal sealed record Arrow(string From, string To, IReadOnlyList<string> Names);
}
