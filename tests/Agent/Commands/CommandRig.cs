using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Harmony.Fleet.Agent.Commands;
using Harmony.Fleet.Agent.Identity;
using Harmony.Fleet.Agent.Timing;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Commands;
using Harmony.Fleet.Contracts.Json;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Containers;
using Harmony.Fleet.Core.Trust;
using Harmony.Fleet.Ports.Bus;
using Harmony.Fleet.Tests.Agent.Rigs;
using Harmony.Fleet.Tests.Harness;
using Harmony.Fleet.Tests.Harness.Bus;
using Harmony.Fleet.Tests.Harness.Containers;
using Microsoft.Extensions.Logging.Testing;

namespace Harmony.Fleet.Tests.Agent.Commands;

/// <summary>A command server on a bus and a runtime in memory, and a control plane that speaks to it frame by frame.</summary>
internal sealed class CommandRig : IAsyncDisposable
{
    private readonly FakeBroker broker = new();
    private readonly FakeBus caller;
    private readonly AgentIdentity identity;
    private readonly CommandServer server;
    private int sessions;

    public CommandRig()
    {
        identity = new AgentIdentity(ControlPlane.Device, ControlPlane.Keys, "run", "1.2.3", Time);
        caller = broker.Connect();
        Bus = broker.Connect();
        Signals = new AgentSignals(Time);
        server = new CommandServer(
            Bus,
            identity,
            new CommandVerifier(identity, Nonce, Signals),
            new FrameSender(Bus, identity),
            [new PingHandler(identity), new LogsHandler(Runtime, identity, Time)],
            Signals,
            Time,
            Log);
    }

    public FakeLogger<CommandServer> Log { get; } = new();

    public ManualTime Time { get; } = new();

    public FakeBus Bus { get; }

    public CommandNonce Nonce { get; } = new();

    public AgentSignals Signals { get; }

    public FakeContainerRuntime Runtime { get; } = new();

    public static async Task<CommandRig> StartAsync()
    {
        var rig = new CommandRig();
        await rig.server.StartAsync(CancellationToken.None);
        await Eventually.HoldsAsync(() => rig.broker.IsHeard(Subjects.Command(ControlPlane.Device, Verbs.Ping)), "it listens");
        return rig;
    }

    /// <summary>A container of the deployment acme/NAME that runs.</summary>
    public async Task<string> RunContainerAsync(string name, string container = "app")
    {
        Runtime.Publish("app:1");
        await Runtime.EnsureImageAsync("app:1", CancellationToken.None);
        var spec = new ContainerSpec
        {
            Name = $"acme.{name}.{container}",
            Image = "app:1",
            Labels = ImmutableSortedDictionary.CreateRange(StringComparer.Ordinal, new Dictionary<string, string>(StringComparer.Ordinal)
            {
                [ContainerLabels.Device] = ControlPlane.Device.Value,
                [ContainerLabels.Namespace] = "acme",
                [ContainerLabels.Deployment] = name,
                [ContainerLabels.Container] = container,
            }),
        };
        await Runtime.CreateAsync(spec, CancellationToken.None);
        await Runtime.StartAsync(spec.Name, CancellationToken.None);
        return spec.Name;
    }

    /// <summary>A command as the control plane would make it.</summary>
    public Command Command(string verb, LogsRequest? logs = null, int? credit = null) => new()
    {
        Device = ControlPlane.Device,
        Verb = verb,
        Nonce = Nonce.Current,
        Session = $"session-{++sessions:D14}",
        Credit = credit,
        Logs = logs,
    };

    public static LogsRequest Logs(string name, string? container = null, int? tail = null, bool follow = false) =>
        new() { Namespace = NamespaceName.Parse("acme"), Name = DeploymentName.Parse(name), Container = container, Tail = tail, Follow = follow };

    /// <summary>Listens for the answer to a session.</summary>
    public async Task<Answers> ListenAsync(Command command) => new(
        await caller.SubscribeAsync(Subjects.Reply(ControlPlane.Device, command.Session), CancellationToken.None),
        () => SendAsync(command with { Verb = Verbs.Credit, Credit = command.Credit ?? CommandLimits.DefaultCredit }));

    public Task SendAsync(Command command) =>
        SendBytesAsync(Subjects.Command(command.Device, command.Verb), JsonSerializer.SerializeToUtf8Bytes(command, ContractsJson.Bus.Command));

    public async Task SendBytesAsync(string subject, byte[] payload, string? mac = null)
    {
        var keys = ControlPlane.Keys;
        await caller.PublishAsync(
            subject,
            payload,
            new BusHeaders(mac ?? MessageMac.Sign(keys.Down, keys.Epoch, MessageKinds.Command, ControlPlane.Device, payload)),
            CancellationToken.None);
    }

    /// <summary>Sends a command and gives back its answer.</summary>
    public async Task<Answers> AskAsync(Command command)
    {
        var answers = await ListenAsync(command);
        await SendAsync(command);
        return answers;
    }

    public async ValueTask DisposeAsync()
    {
        await server.StopAsync(CancellationToken.None);
        server.Dispose();
    }

    /// <summary>The frames of one session, each checked.</summary>
    internal sealed class Answers(ISubscription subscription, Func<Task> begin)
    {
        private readonly IAsyncEnumerator<BusMessage> messages = subscription.ReadAsync(CancellationToken.None).GetAsyncEnumerator();
        private Task<bool>? waiting;
        private int sequence;

        /// <summary>The next frame; it must come. A session that is ready is told to begin.</summary>
        public async Task<ReplyFrame> NextAsync()
        {
            var frame = await FrameAsync();
            if (frame.Kind != FrameKind.Ready)
            {
                return frame;
            }

            await begin();
            return await NextAsync();
        }

        /// <summary>The next frame, whatever it is.</summary>
        public async Task<ReplyFrame> FrameAsync()
        {
            (await Waiting().WaitAsync(TimeSpan.FromSeconds(30))).ShouldBeTrue();
            waiting = null;
            var message = messages.Current;
            var keys = ControlPlane.Keys;
            MessageMac.Verify(keys.Up, keys.Epoch, MessageKinds.Reply, ControlPlane.Device, message.Payload.Span, message.Headers.Mac).ShouldBeTrue();
            var frame = JsonSerializer.Deserialize(message.Payload.Span, ContractsJson.Bus.ReplyFrame)!;
            frame.Sequence.ShouldBe(sequence++);
            frame.Device.ShouldBe(ControlPlane.Device);
            frame.Data.Length.ShouldBeLessThanOrEqualTo(CommandLimits.MaxFrameDataBytes);
            return frame;
        }

        /// <summary>Whether nothing has come.</summary>
        public async Task<bool> IsSilentAsync()
        {
            await Task.WhenAny(Waiting(), Task.Delay(100));
            return !Waiting().IsCompleted;
        }

        /// <summary>All frames to the last.</summary>
        public async Task<(string Out, string Error, ReplyFrame Last)> ToEndAsync()
        {
            var (output, error) = (new StringBuilder(), new StringBuilder());
            while (true)
            {
                var frame = await NextAsync();
                if (frame.Kind is FrameKind.End or FrameKind.Failed)
                {
                    return (output.ToString(), error.ToString(), frame);
                }

                (frame.Kind == FrameKind.Error ? error : output).Append(Encoding.UTF8.GetString(frame.Data));
            }
        }

        private Task<bool> Waiting() => waiting ??= messages.MoveNextAsync().AsTask();
    }
}
