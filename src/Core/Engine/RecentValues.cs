namespace Harmony.Fleet.Core.Engine;

/// <summary>
/// Keeps what is the same in many places once, as far as it recently came by: a fleet has few versions of its agent and few sets of labels, and a
/// hundred thousand devices. It holds a bounded number, whatever devices say.
/// </summary>
/// <typeparam name="T">Of what.</typeparam>
internal sealed class RecentValues<T>
    where T : class
{
    private const int Sets = 1024;
    private const int Places = 4;
    private readonly T?[] values = new T?[Sets * Places];

    /// <summary>A value that equals <paramref name="value"/>, and is it where none came by.</summary>
    public T Share(T value)
    {
        var places = values.AsSpan((int)((uint)value.GetHashCode() % Sets) * Places, Places);
        var at = 0;
        while (at < Places - 1 && !value.Equals(places[at]))
        {
            at++;
        }

        // The newest one comes first: what did not come by for longest makes room.
        var shared = places[at] is { } known && known.Equals(value) ? known : value;
        places[..at].CopyTo(places[1..]);
        return places[0] = shared;
    }
}
