using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Trust;
using Harmony.Fleet.Operator.Control.Work;

namespace Harmony.Fleet.Operator.Control.Desired;

/// <summary>The scores that deployments name, and which of them are known to stand on the bus.</summary>
internal sealed class ScoreBook(ScoreWriter writer, LoopContext loop)
{
    private static readonly TimeSpan VerifiedFor = TimeSpan.FromSeconds(5);
    private readonly Dictionary<Digest, Held> held = [];
    private readonly WorkQueue<Digest> queue = loop.Queue<Digest>();
    private DateTimeOffset nextRound = loop.Now + loop.Options.ResyncInterval;

    /// <summary>Called with each address that came to stand.</summary>
    public Action<Digest>? Stood { get; set; }

    /// <summary>Whether a deployment names the score at <paramref name="address"/>.</summary>
    public bool IsNamed(Digest address) => held.ContainsKey(address);

    /// <summary>A deployment names this score.</summary>
    public void Hold(SealedScore score)
    {
        if (held.TryGetValue(score.Address, out var known))
        {
            known.Count++;
            return;
        }

        held[score.Address] = new Held(score.Ciphertext);
        queue.Add(score.Address);
    }

    /// <summary>A deployment names this score no more.</summary>
    public void Drop(Digest address)
    {
        if (held.TryGetValue(address, out var known) && --known.Count == 0)
        {
            held.Remove(address);
        }
    }

    /// <summary>An address of <paramref name="entries"/> at which no score is known to stand; null where all stand.</summary>
    public Digest? FirstMissing(ImmutableArray<ManifestEntry> entries)
    {
        foreach (var entry in entries)
        {
            if (!held.TryGetValue(entry.Address, out var known) || !known.Stands)
            {
                return entry.Address;
            }
        }

        return null;
    }

    /// <summary>The bus may have lost them: none is known to stand until it was looked at.</summary>
    public void DoubtAll()
    {
        foreach (var (address, known) in held)
        {
            known.Stands = false;
            queue.Add(address);
        }
    }

    /// <summary>A device does not find these: they are looked at, unless that was just done.</summary>
    public void Verify(ImmutableArray<ManifestEntry> entries)
    {
        foreach (var entry in entries)
        {
            if (held.TryGetValue(entry.Address, out var known) && loop.Now - known.VerifiedAt > VerifiedFor)
            {
                queue.Add(entry.Address);
            }
        }
    }

    /// <summary>Begins what can be begun.</summary>
    public void Pump(CancellationToken cancellationToken)
    {
        if (loop.Now >= nextRound)
        {
            nextRound = loop.Now + loop.Options.ResyncInterval;
            foreach (var address in held.Keys)
            {
                queue.Add(address);
            }
        }

        while (loop.Runners.Bus.HasRoom && queue.TryTake(out var address))
        {
            if (held.TryGetValue(address, out var known))
            {
                loop.Runners.Bus.Start(token => EnsureAsync(address, known, token), () => queue.Retry(address), cancellationToken);
            }
            else
            {
                queue.Finish(address);
            }
        }
    }

    private async Task<Action> EnsureAsync(Digest address, Held known, CancellationToken cancellationToken)
    {
        if (!await writer.EnsureAsync(address, known.Ciphertext, cancellationToken))
        {
            return () => queue.Retry(address);
        }

        return () =>
        {
            (known.Stands, known.VerifiedAt) = (true, loop.Now);
            queue.Finish(address);
            Stood?.Invoke(address);
        };
    }

    private sealed class Held(byte[] ciphertext)
    {
        public byte[] Ciphertext { get; } = ciphertext;

        public int Count { get; set; } = 1;

        public bool Stands { get; set; }

        public DateTimeOffset VerifiedAt { get; set; }
    }
}
