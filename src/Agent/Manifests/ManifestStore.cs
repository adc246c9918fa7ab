using Harmony.Fleet.Agent.Health;
using Harmony.Fleet.Agent.Identity;
using Harmony.Fleet.Agent.Timing;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Core.Reconciling;
using Harmony.Fleet.Core.Retries;
using Harmony.Fleet.Hosting.Services;
using Harmony.Fleet.Ports.State;
using Microsoft.Extensions.Logging;

namespace Harmony.Fleet.Agent.Manifests;

/// <summary>Holds the manifest. Takes a new one only when it is proven and newer, and safe from a power cut.</summary>
internal sealed partial class ManifestStore(
    AgentIdentity identity, IAgentStateStore store, DeviceHealth health, AgentSignals signals, TimeProvider time, ILogger<ManifestStore> logger) : IDisposable
{
    private readonly ManifestGate gate = new(identity.Device, identity.Keys);
    private readonly SemaphoreSlim offers = new(1, 1);
    private readonly LogThrottle complaints = new(TimeSpan.FromHours(1));
    private ManifestFloor? floor;
    private volatile ManifestStatus status = new(null, null, null);
    private Refusal? unreported;

    /// <summary>What is known now.</summary>
    public ManifestStatus Status => status;

    /// <summary>The newest refusal that no stored report has told of, be it over or not: who puts a forged manifest and takes it back leaves a trace.</summary>
    public Refusal? Unreported => Volatile.Read(ref unreported);

    /// <summary>A report with this refusal is stored.</summary>
    public void Reported(Refusal refusal)
    {
        Interlocked.CompareExchange(ref unreported, null, refusal);
        if (status.Refusal is null)
        {
            signals.Report.Set(); // It is over: the next report is without it.
        }
    }

    /// <summary>Takes up what was held before the start. Nothing is held where it is damaged, and then nothing on the device changes.</summary>
    /// <exception cref="StartException">The state cannot be read at all.</exception>
    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        switch (await store.LoadAsync(cancellationToken))
        {
            case StateLoad.Loaded loaded:
                TakeUp(loaded);
                break;
            case StateLoad.Corrupt corrupt:
                LogCorrupt(corrupt.Reason);
                health.Set(HealthFlag.StateCorrupt, true);
                break;
            case StateLoad.Unreadable unreadable:
                throw new StartException(unreadable.Reason);
        }
    }

    /// <summary>Offers a manifest, from wherever it came.</summary>
    public async Task<OfferOutcome> OfferAsync(ReadOnlyMemory<byte> bytes, string? mac, CancellationToken cancellationToken)
    {
        await offers.WaitAsync(cancellationToken);
        try
        {
            return gate.Judge(floor, bytes.Span, mac) switch
            {
                ManifestVerdict.Accepted accepted => await TakeAsync(accepted, bytes, mac!, cancellationToken),
                ManifestVerdict.Refused refused => Refuse(refused),
                _ => Confirm(),
            };
        }
        finally
        {
            offers.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => offers.Dispose();

    private void TakeUp(StateLoad.Loaded loaded)
    {
        foreach (var mended in loaded.Mended)
        {
            LogMended(mended);
        }

        var held = loaded.Manifest;
        if (gate.Judge(null, held.Bytes.Span, held.Mac) is ManifestVerdict.Accepted accepted)
        {
            floor = new ManifestFloor(held.Mark, IsHeld: true);
            status = new ManifestStatus(accepted.Manifest, held.Mark, null);
            LogTakenUp(held.Mark.Generation, accepted.Manifest.Entries.Length);
            return;
        }

        // Whole, and yet not under our present keys: it is fetched anew, and nothing older than it is taken.
        floor = new ManifestFloor(held.Mark, IsHeld: false);
        status = new ManifestStatus(null, held.Mark, null);
        LogNotOurs(held.Mark.Generation);
        health.Set(HealthFlag.StateCorrupt, true);
    }

    private async Task<OfferOutcome> TakeAsync(ManifestVerdict.Accepted accepted, ReadOnlyMemory<byte> bytes, string mac, CancellationToken cancellationToken)
    {
        var saved = await store.SaveAsync(new HeldManifest(accepted.Mark, bytes, mac), cancellationToken);
        health.Set(HealthFlag.StateNotWritable, saved is SaveOutcome.Failed);
        if (saved is SaveOutcome.Failed failed)
        {
            if (complaints.Admits(failed.Reason, time.GetElapsedTime(0)))
            {
                LogNotKept(accepted.Mark.Generation, failed.Reason);
            }

            return OfferOutcome.NotKept;
        }

        complaints.Reset();
        floor = new ManifestFloor(accepted.Mark, IsHeld: true);
        status = new ManifestStatus(accepted.Manifest, accepted.Mark, null);
        LogTaken(accepted.Mark.Generation, accepted.Manifest.Entries.Length);
        health.Set(HealthFlag.StateCorrupt, false);
        signals.Reconcile.Set();
        signals.Report.Set();
        return OfferOutcome.Taken;
    }

    /// <summary>The bus holds what the device holds: whatever was refused in between is gone from there.</summary>
    private OfferOutcome Confirm()
    {
        if (status.Refusal is not null)
        {
            status = status with { Refusal = null };
            signals.Report.Set();
        }

        return OfferOutcome.AlreadyHeld;
    }

    private OfferOutcome Refuse(ManifestVerdict.Refused refused)
    {
        var message = ErrorText.Cut(refused.Message);
        if (status.Refusal is { } last && last.Reason == refused.Reason && last.Generation == refused.Generation && last.Message == message)
        {
            return OfferOutcome.Refused;
        }

        LogRefused(refused.Reason, message);
        var refusal = new Refusal { Reason = refused.Reason, Generation = refused.Generation, Message = message, At = time.GetUtcNow() };
        Volatile.Write(ref unreported, refusal);
        status = status with { Refusal = refusal };
        signals.Report.Set();
        return OfferOutcome.Refused;
    }
}
