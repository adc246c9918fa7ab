namespace Harmony.Fleet.Core.Selectors;

/// <summary>How a term of a selector looks at a label. The names are Kubernetes'.</summary>
public enum SelectorOperator
{
    /// <summary>The label is there with one of the values.</summary>
    In,

    /// <summary>The label has none of the values; one that is not there has none.</summary>
    NotIn,

    /// <summary>The label is there.</summary>
    Exists,

    /// <summary>The label is not there.</summary>
    DoesNotExist,
}
