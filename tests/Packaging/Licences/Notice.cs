using Harmony.Fleet.Tests.Harness;

namespace Harmony.Fleet.Tests.Packaging.Licences;

/// <summary>A component in THIRD-PARTY-NOTICES.md.</summary>
/// <param name="Title">Its heading.</param>
/// <param name="Packages">The packages that it comes as.</param>
/// <param name="Programs">What it is shipped in.</param>
/// <param name="Licence">Its licence.</param>
/// <param name="Copyright">Whose it is.</param>
internal sealed record Notice(string Title, IReadOnlyList<string> Packages, IReadOnlyList<string> Programs, string Licence, string Copyright)
{
    /// <summary>The whole file.</summary>
    public static readonly string Text = File.ReadAllText(RepositoryRoot.File("THIRD-PARTY-NOTICES.md"));

    /// <summary>All components.</summary>
    public static readonly IReadOnlyList<Notice> All =
        [.. Text.Split("\n## ").Skip(1).Where(section => section.Contains("\n- Packages: ", StringComparison.Ordinal)).Select(Parse)];

    private static Notice Parse(string section) => new(
        section.Split('\n')[0],
        [.. Field(section, "Packages").Split('`').Where((_, index) => index % 2 == 1)],
        Field(section, "Where").Split(", "),
        Field(section, "Licence"),
        Field(section, "Copyright"));

    private static string Field(string section, string name) =>
        section.Split('\n').SingleOrDefault(line => line.StartsWith($"- {name}: ", StringComparison.Ordinal))?[$"- {name}: ".Length..]
        ?? throw new FormatException($"The notice of {section.Split('\n')[0]} has no field '{name}'.");
}
