using Harmony.Fleet.Adapters.Files.AgentState;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Reconciling;
using Harmony.Fleet.Ports.State;
using Harmony.Fleet.Tests.Harness;
using Microsoft.Extensions.Logging.Abstractions;

namespace Harmony.Fleet.Tests.Adapters.Files.AgentState;

/// <summary>Exhaustive: no damage of a single bit, and no truncation, is ever taken for another state.</summary>
public sealed class DamagedStateTests : IDisposable
{
    private static readonly byte[] Whole = ManifestEnvelope.Write(new HeldManifest(
        new ManifestMark(new Generation(1, 7), Digest.Of("""{"device":"pi-1"}"""u8)), """{"device":"pi-1"}"""u8.ToArray(), "1:bWFj"));

    private readonly TempFolder folder = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public void Envelope_Whole_IsRead() => ManifestEnvelope.Read(Whole).Manifest!.Mark.Generation.ShouldBe(new Generation(1, 7));

    [Fact]
    public async Task Load_EachBitFlippedInBothCopies_IsCorrupt()
    {
        for (var bit = 0; bit < Whole.Length * 8; bit++)
        {
            var bytes = (byte[])Whole.Clone();
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            await IsCorruptAsync(bytes, $"bit {bit}");
        }
    }

    [Fact]
    public async Task Load_EachTruncationOfBothCopies_IsCorrupt()
    {
        for (var length = 0; length < Whole.Length; length++)
        {
            await IsCorruptAsync(Whole[..length], $"length {length}");
        }
    }

    [Fact]
    public async Task Load_BytesAdded_IsCorrupt()
    {
        await IsCorruptAsync([.. Whole, 0], "one more byte");
        await IsCorruptAsync([.. Whole, .. Whole], "twice the file");
    }

    [Fact]
    public async Task Load_ZeroesOfAnUnwrittenBlock_IsCorrupt() => await IsCorruptAsync(new byte[Whole.Length], "zeroes");

    [Fact]
    public async Task Load_OfSomethingLarge_IsCorrupt() => await IsCorruptAsync(new byte[10 * 1024 * 1024], "ten megabytes");

    /// <summary>A restart heals nothing: the device goes on to say that it needs its manifest.</summary>
    [Fact]
    public async Task Load_AfterARestart_IsStillCorrupt_UntilAManifestIsKept()
    {
        await IsCorruptAsync(Whole[..10], "the start that finds it");
        var store = new AgentStateFiles(folder.Path, NullLogger<AgentStateFiles>.Instance);
        (await store.LoadAsync(Ct)).ShouldBeOfType<StateLoad.Corrupt>().Reason.ShouldContain("manifest.state.corrupt");

        (await store.SaveAsync(ManifestEnvelope.Read(Whole).Manifest!, Ct)).ShouldBeOfType<SaveOutcome.Saved>();
        (await store.LoadAsync(Ct)).ShouldBeOfType<StateLoad.Loaded>().Mended.ShouldBeEmpty();
    }

    public void Dispose() => folder.Dispose();

    private async Task IsCorruptAsync(byte[] bytes, string what)
    {
        File.WriteAllBytes(folder.File("manifest.state"), bytes);
        File.WriteAllBytes(folder.File("manifest.copy.state"), bytes);
        var store = new AgentStateFiles(folder.Path, NullLogger<AgentStateFiles>.Instance);
        (await store.LoadAsync(Ct)).ShouldBeOfType<StateLoad.Corrupt>(what);
    }
}
