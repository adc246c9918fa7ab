using System.Threading.Channels;
using Harmony.Fleet.Agent.Identity;
using Harmony.Fleet.Contracts.Commands;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Containers;
using Harmony.Fleet.Core.Reconciling;
using Harmony.Fleet.Ports.Containers;

namespace Harmony.Fleet.Agent.Commands;

/// <summary>Sends the log of one of this agent's own containers.</summary>
internal sealed class LogsHandler(IContainerRuntime runtime, AgentIdentity identity, TimeProvider time) : ICommandHandler
{
    private const int ChunksAhead = 64;

    /// <inheritdoc/>
    public string Verb => Verbs.Logs;

    /// <inheritdoc/>
    public async Task AnswerAsync(Command command, ReplySession session)
    {
        if (command.Logs is not { } request || request.Tail is < 1 or > CommandLimits.MaxTail)
        {
            await session.FailAsync($"the request names no deployment, or not 1 to {CommandLimits.MaxTail} lines");
            return;
        }

        var observed = await runtime.ObserveAsync(ContainerLabels.Device, identity.Device.Value, session.Ended);
        if (!observed.IsOk)
        {
            await session.FailAsync(observed.Fault.ToString());
        }
        else if (Choose(observed.Value, request) is not { } container)
        {
            await session.FailAsync(request.NotFoundOn(identity.Device));
        }
        else
        {
            await StreamAsync(container.Id, request, session);
        }
    }

    private static bool IsNamed(ObservedContainer container, string name) => container.Labels.GetValueOrDefault(ContainerLabels.Container) == name;

    /// <summary>Without a name, the first by name: most deployments have one.</summary>
    private ObservedContainer? Choose(IEnumerable<ObservedContainer> containers, LogsRequest request) => containers
        .Where(container => Ownership.DeploymentOf(container, identity.Device) == new DeploymentKey(request.Namespace, request.Name))
        .Where(container => request.Container is null || IsNamed(container, request.Container))
        .MinBy(container => container.Name, StringComparer.Ordinal);

    private async Task StreamAsync(string container, LogsRequest request, ReplySession session)
    {
        await session.SendAsync(FrameKind.Data, default);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(session.Ended);
        var chunks = Channel.CreateBounded<LogChunk>(ChunksAhead);
        var reading = ReadAsync(container, request, chunks.Writer, over.Token);
        try
        {
            await SendAsync(chunks.Reader, session);
            await session.EndAsync(default);
        }
        catch (ContainerRuntimeException broken)
        {
            await session.FailAsync(broken.Message);
        }
        finally
        {
            await over.CancelAsync();
            await reading;
        }
    }

    private async Task ReadAsync(string container, LogsRequest request, ChannelWriter<LogChunk> to, CancellationToken cancellationToken)
    {
        try
        {
            var log = runtime.LogsAsync(container, request.Tail ?? CommandLimits.DefaultTail, request.Follow, cancellationToken);
            await foreach (var chunk in log)
            {
                for (var rest = chunk; rest.Bytes.Length > 0; rest = rest with { Bytes = rest.Bytes[Math.Min(rest.Bytes.Length, CommandLimits.MaxFrameDataBytes)..] })
                {
                    await to.WriteAsync(rest with { Bytes = rest.Bytes[..Math.Min(rest.Bytes.Length, CommandLimits.MaxFrameDataBytes)] }, cancellationToken);
                }
            }

            to.Complete();
        }
        catch (Exception broken) when (broken is OperationCanceledException or ContainerRuntimeException)
        {
            to.TryComplete(broken);
        }
    }

    /// <summary>Puts what is there into as few frames as it fits; while there is nothing, empty frames say that the device is.</summary>
    private async Task SendAsync(ChannelReader<LogChunk> chunks, ReplySession session)
    {
        var packer = new FramePacker();
        while (await WaitAsync(chunks, session))
        {
            while (chunks.TryPeek(out var chunk) && packer.TryAdd(chunk))
            {
                chunks.TryRead(out _);
            }

            var (kind, data) = packer.Take();
            await session.SendAsync(kind, data);
        }
    }

    private async Task<bool> WaitAsync(ChannelReader<LogChunk> chunks, ReplySession session)
    {
        var more = chunks.WaitToReadAsync(session.Ended).AsTask();
        while (!more.IsCompleted)
        {
            using var woken = CancellationTokenSource.CreateLinkedTokenSource(session.Ended);
            if (await Task.WhenAny(more, Task.Delay(CommandLimits.KeepAlive, time, woken.Token)) != more)
            {
                await session.SendAsync(FrameKind.Data, default);
            }

            await woken.CancelAsync();
        }

        return await more;
    }
}
