using Harmony.Fleet.Cli.Hosting;
using Harmony.Fleet.Cli.Server;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Commands;
using Harmony.Fleet.Core.Outcomes;
using Harmony.Fleet.Core.Retries;

namespace Harmony.Fleet.Cli.Logs;

/// <summary>
/// Follows the log of a deployment on one device: over the end of a container to the next one, and over lost connections, until the
/// deployment is not on the device any more.
/// </summary>
internal sealed class LogFollower(CliHost host, LogSource source, LogWriter writer, Random random)
{
    /// <summary>What came while nobody listened to a container that goes on is hardly more; where it is, all is asked for.</summary>
    private const int ShortTail = 100;

    private const string Running = "running";

    private static readonly BackOff Waits = new(TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(10));

    /// <summary>So long the lines from before may take to come.</summary>
    private static readonly TimeSpan LongestHold = TimeSpan.FromSeconds(3);

    /// <summary>So long a device may take to report which container stands.</summary>
    private static readonly TimeSpan ReportTime = TimeSpan.FromSeconds(3);

    private readonly CatchUp lines = new(writer.Write);
    private ContainerReport? container;
    private long told = -1;
    private bool isBroken;

    /// <summary>Follows.</summary>
    /// <returns>Why it is over.</returns>
    public async Task<Fault> RunAsync(CancellationToken cancellationToken)
    {
        var opened = await source.OpenAsync(null, cancellationToken);
        if (!opened.IsOk)
        {
            return opened.Fault;
        }

        var waits = new BackOffSequence(Waits, random);
        for (var end = await CopyAsync(opened.Value, cancellationToken); ;)
        {
            if (end.Fault?.Kind is FaultKind.NotAllowed or FaultKind.Invalid)
            {
                return end.Fault;
            }

            if (!end.HasGap)
            {
                Tell(end.Fault, waits);
                await Task.Delay(waits.Next(), host.Time, cancellationToken);
            }

            if (await source.OverAsync(cancellationToken) is { } over)
            {
                return over;
            }

            var now = await source.ContainerAsync(cancellationToken);
            if (end.Fault is null && !end.HasGap && now is not null && now.State != Running && IsSame(now) && now.StartedAt == container?.StartedAt)
            {
                continue;
            }

            end = await AgainAsync(now is not null && IsSame(now) && !end.HasGap ? ShortTail : CommandLimits.MaxTail, isSame: now is null || IsSame(now), cancellationToken);
        }
    }

    private bool IsSame(ContainerReport now) => container is null || string.Equals(now.Id, container.Id, StringComparison.Ordinal);

    /// <summary>Says once why the log ended, until there are lines again.</summary>
    private void Tell(Fault? fault, BackOffSequence waits)
    {
        // While the next container is not there yet, its absence is no news; that nobody answers is.
        var isNews = told != lines.Count || (fault is not (null or { Kind: FaultKind.NotFound }) && !isBroken);
        if (!isNews)
        {
            return;
        }

        waits.Reset();
        (told, isBroken) = (lines.Count, fault is not null);
        writer.Say(fault is null
            ? $"The log of {source.Title} ended: its container ended or was replaced. The next one is followed."
            : $"The log of {source.Title} broke off: {fault.What}; trying again.");
    }

    private async Task<End> AgainAsync(int tail, bool isSame, CancellationToken cancellationToken)
    {
        if (isSame)
        {
            lines.BeginAgain(tail, isAll: tail == CommandLimits.MaxTail);
        }
        else
        {
            lines.Begin();
        }

        var opened = await source.OpenAsync(tail, cancellationToken);
        if (!opened.IsOk)
        {
            return new End(opened.Fault);
        }

        if (isBroken)
        {
            isBroken = false;
            writer.Say($"The log of {source.Title} goes on.");
        }

        return await CopyAsync(opened.Value, cancellationToken);
    }

    private async Task<End> CopyAsync(LineStream opened, CancellationToken cancellationToken)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await using var stream = opened;
        container = await source.ContainerAsync(cancellationToken) ?? container;
        var identifying = IdentifyAsync(over.Token);
        var holding = Task.Delay(LongestHold, host.Time, over.Token);
        try
        {
            return await CopyAsync(stream, holding, cancellationToken);
        }
        finally
        {
            await over.CancelAsync();
            await Task.WhenAll(identifying, holding).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<End> CopyAsync(LineStream stream, Task holding, CancellationToken cancellationToken)
    {
        var pieces = new LogLines(lines.Take);
        while (true)
        {
            if (lines.IsFull && !lines.Decide())
            {
                return new End(null, HasGap: true);
            }

            var reading = stream.NextAsync(cancellationToken);
            if (lines.IsHolding && await Task.WhenAny(reading, holding) == holding)
            {
                lines.Decide();
            }

            var line = await reading;
            if ((line.IsOk && line.Value is not null ? source.Take(line.Value, pieces) : null) is { } broken)
            {
                line = broken;
            }

            if (!line.IsOk || line.Value is null)
            {
                pieces.Complete();
                return new End(line.Fault, HasGap: !lines.Decide());
            }
        }
    }

    /// <summary>Notes which container it is, once the device has surely reported it; and that the log stood until then, so that its end is news.</summary>
    private async Task IdentifyAsync(CancellationToken cancellationToken)
    {
        await Task.Delay(ReportTime, host.Time, cancellationToken);
        told = -1;
        container = await source.ContainerAsync(cancellationToken) ?? container;
    }

    /// <summary>How a log ended.</summary>
    /// <param name="Fault">Why; null for its own end.</param>
    /// <param name="HasGap">Whether it was left because more of it was missed than was asked for.</param>
    private readonly record struct End(Fault? Fault, bool HasGap = false);
}
