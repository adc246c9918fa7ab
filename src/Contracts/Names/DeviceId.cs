using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Harmony.Fleet.Contracts.Names;

/// <summary>The identity of a device, and its key in every bucket: a DNS label (<see cref="DnsLabel.Rule"/>). Holds a valid value, or is <c>default</c>.</summary>
[JsonConverter(typeof(NameConverter<DeviceId>))]
public readonly record struct DeviceId : IName<DeviceId>, IComparable<DeviceId>
{
    private readonly string? value;

    private DeviceId(string value) => this.value = value;

    /// <summary>The label's text.</summary>
    public string Value => value ?? string.Empty;

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? text, out DeviceId name)
    {
        var valid = text is not null && DnsLabel.IsValid(text);
        name = valid ? new DeviceId(text!) : default;
        return valid;
    }

    /// <summary>Parses <paramref name="text"/>; for text that is known to be valid.</summary>
    /// <exception cref="FormatException">It is no DNS label.</exception>
    public static DeviceId Parse(string text) =>
        TryParse(text, out var name) ? name : throw new FormatException($"'{text}' is no device id: use {DnsLabel.Rule}.");

    /// <inheritdoc/>
    public int CompareTo(DeviceId other) => string.CompareOrdinal(Value, other.Value);

    /// <inheritdoc/>
    public override string ToString() => Value;
}
