using System.Text;
using System.Text.Json;
using Harmony.Fleet.Agent.Commands;
using Harmony.Fleet.Agent.Identity;
using Harmony.Fleet.Agent.Timing;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Commands;
using Harmony.Fleet.Contracts.Json;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Trust;
using Harmony.Fleet.Ports.Bus;
using Harmony.Fleet.Tests.Agent.Rigs;

namespace Harmony.Fleet.Tests.Agent.Commands;

/// <summary>Only what the control plane sends to this device, for this connection and for the first time, is a command.</summary>
public sealed class CommandVerifierTests
{
    private static readonly AgentIdentity Identity = new(ControlPlane.Device, ControlPlane.Keys, "run", "1", TimeProvider.System);

    private readonly CommandNonce nonce = new();
    private readonly AgentSignals signals = new(TimeProvider.System);
    private readonly CommandVerifier gate;

    public CommandVerifierTests() => gate = new CommandVerifier(Identity, nonce, signals);

    [Fact]
    public void Check_ACommand_Accepts()
    {
        var command = Ping() with { Credit = 3 };

        gate.Check(Signed(command)).ShouldBeOfType<CommandCheck.Accepted>().Command.ShouldBe(command with { ApiVersion = BusVersion.V1 });
    }

    [Fact]
    public void Check_ACommandAgain_Refuses()
    {
        var message = Signed(Ping());
        gate.Check(message).ShouldBeOfType<CommandCheck.Accepted>();

        ReasonOf(message).ShouldBe("its session was here before");
    }

    [Fact]
    public void Check_CreditAgain_Accepts()
    {
        var message = Signed(Ping() with { Verb = Verbs.Credit, Credit = 10 });
        gate.Check(message).ShouldBeOfType<CommandCheck.Accepted>();

        gate.Check(message).ShouldBeOfType<CommandCheck.Accepted>();
    }

    [Fact]
    public void Check_ACommandOfAnEarlierConnection_Refuses()
    {
        var message = Signed(Ping());
        nonce.Renew();

        ReasonOf(message).ShouldBe("its nonce is not the present connection's");
    }

    [Fact]
    public void Check_ACommandForAnotherDevice_RefusesUnderItsOwnMacAndUnderOurs()
    {
        var other = DeviceId.Parse("pi-2");
        var command = Ping() with { Device = other };

        ReasonOf(Signed(command, subject: Subjects.Command(ControlPlane.Device, Verbs.Ping))).ShouldBe("it is for another device");
        ReasonOf(Signed(command, keys: ControlPlane.Master.DeviceKeys(other, 1), device: other)).ShouldBe("its MAC is not the control plane's");
    }

    [Fact]
    public void Check_WithoutTheControlPlanesMac_Refuses()
    {
        var payload = Bytes(Ping());
        var keys = ControlPlane.Keys;
        string?[] macs =
        [
            null,
            string.Empty,
            "1:AAAA",
            MessageMac.Sign(keys.Up, 1, MessageKinds.Command, ControlPlane.Device, payload),
            MessageMac.Sign(keys.Down, 1, MessageKinds.Manifest, ControlPlane.Device, payload),
            MessageMac.Sign(keys.Down, 2, MessageKinds.Command, ControlPlane.Device, payload),
            MessageMac.Sign(keys.Down, 1, MessageKinds.Command, ControlPlane.Device, [.. payload, (byte)' ']),
        ];

        foreach (var mac in macs)
        {
            ReasonOf(new BusMessage(Subjects.Command(ControlPlane.Device, Verbs.Ping), payload, new BusHeaders(mac))).ShouldBe("its MAC is not the control plane's");
        }
    }

    [Fact]
    public void Check_EveryByteChanged_Refuses()
    {
        var message = Signed(Ping());
        for (var i = 0; i < message.Payload.Length; i++)
        {
            var payload = message.Payload.ToArray();
            payload[i] ^= 1;
            gate.Check(message with { Payload = payload }).ShouldBeOfType<CommandCheck.Refused>();
        }
    }

    [Theory]
    [InlineData(Verbs.Logs)]
    [InlineData(Verbs.Credit)]
    public void Check_OnAnotherVerbsSubject_Refuses(string verb) =>
        ReasonOf(Signed(Ping(), subject: Subjects.Command(ControlPlane.Device, verb))).ShouldBe("its subject and its verb differ");

    [Theory]
    [InlineData("")]
    [InlineData("short")]
    [InlineData("a.b.c.d.e.f.g.h.i.j.k1")]
    [InlineData("*234567890123456789012")]
    [InlineData("1234567890123456789012345678901234567890")]
    public void Check_ASessionThatIsNoName_Refuses(string session) =>
        ReasonOf(Signed(Ping() with { Session = session })).ShouldBe("its session has no valid name");

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("{\"device\":\"pi-1\",\"verb\":null,\"nonce\":\"\",\"session\":\"\"}")]
    [InlineData("\u00ff\u00fe")]
    public void Check_WhatIsSignedButCannotBeRead_Refuses(string text) =>
        ReasonOf(Signed(Encoding.Latin1.GetBytes(text), Subjects.Command(ControlPlane.Device, Verbs.Ping))).ShouldBe("it cannot be read");

    [Fact]
    public void Check_WhatIsTooLong_RefusesBeforeItsMacIsComputed() =>
        ReasonOf(new BusMessage("x", new byte[CommandLimits.MaxCommandBytes + 1], BusHeaders.None)).ShouldBe("it has 4097 bytes");

    [Fact]
    public async Task Check_AsManySessionsAsANonceIsGoodFor_RenewsTheNonceAndTellsIt()
    {
        var first = Signed(Ping());
        gate.Check(first).ShouldBeOfType<CommandCheck.Accepted>();
        var before = nonce.Current;
        for (var i = 1; i < CommandVerifier.MaxSessionsPerNonce; i++)
        {
            nonce.Current.ShouldBe(before);
            gate.Check(Signed(Ping(i))).ShouldBeOfType<CommandCheck.Accepted>();
        }

        nonce.Current.ShouldNotBe(before);
        await signals.Info.WaitAsync(Timeout.InfiniteTimeSpan, TestContext.Current.CancellationToken);
        gate.Check(first).ShouldBeOfType<CommandCheck.Refused>();
        gate.Check(Signed(Ping())).ShouldBeOfType<CommandCheck.Accepted>();
    }

    private Command Ping(int session = 0) =>
        new() { Device = ControlPlane.Device, Verb = Verbs.Ping, Nonce = nonce.Current, Session = $"session-{session:D14}" };

    private string ReasonOf(BusMessage message) => gate.Check(message).ShouldBeOfType<CommandCheck.Refused>().Reason;

    private static byte[] Bytes(Command command) => JsonSerializer.SerializeToUtf8Bytes(command, ContractsJson.Bus.Command);

    private static BusMessage Signed(Command command, string? subject = null, DeviceKeys? keys = null, DeviceId? device = null) =>
        Signed(Bytes(command), subject ?? Subjects.Command(command.Device, command.Verb), keys, device);

    private static BusMessage Signed(byte[] payload, string subject, DeviceKeys? keys = null, DeviceId? device = null) => new(
        subject,
        payload,
        new BusHeaders(MessageMac.Sign((keys ?? ControlPlane.Keys).Down, 1, MessageKinds.Command, device ?? ControlPlane.Device, payload)));
}
