using System.Reflection;
using Harmony.Fleet.Contracts.Names;

namespace Harmony.Fleet.Tests.Architecture;

/// <summary>Arrows point one way: contracts, core, ports, adapters, apps.</summary>
public sealed class ReferenceTests
{
    private const string Prefix = "Harmony.Fleet.";

    /// <summary>What each assembly may name, beside the framework. The whole picture of docs/architecture.md, as a table.</summary>
    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["Contracts"] = [],
        ["Core"] = ["Contracts"],
        ["Ports"] = ["Contracts", "Core"],
        ["Disks"] = [],
        ["Adapters.Nats"] = ["Contracts", "Core", "Ports", "Disks"],
        ["Adapters.NatsAdmin"] = ["Contracts", "Core", "Ports"],
        ["Adapters.Sqlite"] = ["Contracts", "Core", "Ports", "Disks"],
        ["Adapters.Podman"] = ["Contracts", "Core", "Ports", "Disks"],
        ["Adapters.Files"] = ["Contracts", "Core", "Ports", "Disks"],
        ["Hosting"] = ["Contracts", "Disks"],
        ["Operator"] = ["Contracts", "Core", "Ports", "Hosting", "Disks", "Adapters.Nats", "Adapters.NatsAdmin", "Adapters.Sqlite"],
        ["Agent"] = ["Contracts", "Core", "Ports", "Hosting", "Disks", "Adapters.Nats", "Adapters.Podman", "Adapters.Files"],
        ["Deploy"] = ["Contracts", "Core", "Ports", "Disks", "Adapters.Nats", "Adapters.Podman"],
        ["LoadTest"] = ["Contracts", "Core", "Ports", "Hosting", "Adapters.Nats", "Agent", "Deploy"],
        ["Cli"] = ["Contracts", "Core", "Ports", "Disks", "Adapters.Nats", "Adapters.Podman", "Deploy"],
    };

    public static TheoryData<string> Assemblies => [.. Allowed.Keys];

    /// <summary>The projects, by the ends of their assemblies' names.</summary>
    internal static IEnumerable<string> Names => Allowed.Keys;

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void Assembly_References_OnlyWhatItsPlaceAllows(string name) =>
        References(Load(name)).Where(reference => !Allowed[name].Contains(reference)).ShouldBeEmpty($"{name} reaches where it must not");

    [Fact]
    public void EveryAssembly_IsInTheTable() =>
        Directory.EnumerateFiles(AppContext.BaseDirectory, Prefix + "*.dll")
            .Select(file => Path.GetFileNameWithoutExtension(file)[Prefix.Length..])
            .Where(name => !name.StartsWith("Tests.", StringComparison.Ordinal))
            .Order().ShouldBe(Allowed.Keys.Order());

    [Fact]
    public void Agent_Loads_NothingOfAClusterOrADatabase() =>
        Closure(Load("Agent")).Where(name => name.Contains("Kube", StringComparison.OrdinalIgnoreCase)
            || name.Contains("Sqlite", StringComparison.OrdinalIgnoreCase)
            || name.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal)).ShouldBeEmpty();

    /// <summary>What is marked so, is held to it by the compiler.</summary>
    [Theory]
    [InlineData("Agent")]
    [InlineData("Cli")]
    public void NativeProgram_Loads_OnlyWhatIsFitForIt(string name)
    {
        string[] own = [Prefix + name, .. Closure(Load(name)).Where(reference => reference.StartsWith(Prefix, StringComparison.Ordinal))];

        own.ShouldContain("Harmony.Fleet.Contracts");
        own.Where(assembly => !Assembly.Load(assembly).GetCustomAttributes<AssemblyMetadataAttribute>().Any(mark => mark is { Key: "IsAotCompatible", Value: "True" }))
            .ShouldBeEmpty();
    }

    [Fact]
    public void Core_IsSynchronous_AndKnowsNoClock()
    {
        var members = Load("Core").GetTypes().SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly));
        members.Where(method => typeof(Task).IsAssignableFrom(method.ReturnType)
                || method.ReturnType.Name.StartsWith("ValueTask", StringComparison.Ordinal)
                || method.GetParameters().Any(parameter => parameter.ParameterType == typeof(TimeProvider)))
            .Select(method => $"{method.DeclaringType}.{method.Name}").ShouldBeEmpty();
    }

    internal static Assembly Load(string name) => name == "Contracts" ? typeof(DeviceId).Assembly : Assembly.Load(Prefix + name);

    private static IEnumerable<string> References(Assembly assembly) =>
        assembly.GetReferencedAssemblies().Select(reference => reference.Name!)
            .Where(reference => reference.StartsWith(Prefix, StringComparison.Ordinal)).Select(reference => reference[Prefix.Length..]);

    private static HashSet<string> Closure(Assembly assembly)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var open = new Queue<Assembly>([assembly]);
        while (open.TryDequeue(out var next))
        {
            foreach (var reference in next.GetReferencedAssemblies().Where(reference => seen.Add(reference.Name!)))
            {
                if (reference.Name!.StartsWith(Prefix, StringComparison.Ordinal))
                {
                    open.Enqueue(Assembly.Load(reference));
                }
            }
        }

        return seen;
    }
}
