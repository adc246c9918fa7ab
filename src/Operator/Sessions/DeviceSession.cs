using System.Text;
using Harmony.Fleet.Contracts.Commands;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Ports.Bus;

namespace Harmony.Fleet.Operator.Sessions;

/// <summary>
/// One command and the frames that answer it. Credit is granted as frames are read, and at least every few seconds, so that the
/// device knows that somebody still listens; disposing tells it that nobody does.
/// </summary>
internal sealed partial class DeviceSession : IAsyncDisposable
{
    private const int Window = CommandLimits.DefaultCredit;

    /// <summary>So many messages that are no part of the answer are logged one by one, and the others as their number.</summary>
    private const int MostTold = 3;

    /// <summary>So many are put up with: one may come late, but whoever sends more means harm.</summary>
    private const int MostIgnored = 256;

    private readonly CommandSender sender;
    private readonly DeviceId device;
    private readonly string name;
    private readonly TimeProvider time;
    private readonly long begin;
    private readonly ILogger logger;
    private readonly FrameCheck check;
    private readonly ISubscription subscription;
    private readonly IAsyncEnumerator<BusMessage> messages;
    private readonly CancellationTokenSource over = new();
    private readonly CancellationTokenSource silence;
    private readonly CancellationTokenSource reading;
    private Task keepingAlive = Task.CompletedTask;
    private int consumed;
    private int granted = Window;
    private int ignoredSoFar;
    private volatile bool isRunning;

    public DeviceSession(
        CommandSender sender, FrameCheck check, DeviceId device, string name, ISubscription subscription, TimeProvider time, long begin, ILogger logger)
    {
        (this.sender, this.check, this.device, this.name) = (sender, check, device, name);
        (this.subscription, this.time, this.begin, this.logger) = (subscription, time, begin, logger);
        silence = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        reading = CancellationTokenSource.CreateLinkedTokenSource(silence.Token, over.Token);
        messages = subscription.ReadAsync(reading.Token).GetAsyncEnumerator(CancellationToken.None);
    }

    /// <summary>Sends the command, and waits for the first frame of its answer. From then on the device is told, every few seconds, that somebody listens.</summary>
    public async Task<CommandOutcome<ReplyFrame>> BeginAsync(string verb, LogsRequest? logs, TimeSpan limit, CancellationToken cancellationToken)
    {
        if (time.GetElapsedTime(begin) >= limit)
        {
            return new CommandOutcome<ReplyFrame>.DeviceUnreachable(BusIsSilent());
        }

        if (await sender.SendAsync(device, verb, name, Window, logs, cancellationToken) is { } problem)
        {
            return new CommandOutcome<ReplyFrame>.DeviceUnreachable(problem);
        }

        isRunning = true;
        var taking = sender.IsTakenAsync(cancellationToken);
        try
        {
            var first = await NextAsync(limit, cancellationToken);
            keepingAlive = KeepAliveAsync(over.Token);
            return first.Kind == FrameKind.Failed ? new CommandOutcome<ReplyFrame>.Failed(ReasonOf(first)) : new CommandOutcome<ReplyFrame>.Answered(first);
        }
        catch (SessionBrokenException broken)
        {
            return !broken.IsDeviceAway ? new CommandOutcome<ReplyFrame>.Failed(broken.Message)
                : new CommandOutcome<ReplyFrame>.DeviceUnreachable(await taking ? $"device {device} did not answer within {Waited()}" : BusIsSilent());
        }
    }

    /// <summary>The next frame, not waited for longer than <paramref name="limit"/>.</summary>
    /// <returns>A frame of a kind that is known.</returns>
    /// <exception cref="SessionBrokenException">The device fell silent, a frame was lost, or too much came that is no part of the answer.</exception>
    public async Task<ReplyFrame> NextAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        silence.CancelAfter(limit);
        using var given = cancellationToken.UnsafeRegister(static cancelled => ((CancellationTokenSource)cancelled!).Cancel(), over);
        try
        {
            while (await messages.MoveNextAsync())
            {
                switch (check.Check(messages.Current))
                {
                    case FrameVerdict.Next { Frame.Kind: FrameKind.Ready }:
                        // Only here, while somebody waits: that is what makes a command that comes late find nobody.
                        await sender.SendAsync(device, Verbs.Credit, name, Volatile.Read(ref granted), logs: null, cancellationToken);
                        break;
                    case FrameVerdict.Next { Frame: var frame } when frame.Kind == FrameKind.Unknown:
                        await ConsumedAsync(cancellationToken);
                        break;
                    case FrameVerdict.Next { Frame: var frame }:
                        silence.CancelAfter(Timeout.InfiniteTimeSpan);
                        isRunning = frame.Kind is not (FrameKind.End or FrameKind.Failed);
                        return frame;
                    case FrameVerdict.Gap gap:
                        throw new SessionBrokenException($"{gap.Missing} frames of device {device} were lost on the way", isDeviceAway: false);
                    case FrameVerdict.Ignored ignored:
                        Ignore(ignored.Reason);
                        break;
                }
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new SessionBrokenException($"device {device} did not answer within {limit.TotalSeconds:0.#} s", isDeviceAway: true);
        }

        throw new SessionBrokenException("the operator's connection to NATS has ended", isDeviceAway: false);
    }

    /// <summary>A frame was used: the device may send another.</summary>
    public async Task ConsumedAsync(CancellationToken cancellationToken)
    {
        consumed++;
        if (granted - consumed <= Window / 2)
        {
            granted = consumed + Window;
            await sender.SendAsync(device, Verbs.Credit, name, granted, logs: null, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await over.CancelAsync();
        try
        {
            await Task.WhenAll(keepingAlive, EndAsync());
        }
        finally
        {
            await CloseAsync();
        }
    }

    /// <summary>What a last frame of the kind Failed says.</summary>
    public static string ReasonOf(ReplyFrame failed) => Encoding.UTF8.GetString(failed.Data.AsSpan(0, Math.Min(failed.Data.Length, 1024)));

    private async Task EndAsync()
    {
        if (isRunning)
        {
            await keepingAlive.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // It would grant more after that.

            // The caller may be gone already, and still the device is to know.
            await sender.SendAsync(device, Verbs.Credit, name, credit: 0, logs: null, CancellationToken.None);
        }
    }

    private async Task CloseAsync()
    {
        if (ignoredSoFar > MostTold)
        {
            LogIgnoredMore(device, name, ignoredSoFar - MostTold);
        }

        await messages.DisposeAsync();
        await subscription.DisposeAsync();
        reading.Dispose();
        silence.Dispose();
        over.Dispose();
    }

    private void Ignore(string reason)
    {
        if (++ignoredSoFar <= MostTold)
        {
            LogIgnored(device, name, reason);
        }

        if (ignoredSoFar > MostIgnored)
        {
            throw new SessionBrokenException($"the answer of device {device} was broken off: {MostIgnored} messages came that are no part of it, the last because {reason}", isDeviceAway: false);
        }
    }

    private string BusIsSilent() => $"NATS did not answer the operator within {Waited()}: whether device {device} would is not known";

    private string Waited() => $"{time.GetElapsedTime(begin).TotalSeconds:0.#} s";

    private async Task KeepAliveAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(CommandLimits.KeepAlive, time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken) && isRunning)
            {
                await sender.SendAsync(device, Verbs.Credit, name, Volatile.Read(ref granted), logs: null, cancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The session is over.
        }
    }
}
