namespace Harmony.Fleet.Core.Devices;

/// <summary>
/// Notices two running agents with one identity, for example a cloned SD card. A new instance that follows an old one is a restart;
/// an old one that speaks again after it was followed is a second agent. Only one ordered stream of messages may be given to it.
/// </summary>
public sealed class InstanceTracker
{
    private readonly TimeSpan quiet;
    private string? present;
    private string? previous;
    private DateTimeOffset? alternated;

    /// <summary>A tracker of one device.</summary>
    /// <param name="quiet">How long one instance alone must have spoken before the other one counts as gone.</param>
    public InstanceTracker(TimeSpan quiet) => this.quiet = quiet;

    /// <summary>Whether two agents speak.</summary>
    public bool IsDuplicate => alternated is not null;

    /// <summary>A message of <paramref name="instance"/>.</summary>
    /// <returns>Whether <see cref="IsDuplicate"/> changed.</returns>
    public bool Saw(string instance, DateTimeOffset now)
    {
        var before = IsDuplicate;
        if (!string.Equals(instance, present, StringComparison.Ordinal))
        {
            alternated = string.Equals(instance, previous, StringComparison.Ordinal) ? now : alternated;
            (previous, present) = (present, instance);
        }
        else if (alternated is { } last && now - last > quiet)
        {
            (alternated, previous) = (null, null);
        }

        return before != IsDuplicate;
    }
}
