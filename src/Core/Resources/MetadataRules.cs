using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Fields;
using Harmony.Fleet.Core.Selectors;

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

    /// <summary>All that is wrong with the kind and metadata of <paramref name="resource"/>.</summary>
    public static ImmutableArray<FieldError> Check<T>(ResourceType<T> type, T resource)
        where T : class, IResource =>
    [
        .. OfKind(type, resource),
        .. OfNames(type, resource.Metadata),
        .. CheckLabels("metadata.labels", resource.Metadata.Labels),
        .. OfAnnotations(resource.Metadata.Annotations),
        .. CheckFinalizers(resource.Metadata.Finalizers),
    ];

    /// <summary>All that is wrong with labels.</summary>
    /// <param name="path">Where they are, for the errors.</param>
    /// <param name="labels">The labels.</param>
    public static IEnumerable<FieldError> CheckLabels(string path, ImmutableSortedDictionary<string, string> labels) =>
        labels.Count > MaxLabels
            ? [TooMany(path, labels.Count, MaxLabels)]
            : labels.SelectMany(pair => new[]
            {
                LabelSyntax.KeyError(pair.Key) is { } key ? FieldError.Invalid(path, pair.Key, key) : null,
                pair.Value is null ? FieldError.Required($"{path}.{pair.Key}", "a label's value is a string")
                    : LabelSyntax.ValueError(pair.Value) is { } value ? FieldError.Invalid($"{path}.{pair.Key}", pair.Value, value) : null,
            }).OfType<FieldError>();

    /// <summary>All that is wrong with finalizers.</summary>
    public static IEnumerable<FieldError> CheckFinalizers(ImmutableArray<string> finalizers)
    {
        const string Path = "metadata.finalizers";
        if (finalizers.Length > MaxFinalizers)
        {
            return [TooMany(Path, finalizers.Length, MaxFinalizers)];
        }

        return finalizers.Select((finalizer, index) =>
            finalizer is null ? FieldError.Required($"{Path}[{index}]", "a finalizer is a string")
                : LabelSyntax.KeyError(finalizer) is { } error ? FieldError.Invalid($"{Path}[{index}]", finalizer, error)
                : finalizers.IndexOf(finalizer) < index ? FieldError.Duplicate($"{Path}[{index}]", finalizer) : null).OfType<FieldError>();
    }

    private static IEnumerable<FieldError> OfKind<T>(ResourceType<T> type, T resource)
        where T : class, IResource
    {
        if (resource.ApiVersion != ApiGroup.Version)
        {
            yield return FieldError.Invalid("apiVersion", resource.ApiVersion, $"must be '{ApiGroup.Version}'");
        }

        if (resource.Kind != type.Kind)
        {
            yield return FieldError.Invalid("kind", resource.Kind, $"must be '{type.Kind}'");
        }
    }

    private static IEnumerable<FieldError> OfNames<T>(ResourceType<T> type, ObjectMeta metadata)
        where T : class, IResource
    {
        if (metadata.Name.Length == 0)
        {
            yield return FieldError.Required("metadata.name", "name is required");
        }
        else if (!DnsLabel.IsValid(metadata.Name))
        {
            yield return FieldError.Invalid("metadata.name", metadata.Name, $"use {DnsLabel.Rule}");
        }

        if (!type.Namespaced && metadata.Namespace is not null)
        {
            yield return FieldError.Forbidden("metadata.namespace", $"a {type.Kind} has no namespace");
        }
        else if (type.Namespaced && !DnsLabel.IsValid(metadata.Namespace))
        {
            yield return metadata.Namespace is null
                ? FieldError.Required("metadata.namespace", $"a {type.Kind} has a namespace")
                : FieldError.Invalid("metadata.namespace", metadata.Namespace, $"use {DnsLabel.Rule}");
        }
    }

    private static IEnumerable<FieldError> OfAnnotations(ImmutableSortedDictionary<string, string> annotations) =>
        annotations.Count > MaxLabels
            ? [TooMany("metadata.annotations", annotations.Count, MaxLabels)]
            : annotations.SelectMany(pair => new[]
            {
                LabelSyntax.KeyError(pair.Key) is { } key ? FieldError.Invalid("metadata.annotations", pair.Key, key) : null,
                pair.Value is null ? FieldError.Required($"metadata.annotations.{pair.Key}", "an annotation's value is a string") : null,
            }).OfType<FieldError>();

    private static FieldError TooMany(string path, int count, int most) => new(path, $"Too many: {count}: must have at most {most} items");
}
