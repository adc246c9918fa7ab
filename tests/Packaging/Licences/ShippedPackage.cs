using System.Text.Json;
using System.Xml.Linq;
using Harmony.Fleet.Tests.Harness;

namespace Harmony.Fleet.Tests.Packaging.Licences;

/// <summary>A package of which files lie beside a program, or are compiled into it.</summary>
/// <param name="Name">Its id.</param>
/// <param name="Version">Its version.</param>
/// <param name="Licence">The licence that it declares, as SPDX names it; null where it has a file instead.</param>
internal sealed record ShippedPackage(string Name, string Version, string? Licence)
{
    /// <summary>The programs that are published, by the names that people know them by.</summary>
    public static readonly IReadOnlyDictionary<string, string> Programs = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["agent"] = "Harmony.Fleet.Agent",
        ["operator"] = "Harmony.Fleet.Operator",
        ["CLI"] = "Harmony.Fleet.Cli",
    };

    /// <summary>All of <paramref name="program"/>, by what was restored for it.</summary>
    public static IReadOnlyList<ShippedPackage> Of(string program) => Of(program, HasFiles);

    /// <summary>The same with those that bring no file of their own, but others.</summary>
    public static IReadOnlyList<ShippedPackage> RestoredFor(string program) => Of(program, _ => true);

    private static IReadOnlyList<ShippedPackage> Of(string program, Func<JsonElement, bool> counts)
    {
        using var assets = JsonDocument.Parse(File.ReadAllText(RepositoryRoot.File($"artifacts/obj/{Programs[program]}/project.assets.json")));
        var folder = assets.RootElement.GetProperty("packageFolders").EnumerateObject().First().Name;
        return [.. assets.RootElement.GetProperty("targets").EnumerateObject().SelectMany(target => target.Value.EnumerateObject())
            .Where(package => package.Value.GetProperty("type").GetString() == "package" && counts(package.Value))
            .Select(package => package.Name.Split('/'))
            .Select(name => new ShippedPackage(name[0], name[1], LicenceOf(folder, name[0], name[1])))
            .DistinctBy(package => package.Name)];
    }

    /// <summary>Analyzers have none, and neither has what the framework itself brings; a placeholder is no file.</summary>
    private static bool HasFiles(JsonElement package) =>
        new[] { "runtime", "runtimeTargets", "native" }
            .Where(kind => package.TryGetProperty(kind, out _))
            .SelectMany(kind => package.GetProperty(kind).EnumerateObject())
            .Any(file => !file.Name.EndsWith("/_._", StringComparison.Ordinal));

    private static string? LicenceOf(string folder, string name, string version)
    {
        var id = name.ToLowerInvariant();
        var licence = XDocument.Load(Path.Combine(folder, id, version, $"{id}.nuspec")).Descendants().FirstOrDefault(element => element.Name.LocalName == "license");
        return licence?.Attribute("type")?.Value == "expression" ? licence.Value : null;
    }
}
