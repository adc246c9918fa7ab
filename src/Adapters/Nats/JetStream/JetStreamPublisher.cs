using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Harmony.Fleet.Adapters.Nats.Connection;
using Harmony.Fleet.Adapters.Nats.Protocol;

namespace Harmony.Fleet.Adapters.Nats.JetStream;

/// <summary>Publishes that are acknowledged, many at once: the window bounds how many await their answer, and who comes later waits for a place.</summary>
/// <param name="connection">Through which.</param>
/// <param name="options">How many, and how long.</param>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "A SemaphoreSlim whose wait handle is never asked for holds nothing.")]
public sealed class JetStreamPublisher(NatsConnection connection, JetStreamOptions options)
{
    private readonly SemaphoreSlim _window = new(options.MaxInFlight, options.MaxInFlight);

    /// <summary>Publishes, and awaits the acknowledgement.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<Ack> PublishAsync(string subject, ReadOnlyMemory<byte> payload, NatsHeaders? headers, CancellationToken cancellationToken)
    {
        if (!_window.Wait(0, CancellationToken.None))
        {
            await _window.WaitAsync(cancellationToken);
        }

        try
        {
            var outcome = await connection.RequestAsync(subject, payload, headers, options.RequestTimeout, cancellationToken);
            return outcome.Status switch
            {
                RequestStatus.Replied => AckReader.Read(outcome.Message.Payload.Span),
                RequestStatus.TooLarge or RequestStatus.Denied => new(AckStatus.Rejected, 0, RequestReasons.Of(outcome.Status, subject)),
                _ => Ack.Unavailable(RequestReasons.Of(outcome.Status, subject)),
            };
        }
        finally
        {
            _window.Release();
        }
    }
}
