using Harmony.Fleet.Deploy.Outcomes;

namespace Harmony.Fleet.Deploy.Topologies;

/// <summary>A place whose processes can listen.</summary>
public interface IHasPorts
{
    /// <summary>The TCP port for <paramref name="use"/>: the same one each time, as long as nobody else took it.</summary>
    /// <param name="use">What for, for example <c>nats</c>.</param>
    /// <param name="wanted">This one and no other; null for any.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    Task<Attempt<int>> PortAsync(string use, int? wanted, CancellationToken cancellationToken);
}
