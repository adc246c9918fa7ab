namespace Harmony.Fleet.Tests.Architecture;

/// <summary>The rooms of a project are its folders. Arrows between them point one way: what names another room is never named by it, by any detour.</summary>
public sealed class RoomTests
{
    /// <summary>Projects whose rooms still run in circles. One that no longer does leaves this list, and never comes back.</summary>
    private static readonly string[] Tangled = ["Adapters.Podman", "Adapters.Sqlite", "Agent", "Cli", "Operator"];

    public static TheoryData<string> Projects => [.. SourceTree.Projects.Select(project => project.Replace('/', '.'))];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Rooms_OfAProject_NameEachOtherInOneDirection(string project)
    {
        var circle = RoomMap.Of(project).Circle();
        if (Tangled.Contains(project))
        {
            circle.ShouldNotBeEmpty($"{project} is untangled: take it off the list");
        }
        else
        {
            circle.ShouldBeEmpty($"rooms of {project} name each other in a circle");
        }
    }
}
