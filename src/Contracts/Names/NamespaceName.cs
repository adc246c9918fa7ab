using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using Harmony.Fleet.Contracts.Json;

namespace Harmony.Fleet.Contracts.Names;

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
