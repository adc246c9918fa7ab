using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Fields;
using Harmony.Fleet.Core.Selectors;

namespace Harmony.Fleet.Core.Validation;

/// <summary>What every resource's metadata must be.</summary>
internal static class MetadataRules
{
    public static IEnumerable<FieldError> CheckNamespaced(ObjectMeta metadata) =>
        [.. Label(metadata.Name, "metadata.name"), .. Label(metadata.Namespace ?? string.Empty, "metadata.namespace"), .. CheckLabels(metadata.Labels, "metadata.labels")];

    public static IEnumerable<FieldError> CheckClusterScoped(ObjectMeta metadata)
    {
        IEnumerable<FieldError> scope = metadata.Namespace is null
            ? []
            : [FieldError.Forbidden("metadata.namespace", "not allowed on this type")];
        return [.. Label(metadata.Name, "metadata.name"), .. scope, .. CheckLabels(metadata.Labels, "metadata.labels")];
    }

    public static IEnumerable<FieldError> CheckLabels(IEnumerable<KeyValuePair<string, string>> labels, string path)
    {
        foreach (var (key, value) in labels)
        {
            if (LabelSyntax.KeyError(key) is { } keyError)
            {
                yield return FieldError.Invalid(path, key, keyError);
            }

            if (value is null)
            {
                yield return FieldError.Required($"{path}.{key}", "a label's value is a string");
            }
            else if (LabelSyntax.ValueError(value) is { } valueError)
            {
                yield return FieldError.Invalid($"{path}.{key}", value, valueError);
            }
        }
    }

    /// <summary>A text that must be a DNS label.</summary>
    public static IEnumerable<FieldError> Label(string text, string path)
    {
        if (text.Length == 0)
        {
            yield return FieldError.Required(path, $"use {DnsLabel.Rule}");
        }
        else if (!DnsLabel.IsValid(text))
        {
            yield return FieldError.Invalid(path, text, $"use {DnsLabel.Rule}");
        }
    }
}
