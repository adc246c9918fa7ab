using System.Text.Json;
using Harmony.Fleet.Agent.Identity;
using Harmony.Fleet.Contracts.Commands;
using Harmony.Fleet.Contracts.Json;

namespace Harmony.Fleet.Agent.Commands;

/// <summary>Does what one verb asks.</summary>
internal interface ICommandHandler
{
    /// <summary>One of <see cref="Verbs"/>.</summary>
    string Verb { get; }

    /// <summary>Answers <paramref name="command"/>, to the last frame.</summary>
    /// <exception cref="OperationCanceledException">The session ended before.</exception>
    Task AnswerAsync(Command command, ReplySession session);
}

/// <summary>Gives a sign of life.</summary>
internal sealed class PingHandler(AgentIdentity identity) : ICommandHandler
{
    /// <inheritdoc/>
    public string Verb => Verbs.Ping;

    /// <inheritdoc/>
    public Task AnswerAsync(Command command, ReplySession session) => session.EndAsync(JsonSerializer.SerializeToUtf8Bytes(
        new PingReply { Device = identity.Device, AgentVersion = identity.Version, UptimeSeconds = (long)identity.Uptime.TotalSeconds },
        ContractsJson.Bus.PingReply));
}
