namespace Harmony.Fleet.Deploy.Topologies;

/// <summary>How this machine is used.</summary>
public sealed record LocalMachineOptions
{
    /// <summary>The folder that holds everything: absolute.</summary>
    public required string DataFolder { get; init; }

    /// <summary>The folder that this program runs from: the fleet's other programs are beside it.</summary>
    public required string BaseFolder { get; init; }

    /// <summary>The repository's folder, whose <c>eng/</c> sets up what is missing; null where there is none.</summary>
    public string? Home { get; init; }

    /// <summary>Spreads restarts.</summary>
    public required Random Random { get; init; }

    /// <summary>Told what happens to processes, in sentences.</summary>
    public required Action<string> Say { get; init; }
}
