using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Harmony.Fleet.Adapters.Nats.Connection;

namespace Harmony.Fleet.Adapters.Nats.JetStream;

/// <summary>Requests to JetStream's API and their typed answers.</summary>
internal sealed class JetStreamApi(NatsConnection connection, JetStreamOptions options)
{
    private const string Prefix = "$JS.API.";

    /// <summary>Asks with a body.</summary>
    public Task<ApiOutcome<TResponse>> AskAsync<TRequest, TResponse>(
        string verb,
        TRequest request,
        JsonTypeInfo<TRequest> requestType,
        JsonTypeInfo<TResponse> responseType,
        CancellationToken cancellationToken)
        where TResponse : ApiResponse =>
        AskAsync(verb, JsonSerializer.SerializeToUtf8Bytes(request, requestType), responseType, cancellationToken);

    /// <summary>Asks.</summary>
    public async Task<ApiOutcome<TResponse>> AskAsync<TResponse>(
        string verb,
        ReadOnlyMemory<byte> body,
        JsonTypeInfo<TResponse> responseType,
        CancellationToken cancellationToken)
        where TResponse : ApiResponse
    {
        var subject = Prefix + verb;
        var outcome = await connection.RequestAsync(subject, body, null, options.RequestTimeout, cancellationToken);
        return outcome.IsReply
            ? Read(subject, outcome.Message.Payload.Span, responseType)
            : new ApiOutcome<TResponse>.Unavailable(RequestReasons.Of(outcome.Status, subject));
    }

    private static ApiOutcome<TResponse> Read<TResponse>(string subject, ReadOnlySpan<byte> payload, JsonTypeInfo<TResponse> type)
        where TResponse : ApiResponse
    {
        try
        {
            return JsonSerializer.Deserialize(payload, type) switch
            {
                { Error: { } error } => new ApiOutcome<TResponse>.Refused(error),
                { } response => new ApiOutcome<TResponse>.Ok(response),
                null => new ApiOutcome<TResponse>.Unavailable($"an empty answer on {subject}"),
            };
        }
        catch (JsonException problem)
        {
            return new ApiOutcome<TResponse>.Unavailable($"an answer on {subject} that cannot be read: {problem.Message}");
        }
    }
}
