using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Selectors;

namespace Harmony.Fleet.Adapters.Sqlite.Reading;

/// <summary>Which resources of a kind a list or a watch shows.</summary>
/// <typeparam name="T">The resource's type.</typeparam>
/// <param name="Type">The kind.</param>
/// <param name="Namespace">Only of this namespace; null for all.</param>
/// <param name="Selector">Only with these labels.</param>
internal sealed record Selection<T>(ResourceType<T> Type, string? Namespace, Selector Selector)
    where T : class, IResource
{
    /// <summary>Parses what a caller asks for.</summary>
    /// <returns>The selection; null where it is wrong, and then <paramref name="problem"/> says what.</returns>
    public static Selection<T>? TryParse(ResourceType<T> type, string? inNamespace, LabelSelector? labels, out string problem)
    {
        problem = string.Empty;
        if (!type.Namespaced && inNamespace is not null)
        {
            problem = $"namespace: a {type.Kind} has none; leave it out.";
            return null;
        }

        switch (Core.Selectors.Selector.TryCompile(labels ?? new LabelSelector(), "labelSelector"))
        {
            case SelectorOutcome.Compiled compiled:
                return new Selection<T>(type, inNamespace, compiled.Selector);
            case SelectorOutcome.Invalid invalid:
                problem = string.Join("; ", invalid.Errors);
                return null;
            default:
                throw new InvalidOperationException("An outcome of selectors is not handled.");
        }
    }

    /// <summary>Whether <paramref name="resource"/> has the labels.</summary>
    public bool Matches(T resource) => Selector.Terms.IsEmpty || Selector.Matches(resource.Metadata.Labels);
}
