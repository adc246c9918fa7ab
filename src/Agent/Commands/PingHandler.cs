using System.Text.Json;
using Harmony.Fleet.Agent.Identity;
using Harmony.Fleet.Contracts.Commands;
using Harmony.Fleet.Contracts.Json;

namespace Harmony.Fleet.Agent.Commands;

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
