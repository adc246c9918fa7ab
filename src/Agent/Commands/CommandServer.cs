using System.Collections.Concurrent;
using System.Text;
using Harmony.Fleet.Agent.Identity;
using Harmony.Fleet.Agent.Timing;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Commands;
using Harmony.Fleet.Core.Retries;
using Harmony.Fleet.Ports.Bus;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Harmony.Fleet.Agent.Commands;

/// <summary>Answers the control plane's commands, so many at once and no more.</summary>
internal sealed partial class CommandServer(
    IBus bus,
    AgentIdentity identity,
    CommandVerifier verifier,
    FrameSender sender,
    IEnumerable<ICommandHandler> handlers,
    AgentSignals signals,
    TimeProvider time,
    ILogger<CommandServer> logger) : BackgroundService
{
    /// <summary>Who sends nonsense without pause fills no disk.</summary>
    private readonly LogThrottle refusals = new(TimeSpan.FromMinutes(1));
    private readonly Dictionary<string, ICommandHandler> byVerb = handlers.ToDictionary(handler => handler.Verb, StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ReplySession> sessions = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Task> running = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await using var subscription = await bus.SubscribeAsync(Subjects.Commands(identity.Device), stoppingToken);
        try
        {
            await foreach (var message in subscription.ReadAsync(stoppingToken))
            {
                await TakeAsync(message, stoppingToken);
            }
        }
        finally
        {
            await Task.WhenAll(running.Values);
        }
    }

    private async Task TakeAsync(BusMessage message, CancellationToken stoppingToken)
    {
        switch (verifier.Check(message))
        {
            case CommandCheck.Refused { IsOfAnotherNonce: true } earlier:
                signals.Info.Set(); // That the sender knows another one may be a second agent's doing.

                // Whoever asked before this agent was there gives up, and says so by a credit of 0: as with any session that is over, nothing is to be done.
                if (message.Subject != Subjects.Command(identity.Device, Verbs.Credit) && refusals.Admits(earlier.Reason, time.GetElapsedTime(0)))
                {
                    LogEarlier(message.Subject, earlier.Reason);
                }

                break;
            case CommandCheck.Refused refused:
                if (refusals.Admits(refused.Reason, time.GetElapsedTime(0)))
                {
                    LogRefused(message.Subject, refused.Reason);
                }

                break;
            case CommandCheck.Accepted { Command: { Verb: Verbs.Credit } command }:
                if (sessions.TryGetValue(command.Session, out var session))
                {
                    session.Grant(command.Credit ?? CommandLimits.DefaultCredit);
                }

                break;
            case CommandCheck.Accepted { Command: var command }:
                await BeginAsync(command, stoppingToken);
                break;
        }
    }

    private async Task BeginAsync(Command command, CancellationToken stoppingToken)
    {
        var problem = !byVerb.TryGetValue(command.Verb, out var handler) ? $"the agent of {identity.Device} ({identity.Version}) does not know the command {command.Verb}"
            : sessions.Count >= CommandLimits.MaxSessions ? $"device {identity.Device} answers {CommandLimits.MaxSessions} commands already: try again later"
            : null;
        if (problem is not null)
        {
            await sender.SendAsync(command.Session, 0, FrameKind.Failed, Encoding.UTF8.GetBytes(problem), stoppingToken);
            return;
        }

        var session = new ReplySession(sender, command, time, stoppingToken);
        sessions[command.Session] = session;
        running[command.Session] = Task.Run(() => AnswerAsync(handler!, command, session), CancellationToken.None);
        if (!sessions.ContainsKey(command.Session))
        {
            // It ended before it was noted.
            running.TryRemove(command.Session, out _);
        }
    }

    private async Task AnswerAsync(ICommandHandler handler, Command command, ReplySession session)
    {
        try
        {
            if (!await session.IsWantedAsync())
            {
                LogLate(command.Verb, command.Session);
                return;
            }

            LogBegins(command.Verb, command.Session);
            await handler.AnswerAsync(command, session);
        }
        catch (OperationCanceledException) when (session.Ended.IsCancellationRequested)
        {
            LogEnded(command.Verb, command.Session);
        }
        catch (Exception bug)
        {
            // The other sessions go on whatever became of this one.
            LogBug(bug, command.Verb, command.Session);
            await sender.SendAsync(
                command.Session, session.Sent, FrameKind.Failed, "the agent failed by a fault of its own: see its log"u8.ToArray(), CancellationToken.None);
        }
        finally
        {
            sessions.TryRemove(command.Session, out _);
            session.Dispose();
            running.TryRemove(command.Session, out _);
        }
    }
}
