namespace Harmony.Fleet.Core.Engine;

/// <summary>
/// Keeps what is the same in many places once, as far as it recently came by: a fleet has few versions of its agent and few sets of labels, and a
/// hundred thousand devices. It holds a bounded number, whatever devices say.
/// </summary>
/// <typeparam name="T">Of what.</typeparam>
internal sealed class RecentValues<T>
    where T : class
{
    private const int Size = 4096;
    private readonly T?[] values = new T?[Size];

    /// <summary>A value that equals <paramref name="value"/>, and is it where none came by.</summary>
    public T Share(T value)
    {
        ref var place = ref values[(uint)value.GetHashCode() % Size];
        return place is not null && place.Equals(value) ? place : place = value;
    }
}
