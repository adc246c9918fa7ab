using System.Text.Json.Nodes;
using Harmony.Fleet.Contracts.Resources;

namespace Harmony.Fleet.Cli.Manifests;

/// <summary>A resource to apply, checked.</summary>
/// <param name="Origin">Where it was read.</param>
/// <param name="Resource">Typed: a <see cref="Deployment"/> or a <see cref="Device"/>.</param>
/// <param name="Content">What is sent.</param>
internal sealed record Manifest(string Origin, IResource Resource, JsonObject Content)
{
    /// <summary>How it is named in prose: <c>deployment default/hello</c>.</summary>
    public string Title => $"{Resource.Kind.ToLowerInvariant()} {(Resource.Metadata.Namespace is { } space ? $"{space}/" : string.Empty)}{Resource.Metadata.Name}";
}
