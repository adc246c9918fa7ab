namespace Harmony.Fleet.Tests.Harness.Bus;

/// <summary>Writes that were told to have failed and lie on their way, as in a server that hangs.</summary>
public sealed class HeldWrites(FakeBroker broker) : IDisposable
{
    private readonly List<Action> writes = [];

    /// <summary>They arrive now, one after another, each as it was sent.</summary>
    /// <returns>How many there were.</returns>
    public int Release()
    {
        lock (broker.Gate)
        {
            writes.ForEach(write => write());
            return writes.Count;
        }
    }

    /// <summary>Later writes arrive at once again.</summary>
    public void Dispose() => broker.Held = null;

    internal void Add(Action write) => writes.Add(write);
}
