using System.Text.Json;
using System.Text.Json.Serialization;

namespace Harmony.Fleet.Operator.Hosting;

/// <summary>The part <c>nats</c> of operator.json.</summary>
internal sealed record OperatorNatsFile
{
    /// <summary>The server, <c>nats://host:port</c> or <c>tls://host:port</c>. Required.</summary>
    public string? Url { get; init; }

    /// <summary>The file with the operator's nkey seed (<c>SU...</c>). Required.</summary>
    public string? NkeySeedFile { get; init; }

    /// <summary>PEM file of the authorities to trust for the server's certificate; null for the system's.</summary>
    public string? CaFile { get; init; }

    /// <summary>Whatever else was written: told to its author. The serializer demands a setter.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Unknown { get; set; }
}
