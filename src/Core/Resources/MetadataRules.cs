using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Contracts.Resources;

namespace Harmony.Fleet.Core.Resources;

/// <summary>What every stored resource must obey, whatever its kind.</summary>
public static class MetadataRules
{
    /// <summary>The largest resource, in bytes of its JSON.</summary>
    public const int MaxResourceBytes = 256 * 1024;

    /// <summary>The most finalizers of a resource.</summary>
    public const int MaxFinalizers = 32;

    /// <summary>The most labels, and the most annotations, of a resource.</summary>
    public const int MaxLabels = 256;

    /// <summary>What is wrong with <paramref name="resource"/>.</summary>
    /// <returns>One sentence that begins with the field; null where all is well.</returns>
    public static string? Problem<T>(ResourceType<T> type, T resource)
        where T : class, IResource =>
        OfKind(type, resource)
        ?? OfNames(type, resource.Metadata)
        ?? OfLabels("metadata.labels", resource.Metadata.Labels)
        ?? OfAnnotations(resource.Metadata.Annotations)
        ?? OfFinalizers(resource.Metadata.Finalizers);

    private static string? OfKind<T>(ResourceType<T> type, T resource)
        where T : class, IResource
    {
        if (resource.ApiVersion != ApiGroup.Version)
        {
            return $"apiVersion: '{Shown(resource.ApiVersion)}' is not served here; use '{ApiGroup.Version}'.";
        }

        return resource.Kind == type.Kind ? null : $"kind: '{Shown(resource.Kind)}' does not belong here; use '{type.Kind}'.";
    }

    private static string? OfNames<T>(ResourceType<T> type, ObjectMeta metadata)
        where T : class, IResource
    {
        if (!DnsLabel.IsValid(metadata.Name))
        {
            return $"metadata.name: '{Shown(metadata.Name)}' is no valid name; use {DnsLabel.Rule}.";
        }

        if (!type.Namespaced)
        {
            return metadata.Namespace is null ? null : $"metadata.namespace: a {type.Kind} has no namespace; leave it out.";
        }

        return metadata.Namespace is { } ns && DnsLabel.IsValid(ns)
            ? null
            : $"metadata.namespace: '{Shown(metadata.Namespace)}' is no valid namespace; use {DnsLabel.Rule}.";
    }

    private static string? OfLabels(string field, ImmutableSortedDictionary<string, string> labels)
    {
        if (labels.Count > MaxLabels)
        {
            return $"{field}: {labels.Count} are too many; the most is {MaxLabels}.";
        }

        foreach (var (key, value) in labels)
        {
            if (!LabelSyntax.IsKey(key))
            {
                return $"{field}: '{Shown(key)}' is no label key; use {LabelSyntax.KeyRule}.";
            }

            if (value is null || !LabelSyntax.IsValue(value))
            {
                return $"{field}.{key}: '{Shown(value)}' is no label value; use {LabelSyntax.ValueRule}.";
            }
        }

        return null;
    }

    private static string? OfAnnotations(ImmutableSortedDictionary<string, string> annotations)
    {
        if (annotations.Count > MaxLabels)
        {
            return $"metadata.annotations: {annotations.Count} are too many; the most is {MaxLabels}.";
        }

        foreach (var (key, value) in annotations)
        {
            if (!LabelSyntax.IsKey(key))
            {
                return $"metadata.annotations: '{Shown(key)}' is no annotation key; use {LabelSyntax.KeyRule}.";
            }

            if (value is null)
            {
                return $"metadata.annotations.{key}: the value is missing; use text.";
            }
        }

        return null;
    }

    private static string? OfFinalizers(ImmutableArray<string> finalizers)
    {
        if (finalizers.Length > MaxFinalizers)
        {
            return $"metadata.finalizers: {finalizers.Length} are too many; the most is {MaxFinalizers}.";
        }

        foreach (var finalizer in finalizers)
        {
            if (finalizer is null || !LabelSyntax.IsKey(finalizer))
            {
                return $"metadata.finalizers: '{Shown(finalizer)}' is no finalizer; use {LabelSyntax.KeyRule}.";
            }
        }

        return finalizers.Distinct(StringComparer.Ordinal).Count() == finalizers.Length ? null : "metadata.finalizers: one is named twice.";
    }

    /// <summary>Foreign text for an error sentence: short, and without control characters.</summary>
    private static string Shown(string? text)
    {
        var cut = text is { Length: > 80 } ? string.Concat(text.AsSpan(0, 80), "...") : text ?? string.Empty;
        return string.Concat(cut.Select(c => char.IsControl(c) || char.IsSurrogate(c) ? '?' : c));
    }
}
