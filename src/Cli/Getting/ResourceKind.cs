using System.Collections.Immutable;
using Harmony.Fleet.Cli.Output;
using Harmony.Fleet.Contracts.Resources;

namespace Harmony.Fleet.Cli.Getting;

/// <summary>A kind of resource, and how it is shown.</summary>
/// <typeparam name="T">The resource's type.</typeparam>
/// <param name="Type">The kind.</param>
/// <param name="Columns">Its table.</param>
internal sealed record ResourceKind<T>(ResourceType<T> Type, ImmutableArray<Column<T>> Columns)
    where T : class, IResource
{
    /// <summary>How one is named in prose: <c>deployment default/hello</c>.</summary>
    public string Describe(string? space, string name) =>
        $"{Type.Kind.ToLowerInvariant()} {(Type.Namespaced && space is not null ? $"{space}/" : string.Empty)}{name}";
}
