using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Outcomes;
using Harmony.Fleet.Core.Trust;
using Harmony.Fleet.Deploy.Files;
using Harmony.Fleet.Deploy.Keys;
using Harmony.Fleet.Tests.Harness;

namespace Harmony.Fleet.Tests.Deploy.Keys;

public sealed class KeyStoreTests : IDisposable
{
    private static readonly DeviceId Device = DeviceId.Parse("device-1");

    private readonly TempFolder folder = new();

    private KeyStore<LocalFiles> Keeper => new(new LocalFiles(folder.Path));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Keys_MadeOnce_AreTheSameEverAfter()
    {
        var first = await ContentsAsync();
        var second = await ContentsAsync();
        first.Count.ShouldBe(5);
        second.ShouldBe(first);
    }

    [Fact]
    public async Task Keys_OfTwoFolders_Differ()
    {
        using var other = new TempFolder();
        var here = await Keeper.OperatorPublicKeyAsync(Token);
        var there = await new KeyStore<LocalFiles>(new LocalFiles(other.Path)).OperatorPublicKeyAsync(Token);
        here.Value.ShouldNotBe(there.Value);
    }

    public static TheoryData<string, string> Damages =>
        new MatrixTheoryData<string, string>([KeyPaths.Master, KeyPaths.OperatorSeed, KeyPaths.ApiToken, "devices/device-1/device.nk", "devices/device-1/device.key"], ["{ no key", ""]);

    [Theory]
    [MemberData(nameof(Damages))]
    public async Task Key_ThatIsDamaged_IsToldAndNotReplaced(string name, string content)
    {
        await ContentsAsync();
        File.WriteAllText(folder.File(name), content);
        var faults = await MakeAllAsync();
        faults.ShouldContain(fault => fault != null && fault.ToString().StartsWith(folder.File(name), StringComparison.Ordinal) && fault.Advice.Contains("restore"));
        File.ReadAllText(folder.File(name)).ShouldBe(content);
    }

    /// <summary>What a device holds alone costs nothing to make anew: whoever lost one need not start afresh.</summary>
    [Theory]
    [InlineData("devices/device-1/device.nk")]
    [InlineData("devices/device-1/device.key")]
    public async Task KeyOfADevice_ThatIsDamaged_NeedsOnlyToBeRemoved(string name)
    {
        var before = await ContentsAsync();
        File.WriteAllText(folder.File(name), "{ no key");
        (await MakeAllAsync()).OfType<Fault>().ShouldHaveSingleItem().Advice.ShouldStartWith("move that file away, and nothing else: ");
        File.Delete(folder.File(name));
        var after = await ContentsAsync();
        after.Keys.ShouldBe(before.Keys);
        after.Where(pair => pair.Key != folder.File(name)).ShouldBe(before.Where(pair => pair.Key != folder.File(name)));
    }

    [Fact]
    public async Task DeviceKeys_OfAnotherMaster_AreRefused()
    {
        await ContentsAsync();
        File.Delete(folder.File(KeyPaths.Master));
        var other = (await Keeper.MasterAsync(Token)).Value.ShouldNotBeNull();
        var fault = (await Keeper.HandOverAsync(Device, other, Token)).ShouldNotBeNull();
        fault.Kind.ShouldBe(FaultKind.Conflict);
        fault.What.ShouldContain("does not belong to this control plane's master key");
    }

    private async Task<SortedDictionary<string, string>> ContentsAsync()
    {
        (await MakeAllAsync()).ShouldAllBe(fault => fault == null);
        var files = Directory.GetFiles(folder.Path, "*", SearchOption.AllDirectories).Select(path => KeyValuePair.Create(path, File.ReadAllText(path)));
        return new SortedDictionary<string, string>(files.ToDictionary());
    }

    private async Task<Fault?[]> MakeAllAsync()
    {
        var master = await Keeper.MasterAsync(Token);
        return
        [
            master.Fault,
            (await Keeper.OperatorPublicKeyAsync(Token)).Fault,
            (await Keeper.ApiTokenAsync(Token)).Fault,
            (await Keeper.DevicePublicKeyAsync(Device, Token)).Fault,
            master.Value is MasterKey key ? await Keeper.HandOverAsync(Device, key, Token) : null,
        ];
    }
}
