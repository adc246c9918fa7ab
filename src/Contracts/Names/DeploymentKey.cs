using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Harmony.Fleet.Contracts.Names;

/// <summary>Which Deployment: its namespace and its name. Written <c>namespace/name</c>.</summary>
/// <param name="Namespace">The namespace.</param>
/// <param name="Name">The name within it.</param>
public readonly record struct DeploymentKey(NamespaceName Namespace, DeploymentName Name) : IComparable<DeploymentKey>
{
    /// <inheritdoc/>
    public int CompareTo(DeploymentKey other)
    {
        var byNamespace = Namespace.CompareTo(other.Namespace);
        return byNamespace != 0 ? byNamespace : Name.CompareTo(other.Name);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Namespace}/{Name}";
}

/// <summary>The name of a namespace: a DNS label (<see cref="DnsLabel.Rule"/>). Holds a valid value, or is <c>default</c>.</summary>
[JsonConverter(typeof(NameConverter<NamespaceName>))]
public readonly record struct NamespaceName : IName<NamespaceName>, IComparable<NamespaceName>
{
    private readonly string? value;

    private NamespaceName(string value) => this.value = value;

    /// <summary>The label's text.</summary>
    public string Value => value ?? string.Empty;

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? text, out NamespaceName name)
    {
        var valid = text is not null && DnsLabel.IsValid(text);
        name = valid ? new NamespaceName(text!) : default;
        return valid;
    }

    /// <summary>Parses <paramref name="text"/>; for text that is known to be valid.</summary>
    /// <exception cref="FormatException">It is no DNS label.</exception>
    public static NamespaceName Parse(string text) =>
        TryParse(text, out var name) ? name : throw new FormatException($"'{text}' is no namespace: use {DnsLabel.Rule}.");

    /// <inheritdoc/>
    public int CompareTo(NamespaceName other) => string.CompareOrdinal(Value, other.Value);

    /// <inheritdoc/>
    public override string ToString() => Value;
}

/// <summary>The name of a Deployment within its namespace: a DNS label (<see cref="DnsLabel.Rule"/>). Holds a valid value, or is <c>default</c>.</summary>
[JsonConverter(typeof(NameConverter<DeploymentName>))]
public readonly record struct DeploymentName : IName<DeploymentName>, IComparable<DeploymentName>
{
    private readonly string? value;

    private DeploymentName(string value) => this.value = value;

    /// <summary>The label's text.</summary>
    public string Value => value ?? string.Empty;

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? text, out DeploymentName name)
    {
        var valid = text is not null && DnsLabel.IsValid(text);
        name = valid ? new DeploymentName(text!) : default;
        return valid;
    }

    /// <summary>Parses <paramref name="text"/>; for text that is known to be valid.</summary>
    /// <exception cref="FormatException">It is no DNS label.</exception>
    public static DeploymentName Parse(string text) =>
        TryParse(text, out var name) ? name : throw new FormatException($"'{text}' is no deployment name: use {DnsLabel.Rule}.");

    /// <inheritdoc/>
    public int CompareTo(DeploymentName other) => string.CompareOrdinal(Value, other.Value);

    /// <inheritdoc/>
    public override string ToString() => Value;
}
