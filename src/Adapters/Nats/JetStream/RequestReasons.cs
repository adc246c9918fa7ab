using Harmony.Fleet.Adapters.Nats.Connection;

namespace Harmony.Fleet.Adapters.Nats.JetStream;

/// <summary>Says in one sentence why a request has no answer.</summary>
internal static class RequestReasons
{
    public static string Of(RequestStatus status, string subject) => status switch
    {
        RequestStatus.NoResponders => $"nobody answers on {subject}: JetStream is off, or the stream is missing",
        RequestStatus.TimedOut => $"no answer in time on {subject}",
        RequestStatus.LinkDown => "the connection to NATS is down",
        RequestStatus.BufferFull => "too much is waiting to be sent to NATS",
        RequestStatus.TooLarge => "larger than the server takes",
        RequestStatus.Denied => $"this user may not publish to {subject}",
        _ => $"unexpected ending '{status}' on {subject}",
    };
}
