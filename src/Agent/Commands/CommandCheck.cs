using Harmony.Fleet.Contracts.Commands;

namespace Harmony.Fleet.Agent.Commands;

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
    public sealed record Refused(string Reason) : CommandCheck;
}
