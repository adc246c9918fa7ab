using Harmony.Fleet.Core.Aggregation;

namespace Harmony.Fleet.Core.Desired;

/// <summary>
/// The versions of one deployment by small numbers: the one that its manifests name, and older ones for as long as a device speaks of them. Only the
/// operator makes versions, so that what devices make up costs nothing here.
/// </summary>
internal sealed class Versions
{
    /// <summary>The number of no version.</summary>
    public const int None = 0;

    private readonly List<(int Number, ScoreIdentity Identity, int Speakers)> known = new(1);
    private int last;

    public Versions(ScoreIdentity current) => Name(current);

    /// <summary>The one that manifests name.</summary>
    public int Current { get; private set; }

    /// <summary>The number of <paramref name="identity"/>; <see cref="None"/> for an unknown one.</summary>
    public int NumberOf(ScoreIdentity identity) => known.Find(version => version.Identity == identity).Number;

    /// <summary>The identity with a known <paramref name="number"/>.</summary>
    public ScoreIdentity IdentityOf(int number) => known[IndexOf(number)].Identity;

    /// <summary>Manifests name <paramref name="identity"/> from now on.</summary>
    public void Name(ScoreIdentity identity)
    {
        var before = Current;
        Current = NumberOf(identity);
        if (Current == None)
        {
            Current = ++last;
            known.Add((Current, identity, 0));
        }

        Forget(before);
    }

    /// <summary>A device speaks of <paramref name="next"/>, and no more of <paramref name="before"/>; either may be <see cref="None"/>.</summary>
    public void Move(int before, int next)
    {
        Count(next, 1);
        Count(before, -1);
        Forget(before);
    }

    private void Count(int number, int more)
    {
        if (number != None)
        {
            var index = IndexOf(number);
            known[index] = known[index] with { Speakers = known[index].Speakers + more };
        }
    }

    private void Forget(int number)
    {
        if (number != None && number != Current && IndexOf(number) is var index && known[index].Speakers == 0)
        {
            known.RemoveAt(index);
        }
    }

    private int IndexOf(int number) => known.FindIndex(version => version.Number == number);
}
