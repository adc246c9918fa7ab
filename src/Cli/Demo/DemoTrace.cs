using Harmony.Fleet.Core.Outcomes;

namespace Harmony.Fleet.Cli.Demo;

/// <summary>
/// What an apply would leave behind on its way from the store to the container. Each write to the store is another version, and each manifest
/// that is put on the bus another revision, also where it says the same: where none of it moved, nothing was sent.
/// </summary>
/// <param name="Version">The resource version of the deployment.</param>
/// <param name="Generation">Its generation.</param>
/// <param name="Manifest">The revision of the device's manifest in its bucket.</param>
/// <param name="Container">The container's id.</param>
/// <param name="Started">When it was started last, as podman says.</param>
internal sealed record DemoTrace(string Version, long Generation, ulong Manifest, string Container, DateTimeOffset? Started)
{
    /// <summary>Short, for people.</summary>
    public override string ToString() => $"generation {Generation}, manifest revision {Manifest}, container {ShortId}";

    private string ShortId => Container.Length > 12 ? Container[..12] : Container;

    /// <summary>What moved between <paramref name="before"/> and this, where it should not have; null where nothing did.</summary>
    public Fault? Since(DemoTrace before) =>
        Container != before.Container ? Moved($"the container {before.ShortId} was replaced by {ShortId}")
        : Started != before.Started ? Moved($"the container {ShortId} was started again")
        : Manifest != before.Manifest ? Moved($"the device was sent another manifest (revision {before.Manifest}, then {Manifest})")
        : Generation != before.Generation ? Moved($"generation {before.Generation} became {Generation}")
        : null;

    private static Fault Moved(string what) => Fault.Permanent($"{what}, though nothing had changed");
}
