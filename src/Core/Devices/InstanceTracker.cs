namespace Harmony.Fleet.Core.Devices;

/// <summary>
/// Notices two running agents with one identity, for example a cloned SD card. A new instance that follows an old one is a restart;
/// an old one that speaks again after it was followed is a second agent. Only one ordered stream of messages may be given to it.
/// </summary>
public struct InstanceTracker
{
    private Fingerprint present;
    private Fingerprint previous;
    private long alternated;

    /// <summary>Whether two agents speak.</summary>
    public readonly bool IsDuplicate => alternated != 0;

    /// <summary>A message of <paramref name="instance"/>.</summary>
    /// <param name="instance">Which run of an agent.</param>
    /// <param name="now">The time.</param>
    /// <param name="quiet">How long one instance alone must have spoken before the other one counts as gone.</param>
    /// <returns>Whether <see cref="IsDuplicate"/> changed.</returns>
    public bool Saw(string instance, DateTimeOffset now, TimeSpan quiet)
    {
        var (before, said) = (IsDuplicate, Fingerprint.Of(instance));
        if (said != present)
        {
            alternated = said == previous ? now.UtcTicks : alternated;
            (previous, present) = (present, said);
        }
        else if (IsDuplicate && now.UtcTicks - alternated > quiet.Ticks)
        {
            (alternated, previous) = (0, Fingerprint.None);
        }

        return before != IsDuplicate;
    }
}
