using System.Text.Json.Serialization;

namespace Harmony.Fleet.Operator.Api;

/// <summary>The body of a DELETE, as in Kubernetes; it may be left out.</summary>
internal sealed record DeleteOptions
{
    /// <summary>Ignored.</summary>
    public string? ApiVersion { get; init; }

    /// <summary>Ignored.</summary>
    public string? Kind { get; init; }

    /// <summary>What must hold for the delete; null for nothing.</summary>
    public DeletePreconditionsBody? Preconditions { get; init; }
}

/// <summary>What must hold for a delete.</summary>
internal sealed record DeletePreconditionsBody
{
    /// <summary>The resource has this uid.</summary>
    public string? Uid { get; init; }

    /// <summary>The resource has this version.</summary>
    public string? ResourceVersion { get; init; }
}

/// <summary>JSON of <see cref="DeleteOptions"/>.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(DeleteOptions))]
internal sealed partial class DeleteOptionsJson : JsonSerializerContext;
