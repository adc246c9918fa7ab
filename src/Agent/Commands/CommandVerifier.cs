using System.Buffers;
using System.Text.Json;
using Harmony.Fleet.Agent.Identity;
using Harmony.Fleet.Agent.Timing;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Commands;
using Harmony.Fleet.Contracts.Json;
using Harmony.Fleet.Core.Trust;
using Harmony.Fleet.Ports.Bus;

namespace Harmony.Fleet.Agent.Commands;

/// <summary>
/// Lets pass what the control plane sent to this device, for this connection, and for the first time. Sessions are remembered
/// as long as the nonce holds, and the nonce is changed before they become too many: none is ever taken twice.
/// </summary>
internal sealed class CommandVerifier(AgentIdentity identity, CommandNonce nonce, AgentSignals signals)
{
    /// <summary>How many sessions one nonce is good for.</summary>
    public const int MaxSessionsPerNonce = 8192;

    /// <summary>Those of base64url: none that means something in a subject.</summary>
    private static readonly SearchValues<char> SessionCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    private readonly HashSet<string> sessions = new(StringComparer.Ordinal);
    private string? nonceOfSessions;

    /// <summary>Judges a message. For one caller.</summary>
    public CommandCheck Check(BusMessage message)
    {
        if (message.Payload.Length > CommandLimits.MaxCommandBytes)
        {
            return new CommandCheck.Refused($"it has {message.Payload.Length} bytes");
        }

        var keys = identity.Keys;
        if (!MessageMac.Verify(keys.Down, keys.Epoch, MessageKinds.Command, identity.Device, message.Payload.Span, message.Headers.Mac))
        {
            return new CommandCheck.Refused("its MAC is not the control plane's");
        }

        return Parse(message.Payload.Span) is not { } command
            ? new CommandCheck.Refused("it cannot be read")
            : Problem(command, message.Subject) is { } problem ? new CommandCheck.Refused(problem) { IsOfAnotherNonce = command.Nonce != nonce.Current }
            : new CommandCheck.Accepted(command);
    }

    private static Command? Parse(ReadOnlySpan<byte> payload)
    {
        try
        {
            return JsonSerializer.Deserialize(payload, ContractsJson.Bus.Command);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private string? Problem(Command command, string subject)
    {
        if (command.Device != identity.Device)
        {
            return "it is for another device";
        }

        if (subject != Subjects.Command(identity.Device, command.Verb))
        {
            return "its subject and its verb differ";
        }

        if (command.Nonce != nonce.Current)
        {
            return "its nonce is not the present connection's";
        }

        if (command.Session.Length != CommandLimits.SessionLength || command.Session.AsSpan().ContainsAnyExcept(SessionCharacters))
        {
            return "its session has no valid name";
        }

        return command.Verb == Verbs.Credit || IsFirst(command) ? null : "its session was here before";
    }

    private bool IsFirst(Command command)
    {
        if (nonceOfSessions != command.Nonce)
        {
            sessions.Clear();
            nonceOfSessions = command.Nonce;
        }

        var isFirst = sessions.Add(command.Session);
        if (sessions.Count >= MaxSessionsPerNonce)
        {
            nonce.Renew();
            signals.Info.Set();
        }

        return isFirst;
    }
}

/// <summary>Whether a message is a command to this agent.</summary>
internal abstract record CommandCheck
{
    private CommandCheck()
    {
    }

    /// <summary>It is.</summary>
    /// <param name="Command">The command.</param>
    public sealed record Accepted(Command Command) : CommandCheck;

    /// <summary>It is not, and nothing is answered.</summary>
    /// <param name="Reason">A part of a sentence, for the log.</param>
    public sealed record Refused(string Reason) : CommandCheck
    {
        /// <summary>Whether the control plane sent it, and knows another nonce than that of the present connection.</summary>
        public bool IsOfAnotherNonce { get; init; }
    }
}
