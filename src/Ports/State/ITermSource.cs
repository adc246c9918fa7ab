namespace Harmony.Fleet.Ports.State;

/// <summary>Leadership terms (design D3): each leadership has a term larger than any before.</summary>
public interface ITermSource
{
    /// <summary>Begins a leadership: the next term, stored durably before it is returned.</summary>
    Task<long> NextTermAsync(CancellationToken cancellationToken);
}
