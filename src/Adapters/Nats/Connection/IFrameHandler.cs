using Harmony.Fleet.Adapters.Nats.Protocol;

namespace Harmony.Fleet.Adapters.Nats.Connection;

/// <summary>Takes what a session receives.</summary>
internal interface IFrameHandler
{
    /// <summary>Takes a message: its bytes are gone afterwards.</summary>
    void OnMessage(in Frame frame);

    /// <summary>Takes a new INFO.</summary>
    void OnInfo(ServerInfo info);

    /// <summary>Takes an error after which the session goes on.</summary>
    void OnError(ServerError error);
}
