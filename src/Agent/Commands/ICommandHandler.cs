using Harmony.Fleet.Contracts.Commands;

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
