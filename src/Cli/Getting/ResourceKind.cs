using System.Collections.Immutable;
using Harmony.Fleet.Cli.Output;
using Harmony.Fleet.Cli.Server;
using Harmony.Fleet.Contracts.Resources;

namespace Harmony.Fleet.Cli.Getting;

/// <summary>A kind of resource, and how it is shown.</summary>
/// <typeparam name="T">The resource's type.</typeparam>
/// <param name="Type">The kind.</param>
/// <param name="Columns">Its table.</param>
internal sealed record ResourceKind<T>(ResourceType<T> Type, ImmutableArray<Column<T>> Columns)
    where T : class, IResource
{
    /// <summary>Whether they send heartbeats.</summary>
    public bool IsAlive { get; init; }

    /// <summary>How one is named in prose: <c>deployment default/hello</c>.</summary>
    public string Describe(string? space, string name) =>
        $"{Type.Kind.ToLowerInvariant()} {(Type.Namespaced && space is not null ? $"{space}/" : string.Empty)}{name}";
}

/// <summary>The kinds that can be shown.</summary>
internal static class ResourceKinds
{
    /// <summary>Deployments.</summary>
    public static ResourceKind<Deployment> Deployments => new(ResourceTypes.Deployments, ResourceColumns.Deployments);

    /// <summary>Devices.</summary>
    public static ResourceKind<Device> Devices => new(ResourceTypes.Devices, ResourceColumns.Devices) { IsAlive = true };
}

/// <summary>What <c>fleet get</c> was asked for.</summary>
/// <param name="Name">One resource; null for all of the scope.</param>
/// <param name="Scope">The namespace and the selector.</param>
/// <param name="Format">How to show it.</param>
/// <param name="ShowNamespace">Whether the table has a column for it.</param>
internal sealed record GetRequest(string? Name, Scope Scope, OutputFormat Format, bool ShowNamespace)
{
    /// <summary>Whether it is shown as a table.</summary>
    public bool IsTable => Format is OutputFormat.Table or OutputFormat.Wide;
}
