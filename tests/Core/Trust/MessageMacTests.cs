using FsCheck;
using FsCheck.Fluent;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Trust;

namespace Harmony.Fleet.Tests.Core.Trust;

public sealed class MessageMacTests
{
    private static readonly DeviceKeys Keys = TrustSamples.Master.DeviceKeys(TrustSamples.Device, 7);

    [Fact]
    public void Sign_KnownMessage_IsTheGoldenMac() => Sign("""{"hello":1}"""u8.ToArray()).ShouldBe(TrustSamples.Mac);

    [Fact]
    public void Verify_ItsOwnMac_HoldsForEveryPayload() =>
        Prop.ForAll<byte[]>(payload => Verify(payload, Sign(payload))).QuickCheckThrowOnFailure();

    [Fact]
    public void Verify_OneBitFlipped_NeverHolds() =>
        Prop.ForAll<NonEmptyArray<byte>, int>((payload, at) =>
        {
            var header = Sign(payload.Get);
            var changed = (byte[])payload.Get.Clone();
            changed[(at & int.MaxValue) % changed.Length] ^= (byte)(1 << (at & 7));
            return !Verify(changed, header);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Verify_OtherKindDeviceKeyOrEpoch_DoesNotHold()
    {
        byte[] payload = [1, 2, 3];
        var header = Sign(payload);

        MessageMac.Verify(Keys.Down, 7, MessageKinds.Command, TrustSamples.Device, payload, header).ShouldBeFalse();
        MessageMac.Verify(Keys.Down, 7, MessageKinds.Manifest, DeviceId.Parse("pi-2"), payload, header).ShouldBeFalse();
        MessageMac.Verify(Keys.Up, 7, MessageKinds.Manifest, TrustSamples.Device, payload, header).ShouldBeFalse();
        MessageMac.Verify(Keys.Down, 8, MessageKinds.Manifest, TrustSamples.Device, payload, header).ShouldBeFalse();
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("7:")]
    [InlineData("7")]
    [InlineData(":d1usTVtH511t6fngGFp+qkHsWTfcIrCynqiRgajoxXQ=")]
    [InlineData("07:d1usTVtH511t6fngGFp+qkHsWTfcIrCynqiRgajoxXQ=")]
    [InlineData("8:d1usTVtH511t6fngGFp+qkHsWTfcIrCynqiRgajoxXQ=")]
    [InlineData("7:d1usTVtH511t6fngGFp+qkHsWTfcIrCynqiRgajoxXQ")]
    [InlineData("7:d1usTVtH511t6fngGFp+qkHsWTfcIrCynqiRgajoxXR=")]
    [InlineData(" 7:d1usTVtH511t6fngGFp+qkHsWTfcIrCynqiRgajoxXQ=")]
    [InlineData("7:d1usTVtH511t6fngGFp+qkHsWTfcIrCynqiRgajoxXQ=\n")]
    [InlineData("7:é1usTVtH511t6fngGFp+qkHsWTfcIrCynqiRgajoxXQ=")]
    public void Verify_HeaderThatIsNotTheCanonicalOne_DoesNotHold(string? header) =>
        Verify("""{"hello":1}"""u8.ToArray(), header).ShouldBeFalse();

    private static string Sign(byte[] payload) =>
        MessageMac.Sign(Keys.Down, Keys.Epoch, MessageKinds.Manifest, TrustSamples.Device, payload);

    private static bool Verify(byte[] payload, string? header) =>
        MessageMac.Verify(Keys.Down, Keys.Epoch, MessageKinds.Manifest, TrustSamples.Device, payload, header);
}
