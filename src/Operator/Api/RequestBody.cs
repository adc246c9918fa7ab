using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using System.Text.Unicode;
using Harmony.Fleet.Contracts.Api;
using Harmony.Fleet.Contracts.Json;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Resources;
using Harmony.Fleet.Core.Validation;

namespace Harmony.Fleet.Operator.Api;

/// <summary>Reads bodies that anybody may have written: capped, and parsed strictly, so that a mistyped field is told and not lost.</summary>
internal static class RequestBody
{
    /// <summary>The largest body, in bytes.</summary>
    public const int MaxBytes = MetadataRules.MaxResourceBytes;

    /// <summary>The largest body that is read only to be refused; a longer one is cut off.</summary>
    public const int MaxRefusedBytes = 16 * MaxBytes;

    private static readonly JsonSerializerOptions Strict = new(ContractsJson.Resources.Options)
    {
        TypeInfoResolver = JsonTypeInfoResolver.Combine(ContractsJson.Resources, DeleteOptionsJson.Default, ContractsJson.Api),
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
    };

    /// <summary>Reads a resource.</summary>
    public static async Task<(T? Value, ApiFailure? Failure)> ReadAsync<T>(ResourceType<T> type, HttpContext context)
        where T : class, IResource
    {
        var (bytes, failure) = await ReadBytesAsync(context);
        if (failure is not null)
        {
            return (null, failure);
        }

        if (bytes!.Length == 0)
        {
            return (null, ApiFailure.BadRequest($"The body is empty; send a {type.Kind} as JSON."));
        }

        var (value, malformed) = Parse<T>(bytes);
        return malformed is not null ? (null, malformed)
            : NullRules.Check(JsonNode.Parse(bytes)!.AsObject()) is { IsEmpty: false } nulls ? (null, ApiFailure.Invalid(type.Kind, value!.Metadata.Name, nulls))
            : ContractNulls.Find(type.Json, bytes) is { IsEmpty: false } none ? (null, ApiFailure.Invalid(type.Kind, value!.Metadata.Name, none))
            : value is { Metadata: { Uid: "" } or { ResourceVersion: "" } } ? (null, ApiFailure.BadRequest("metadata.uid and metadata.resourceVersion must not be empty: leave them out, or say which."))
            : (value, null);
    }

    /// <summary>Reads what a delete demands; an empty body demands nothing.</summary>
    public static async Task<(DeleteOptions? Value, ApiFailure? Failure)> ReadDeleteOptionsAsync(HttpContext context)
    {
        var (bytes, failure) = await ReadBytesAsync(context);
        if (failure is not null || bytes!.Length == 0)
        {
            return (failure is null ? new DeleteOptions() : null, failure);
        }

        var (options, malformed) = Parse<DeleteOptions>(bytes);
        return malformed is null && JsonNode.Parse(bytes)!.AsObject().TryGetPropertyValue("preconditions", out var given) && !IsDemand(given)
            ? (null, ApiFailure.BadRequest("preconditions demand nothing: give uid, resourceVersion, or both, or leave them out."))
            : (options, malformed);
    }

    /// <summary>Reads what is to be recovered.</summary>
    public static async Task<(RecoveryRequest? Value, ApiFailure? Failure)> ReadRecoveryAsync(HttpContext context)
    {
        var (bytes, failure) = await ReadBytesAsync(context);
        return failure is not null ? (null, failure) : Parse<RecoveryRequest>(bytes!);
    }

    /// <summary>Whether preconditions say something, and nothing that is null or empty.</summary>
    private static bool IsDemand(JsonNode? preconditions) =>
        preconditions is JsonObject { Count: > 0 } members && members.All(member => member.Value?.GetValueKind() == JsonValueKind.String && member.Value.GetValue<string>().Length > 0);

    private static async Task<(byte[]? Bytes, ApiFailure? Failure)> ReadBytesAsync(HttpContext context)
    {
        var reader = context.Request.BodyReader;
        var isTooLarge = context.Request.ContentLength > MaxBytes;
        while (true)
        {
            var read = await reader.ReadAsync(context.RequestAborted);
            isTooLarge |= read.Buffer.Length > MaxBytes;
            if (read.IsCompleted)
            {
                (byte[]?, ApiFailure?) result = isTooLarge ? (null, ApiFailure.TooLarge(MaxBytes)) : (read.Buffer.ToArray(), null);
                reader.AdvanceTo(read.Buffer.End);
                return result;
            }

            // What is too large is read to its end without being kept: a client that still sends would not see the answer.
            reader.AdvanceTo(isTooLarge ? read.Buffer.End : read.Buffer.Start, read.Buffer.End);
        }
    }

    private static (T? Value, ApiFailure? Failure) Parse<T>(byte[] bytes)
        where T : class
    {
        if (!Utf8.IsValid(bytes))
        {
            return (null, ApiFailure.BadRequest("The body is no valid UTF-8."));
        }

        var type = (JsonTypeInfo<T>)Strict.GetTypeInfo(typeof(T));
        try
        {
            var value = JsonSerializer.Deserialize(bytes, type);
            return value is null ? (null, ApiFailure.BadRequest("The body is null; send an object.")) : (value, null);
        }
        catch (JsonException error)
        {
            return (null, ApiFailure.BadRequest(BodyErrors.Sentence(error, bytes, type)));
        }
    }
}
