using System.Text;
using Harmony.Fleet.Contracts.Commands;
using Harmony.Fleet.Ports.Bus;

namespace Harmony.Fleet.Agent.Commands;

/// <summary>
/// The frames that answer one command. A frame is sent when there is credit for it, and the session ends when its caller has not
/// been heard for the length of the lease.
/// </summary>
internal sealed class ReplySession : IDisposable
{
    private static readonly TimeSpan BusyWait = TimeSpan.FromMilliseconds(20);

    private readonly FrameSender sender;
    private readonly string name;
    private readonly TimeProvider time;
    private readonly CancellationTokenSource lease;
    private readonly CancellationTokenSource ended;
    private readonly SemaphoreSlim credit;
    private readonly Lock gate = new();
    private readonly TaskCompletionSource told = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool isDisposed;
    private long granted;
    private int sequence;

    public ReplySession(FrameSender sender, Command command, TimeProvider time, CancellationToken stopping)
    {
        (this.sender, this.time, name) = (sender, time, command.Session);
        granted = Math.Clamp(command.Credit ?? CommandLimits.DefaultCredit, 0, CommandLimits.MaxCredit);
        credit = new SemaphoreSlim((int)granted);
        lease = new CancellationTokenSource(CommandLimits.Lease, time);
        ended = CancellationTokenSource.CreateLinkedTokenSource(lease.Token, stopping);
        Ended = ended.Token;
    }

    /// <summary>Ends with the lease, and with the agent.</summary>
    public CancellationToken Ended { get; }

    /// <summary>How many frames were sent.</summary>
    public int Sent => Volatile.Read(ref sequence);

    /// <summary>The caller is still there: the session may begin, and it may have read on.</summary>
    /// <param name="sum">The sum of all grants; 0 ends the session.</param>
    public void Grant(long sum)
    {
        lock (gate)
        {
            if (isDisposed)
            {
                return;
            }

            if (sum <= 0)
            {
                _ = lease.CancelAsync();
                return;
            }

            told.TrySetResult();
            lease.CancelAfter(CommandLimits.Lease);
            var more = Math.Min(sum, (long)Sent + CommandLimits.MaxCredit) - granted;
            if (more > 0)
            {
                granted += more;
                credit.Release((int)more);
            }
        }
    }

    /// <summary>Says that the command has come, and waits to be told to begin.</summary>
    /// <returns>Whether its caller still wants it. A command that comes late is one of which nobody waits for the answer.</returns>
    /// <exception cref="OperationCanceledException">The caller has gone.</exception>
    public async Task<bool> IsWantedAsync()
    {
        await DeliverAsync(FrameKind.Ready, default);
        try
        {
            await told.Task.WaitAsync(CommandLimits.BeginLimit, time, Ended);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    /// <summary>Sends a part of the answer, when there is credit for it.</summary>
    /// <exception cref="OperationCanceledException">The caller has gone.</exception>
    public async Task SendAsync(FrameKind kind, ReadOnlyMemory<byte> data)
    {
        await credit.WaitAsync(Ended);
        await DeliverAsync(kind, data);
    }

    /// <summary>Sends the last frame: all went well. It needs no credit.</summary>
    public Task EndAsync(ReadOnlyMemory<byte> data) => DeliverAsync(FrameKind.End, data);

    /// <summary>Sends the last frame: it could not be done. It needs no credit.</summary>
    public Task FailAsync(string reason) => DeliverAsync(FrameKind.Failed, Encoding.UTF8.GetBytes(reason));

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (gate)
        {
            isDisposed = true;
            ended.Dispose();
            lease.Dispose();
            credit.Dispose();
        }
    }

    private async Task DeliverAsync(FrameKind kind, ReadOnlyMemory<byte> data)
    {
        // Frames have no gap: one that cannot be sent is tried again, until the lease ends it.
        while (await sender.SendAsync(name, sequence, kind, data, Ended) != PublishOutcome.Sent)
        {
            await Task.Delay(BusyWait, time, Ended);
        }

        Interlocked.Increment(ref sequence);
    }
}
