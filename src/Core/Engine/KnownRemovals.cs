using Harmony.Fleet.Contracts.Names;

namespace Harmony.Fleet.Core.Engine;

/// <summary>
/// The Deployments that are known to have been removed by intent, each with its uid: a device may say another's uid under any name. What nothing asked for within an hour or two
/// is let go, so that it does not grow with all that ever was: where something names it all the same, the store is asked, as by an operator that begins.
/// </summary>
internal sealed class KnownRemovals
{
    private static readonly TimeSpan Kept = TimeSpan.FromHours(1);
    private HashSet<(DeploymentKey Key, string Uid)> recent = [];
    private HashSet<(DeploymentKey Key, string Uid)> before = [];
    private DateTimeOffset turns;

    /// <summary>How many are held.</summary>
    public int Count => recent.Count + before.Count;

    /// <summary>It was removed by intent.</summary>
    public void Add(DeploymentKey key, string uid, DateTimeOffset now)
    {
        Turn(now);
        recent.Add((key, uid));
        before.Remove((key, uid));
    }

    /// <summary>Whether it is known to have been removed; then it is for longer.</summary>
    public bool Contains(DeploymentKey key, string uid, DateTimeOffset now)
    {
        Turn(now);
        if (before.Remove((key, uid)))
        {
            recent.Add((key, uid));
        }

        return recent.Contains((key, uid));
    }

    private void Turn(DateTimeOffset now)
    {
        if (now >= turns)
        {
            (before, recent, turns) = (now >= turns + Kept ? [] : recent, [], now + Kept);
        }
    }
}
