using System.Text.RegularExpressions;

namespace Harmony.Fleet.Tests.Architecture;

/// <summary>The rooms of a project, and the arrows between them, read from its source. The project's own folder is the room without a name.</summary>
/// <remarks>An unused using is an error of the compiler, so that every using is an arrow.</remarks>
internal sealed partial class RoomMap
{
    private readonly Dictionary<string, HashSet<string>> arrows;

    private RoomMap(Dictionary<string, HashSet<string>> arrows) => this.arrows = arrows;

    /// <summary>The rooms of <paramref name="project"/>, for example <c>Adapters.Nats</c>.</summary>
    public static RoomMap Of(string project)
    {
        var folder = Path.Combine(SourceTree.Root, "src", project.Replace('.', '/'));
        var code = Directory.EnumerateDirectories(folder)
            .ToDictionary(room => Path.GetFileName(room), room => CodeOf(room, SearchOption.AllDirectories), StringComparer.Ordinal);
        code.Add(string.Empty, CodeOf(folder, SearchOption.TopDirectoryOnly));
        var naming = code.ToDictionary(room => room.Key, room => Naming(project, room.Key, room.Value), StringComparer.Ordinal);
        return new RoomMap(code.ToDictionary(
            room => room.Key,
            room => naming.Where(other => other.Key != room.Key && other.Value.IsMatch(room.Value)).Select(other => other.Key).ToHashSet(StringComparer.Ordinal),
            StringComparer.Ordinal));
    }

    /// <summary>Takes away every room that names none of those left. Those that stay stand in a circle, or lead to one.</summary>
    public IReadOnlyList<string> Circle()
    {
        var left = arrows.Keys.ToHashSet(StringComparer.Ordinal);
        while (left.Where(room => !arrows[room].Overlaps(left)).ToArray() is { Length: > 0 } free)
        {
            left.ExceptWith(free);
        }

        return [.. left.Order(StringComparer.Ordinal).Select(room => $"{room} -> {string.Join(", ", arrows[room].Intersect(left).Order(StringComparer.Ordinal))}")];
    }

    /// <summary>What names a room: a using of it; one of its types, after the room's name, or in the project's own folder, which every room sees, alone.</summary>
    private static Regex Naming(string project, string room, string code)
    {
        var types = string.Join('|', Types().Matches(code).Select(match => match.Groups["name"].Value).Distinct(StringComparer.Ordinal).Append("-"));
        var named = room.Length == 0 ? $"""(?<![."\w])({types})\b""" : $@"^using (static )?{Regex.Escape($"Harmony.Fleet.{project}.{room}")}[.;]|\b{room}\.({types})\b";
        return new Regex(named, RegexOptions.Multiline | RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(5));
    }

    private static string CodeOf(string folder, SearchOption depth) => string.Join('\n', Directory.EnumerateFiles(folder, "*.cs", depth)
        .Select(file => Comments().Replace(File.ReadAllText(file), string.Empty)));

    [GeneratedRegex(@"//[^\n]*", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Comments();

    [GeneratedRegex(@"^[\w ]*\b(class|record|struct|interface|enum) (?<name>[A-Z]\w*)", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Types();
}
