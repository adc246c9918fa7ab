using System.Runtime.InteropServices;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Aggregation;

namespace Harmony.Fleet.Core.Desired;

/// <summary>
/// The versions of one deployment by small numbers: the newest one, those that a device is still given, and older ones for as long as a device speaks
/// of them. Only the operator makes versions, so that what devices make up costs nothing here.
/// </summary>
internal sealed class Versions
{
    /// <summary>The number of no version.</summary>
    public const ushort None = 0;

    private readonly List<Version> known = new(1);
    private ushort last;

    public Versions(ManifestEntry current) => Take(current);

    /// <summary>The newest one.</summary>
    public ushort Current { get; private set; }

    /// <summary>What a manifest says of the newest one.</summary>
    public ManifestEntry CurrentEntry => EntryOf(Current);

    /// <summary>The number of <paramref name="identity"/>; <see cref="None"/> for an unknown one.</summary>
    public ushort NumberOf(ScoreIdentity identity)
    {
        foreach (ref readonly var version in CollectionsMarshal.AsSpan(known))
        {
            if (version.Identity == identity)
            {
                return version.Number;
            }
        }

        return None;
    }

    /// <summary>The identity with a known <paramref name="number"/>.</summary>
    public ScoreIdentity IdentityOf(ushort number) => known[IndexOf(number)].Identity;

    /// <summary>What a manifest says of the version with this <paramref name="number"/>, which is the newest, or given to a device.</summary>
    public ManifestEntry EntryOf(ushort number) => known[IndexOf(number)].Entry!;

    /// <summary>Whether the newest one, or one that a device is given, has its score at <paramref name="address"/>.</summary>
    public bool Names(Digest address) => known.Exists(version => version.Entry?.Address == address);

    /// <summary>This is the newest one from now on.</summary>
    /// <exception cref="InvalidOperationException">Devices still speak of 65,534 others.</exception>
    public void Take(ManifestEntry entry)
    {
        var (before, identity) = (Current, new ScoreIdentity(entry.Uid, entry.ScoreDigest));
        var number = NumberOf(identity);
        if (number == None)
        {
            number = FreeNumber();
            known.Add(new Version(number, identity, entry, Speakers: 0, Members: 0));
        }
        else
        {
            known[IndexOf(number)] = known[IndexOf(number)] with { Entry = entry };
        }

        Current = number;
        Release(before);
    }

    /// <summary>A device speaks of <paramref name="next"/>, and no more of <paramref name="before"/>; either may be <see cref="None"/>.</summary>
    public void Say(ushort before, ushort next)
    {
        Count(next, speakers: 1);
        Count(before, speakers: -1);
        Release(before);
    }

    /// <summary>A device is given <paramref name="next"/>, and no more <paramref name="before"/>; either may be <see cref="None"/>.</summary>
    /// <returns>Whether no device is given the one before any more, and it is not the newest: its score is not needed.</returns>
    public bool Give(ushort before, ushort next)
    {
        Count(next, members: 1);
        Count(before, members: -1);
        return Release(before);
    }

    private void Count(ushort number, int speakers = 0, int members = 0)
    {
        if (number != None)
        {
            var index = IndexOf(number);
            var version = known[index];
            known[index] = version with { Speakers = version.Speakers + speakers, Members = version.Members + members };
        }
    }

    private bool Release(ushort number)
    {
        if (number == None || number == Current || known[IndexOf(number)] is not { Members: 0 } version)
        {
            return false;
        }

        known[IndexOf(number)] = version with { Entry = null };
        if (version.Speakers == 0)
        {
            known.RemoveAt(IndexOf(number));
        }

        return version.Entry is not null;
    }

    private ushort FreeNumber()
    {
        if (known.Count == ushort.MaxValue - 1)
        {
            throw new InvalidOperationException($"devices still speak of {known.Count} versions of it");
        }

        do
        {
            last = last == ushort.MaxValue ? (ushort)1 : (ushort)(last + 1);
        }
        while (IndexOf(last) >= 0);

        return last;
    }

    private int IndexOf(ushort number) => known.FindIndex(version => version.Number == number);

    /// <param name="Number">Its number.</param>
    /// <param name="Identity">What devices call it.</param>
    /// <param name="Entry">What manifests say of it; null for one that is only spoken of.</param>
    /// <param name="Speakers">How many devices speak of it.</param>
    /// <param name="Members">How many devices are given it.</param>
    private readonly record struct Version(ushort Number, ScoreIdentity Identity, ManifestEntry? Entry, int Speakers, int Members);
}
